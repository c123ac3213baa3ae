"""The generated pages of the documentation, written or checked."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lms.operations import documentation


class Command(BaseCommand):
    help = "Writes docs/generated; --check writes nothing and exits 1 when a page is stale."
    # Reads the code only: a checkout without a database can write its documentation.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LMS_SOURCE_DIR) / "docs" / "generated"
        if not options["check"]:
            changed = documentation.write(folder)
            self.stdout.write(f"docs/generated: {', '.join(changed) or 'nothing to change'}")
        elif names := documentation.stale(folder):
            for name in names:
                self.stderr.write(f"docs/generated/{name} is stale: run make docs.")
            raise SystemExit(1)
