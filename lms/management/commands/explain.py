"""What is missing for the qualification, and why."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.shared import clock
from lms.reporting.queries.explanation import explanation, find_adviser


class Command(BaseCommand):
    help = "What one adviser still needs, in training and for the certification."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--adviser", required=True, help="number, account id or login")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        adviser = find_adviser(options["adviser"])
        if adviser is None:
            raise CommandError(f"Conseiller inconnu : {options['adviser']} (unknown adviser).")
        report = explanation(adviser, today=clock.today())
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(f"{adviser} (n° {adviser.number}) : {report['label']}")
        for path in report["training"]:
            for module in path["modules"]:
                for lack in module["missing"]:
                    self.stdout.write(f"- {module['module']} : {lack['reason']}")
        for reason in report["missing"]:
            self.stdout.write(f"- {reason}")
