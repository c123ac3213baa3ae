"""The demonstration: a coherent world, made through the services."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.shared import clock
from lms.operations.seed import AlreadySeeded, seed

MAIN_ROLES = 24


class Command(BaseCommand):
    help = "Loads the demonstration into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--advisers", type=int, default=24)
        parser.add_argument("--organisations", type=int, default=2)
        parser.add_argument("--statements", type=int, default=0)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--day", type=date.fromisoformat, help="The day the demonstration is lived on (today)."
        )
        parser.add_argument("--once", action="store_true", help="Do nothing when there are accounts already.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["advisers"] < 1 or options["organisations"] < 1:
            raise CommandError("At least one adviser and one organisation.")
        try:
            world = seed(
                advisers=options["advisers"],
                organisations=options["organisations"],
                statements=options["statements"],
                number=options["seed"],
                day=options["day"] or clock.today(),
            )
        except AlreadySeeded as news:
            if options["once"]:
                return
            raise CommandError(
                "This database already has accounts: the demonstration wants an empty one."
            ) from news
        path = settings.LMS_VAR_DIR / "demo_accounts.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(world["accounts"], ensure_ascii=False))
        if options["json"]:
            self.stdout.write(json.dumps(world, ensure_ascii=False))
        else:
            self.stdout.write(f"{len(world['advisers'])} advisers, {len(world['accounts'])} accounts")
