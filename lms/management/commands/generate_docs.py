"""The generated pages of the documentation, written or checked."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lms.operations import documentation, xapi_guide

FOLDERS = {"generated": documentation.pages, "xapi": xapi_guide.pages}


class Command(BaseCommand):
    help = "Writes docs/generated and docs/xapi; --check writes nothing and exits 1 when a page is stale."
    # Reads the code only: a checkout without a database can write its documentation.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        docs, stale = Path(settings.LMS_SOURCE_DIR) / "docs", False
        for name, pages in FOLDERS.items():
            if options["check"]:
                for page in documentation.stale(docs / name, pages()):
                    self.stderr.write(f"docs/{name}/{page} is stale: run make docs.")
                    stale = True
            else:
                changed = documentation.write(docs / name, pages())
                self.stdout.write(f"docs/{name}: {', '.join(changed) or 'nothing to change'}")
        if stale:
            raise SystemExit(1)
