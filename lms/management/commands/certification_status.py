"""Where one adviser stands, at a date and as known at an instant, with the evidence and the rule behind it."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.shared import clock
from lms.reporting.queries.explanation import find_adviser, status_report
from lms.reporting.rules import parse_instant


class Command(BaseCommand):
    help = "The certification status of one adviser, and what it rests on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--adviser", required=True, help="number, account id or login")
        parser.add_argument("--as-of", type=date.fromisoformat, help="day, 2026-03-12 (today)")
        parser.add_argument("--known-at", type=parse_instant, help="instant with its zone, or a day (now)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        adviser = find_adviser(options["adviser"])
        if adviser is None:
            raise CommandError(f"Conseiller inconnu : {options['adviser']} (unknown adviser).")
        report = status_report(adviser, as_of=options["as_of"] or clock.today(), known_at=options["known_at"])
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(f"{adviser} (n° {adviser.number}) : {report['label']}")
        for part in report["parts"]:
            self.stdout.write(f"- {part['reason']}")
