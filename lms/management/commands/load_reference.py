"""Load what is true before anybody acts: départements, qualifications, rules. A second run changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from certification import api as certification
from courses import api as courses


class Command(BaseCommand):
    help = "Loads départements, qualifications and rules."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        count = courses.load_departements()
        titles, rules = certification.load_qualifications(), certification.load_rules()
        self.stdout.write(f"{count} départements, {titles} certifications, {rules} versions des règles")
