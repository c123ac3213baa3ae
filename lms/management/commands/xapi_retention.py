"""Erase statements of other systems whose time is over."""

import json
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import api as courses
from courses.shared import clock


class Command(BaseCommand):
    help = "Says how many statements sent by other systems before a day would be erased; --apply erases them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", required=True, help="YYYY-MM-DD, Paris time; the day itself is kept")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--reason", default="", help="the rule that asks for it; goes to the audit trail")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            before = datetime.combine(date.fromisoformat(options["before"]), time.min, tzinfo=clock.PARIS)
        except ValueError as error:
            raise CommandError("--before is a day: YYYY-MM-DD.") from error
        if options["apply"]:
            if not options["reason"].strip():
                raise CommandError("--apply needs a --reason.")
            done = courses.erase_statements(before=before, reason=options["reason"], at=clock.now())
            answer = {"due": done.due, "erased": done.erased}
        else:
            answer = {"due": courses.statements_due(before=before).count(), "erased": 0}
        self.stdout.write(
            json.dumps(answer) if options["json"] else f"{answer['due']} due, {answer['erased']} erased"
        )
