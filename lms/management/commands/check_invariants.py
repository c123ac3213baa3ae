"""Every invariant of the house on live data; exit 1 names the breach and the object."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms.operations.invariants import check_all


class Command(BaseCommand):
    help = "Checks every invariant, read-only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        results = sorted(check_all(), key=lambda result: result.id)
        if options["json"]:
            self.stdout.write(json.dumps([result.as_dict() for result in results], ensure_ascii=False))
        else:
            for result in results:
                mark = "ok " if result.ok else "NOT"
                self.stdout.write(f"{mark} {result.id} {result.title} ({result.checked})")
                for breach in result.breaches[:10]:
                    self.stdout.write(f"      {breach}")
        if any(not result.ok for result in results):
            raise SystemExit(1)
