"""Rebuild every projection from statements, sheets and decisions alone, and compare or repair."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses import api as courses
from courses.shared import clock


class Command(BaseCommand):
    help = "--check compares and writes nothing; --apply repairs."

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument("--check", action="store_true")
        choice.add_argument("--apply", action="store_true")
        parser.add_argument(
            "--reason", default="", help="deletes evidence that no source explains, and is audited"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = courses.rebuild(check=options["check"], at=clock.now(), reason=options["reason"])
        if options["json"]:
            answer = {"hash": report.hash, "rows": report.rows, "differences": list(report.differences)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for difference in report.differences:
                self.stdout.write(difference)
            self.stdout.write(
                f"{report.rows} rows, {len(report.differences)} difference(s), hash {report.hash}"
            )
        if options["check"] and report.differences:
            raise SystemExit(1)
