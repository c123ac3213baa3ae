"""Every route: path, methods, name, policy."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms.operations.routes import endpoints


class Command(BaseCommand):
    help = "Lists every route with its policy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = endpoints()
        if options["json"]:
            self.stdout.write(json.dumps([endpoint.as_dict() for endpoint in found], ensure_ascii=False))
            return
        for endpoint in found:
            methods = ",".join(endpoint.methods)
            self.stdout.write(f"{endpoint.path:60} {methods:10} {endpoint.policy:28} {endpoint.name}")
