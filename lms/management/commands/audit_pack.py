"""The audit files at two dates, with their manifest of hashes: equal dates give equal bytes."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.shared import clock
from lms.exchange.packs import make_audit_pack
from lms.reporting.rules import parse_instant


class Command(BaseCommand):
    help = "Writes the audit files into a folder; prints known-at when it was not given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="day, 2026-03-12")
        parser.add_argument("--known-at", type=parse_instant, help="instant with its zone, or a day (now)")
        parser.add_argument("--out", type=Path, required=True, help="an empty or new folder")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        known_at = options["known_at"] or now
        if known_at > now:
            raise CommandError("known-at is in the future: what will be known then cannot be written now.")
        out: Path = options["out"]
        if out.exists() and not out.is_dir():
            raise CommandError(f"{out} is not a folder.")
        report = make_audit_pack(as_of=options["as_of"], known_at=known_at, out=out)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        self.stdout.write(f"as-of    {report.as_of.isoformat()}")
        self.stdout.write(f"known-at {known_at.isoformat()}")
        for file in report.files:
            self.stdout.write(f"{file.sha256}  {file.name} ({file.rows})")
        self.stdout.write(f"{report.manifest_sha256}  manifest.json")
