"""The audit chains from genesis; with --head, that a published head is a prefix of the present log."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import api as courses


class Command(BaseCommand):
    help = "Walks every chain and every seal; exits 1 at the first thing that does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", type=Path, help="what export_audit_head gave")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        breaches = courses.verify_audit(_head(options["head"]) if options["head"] else None)
        chains = courses.heads()
        if options["json"]:
            answer = {
                "ok": not breaches,
                "chains": chains,
                "breaches": [asdict(breach) for breach in breaches],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for name, head in chains.items():
                self.stdout.write(f"{name}: {head['sequence']} rows, {head['hash'] or '—'}")
            for breach in breaches:
                place = f"{breach.chain} {breach.sequence}: " if breach.chain else ""
                self.stdout.write(f"BREACH {place}{breach.message} {breach.object}".rstrip())
            if not breaches:
                self.stdout.write("The trail holds.")
        if breaches:
            raise SystemExit(1)


def _head(path: Path) -> Mapping[str, Mapping[str, str | int]]:
    """A head file: for each chain, a sequence and a hash."""
    try:
        head = json.loads(path.read_text())
        for chain, past in head.items():
            if set(past) != {"sequence", "hash"} or not isinstance(past["sequence"], int):
                raise ValueError(chain)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise CommandError(f"Tête d’audit illisible : {path} (unreadable audit head).") from error
    if unknown := set(head) - set(courses.Chain.values):
        raise CommandError(f"Chaîne d’audit inconnue : {', '.join(sorted(unknown))} (unknown chain).")
    return head
