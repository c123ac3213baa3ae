"""Where the work to do stands: posted, sent, late, dead."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses import api as courses
from courses.shared import clock


class Command(BaseCommand):
    help = "Counts the outbox; --resend gives dead letters a new life."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--resend", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        resent = courses.resend(now=now) if options["resend"] else 0
        counts = {**courses.reconcile(now=now), "resent": resent}
        self.stdout.write(
            json.dumps(counts) if options["json"] else " · ".join(f"{k} {v}" for k, v in counts.items())
        )
        if counts["late"] or counts["dead"]:
            raise SystemExit(1)
