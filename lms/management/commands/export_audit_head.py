"""The present head of each audit chain: keep it elsewhere, and `verify_audit --head` proves the log still holds it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses import api as courses
from lms.reporting.rules import parse_instant


class Command(BaseCommand):
    help = "Prints the heads as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--known-at", type=parse_instant, help="the heads of a past instant")
        parser.add_argument("--json", action="store_true", help="(always JSON)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(courses.heads(options["known_at"]), indent=2, sort_keys=True))
