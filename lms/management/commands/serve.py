"""Serve the site and do background work until stopped."""

import json
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from courses.shared.walls import stand_or_stop
from lms.operations.serve import Supervisor, web_command, worker_command


class Command(BaseCommand):
    help = "Serves the site, the content origin and the embedded worker until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="First migrate what is pending and load the demo once."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"]:
            self._prepare()
        stand_or_stop()
        var = settings.LMS_VAR_DIR
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        self._print_accounts()
        commands = {"web": web_command(settings.LMS_PORT), "worker": worker_command(var)}
        self.stdout.write(f"\n  → {settings.LMS_PUBLIC_URL}  (Ctrl+C to stop)\n\n")
        self.stdout.flush()
        Supervisor(commands, self.stdout.write).run()

    def _prepare(self) -> None:
        """One process for all of it: each start of Python would cost seconds."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database (a minute or so)…")
            self.stdout.flush()
            call_command("migrate", verbosity=0)
        call_command("load_reference", stdout=StringIO())
        call_command("seed_demo", once=True, stdout=self.stdout)
        self.stdout.flush()
        connection.close()

    def _print_accounts(self) -> None:
        """The demo’s accounts, when the demo was loaded here."""
        accounts = settings.LMS_VAR_DIR / "demo_accounts.json"
        if not accounts.exists():
            return
        known = json.loads(accounts.read_text())
        first = [account for account in known if not account["login"][-1].isdigit()]
        self.stdout.write(f"\nDemo accounts (all fictional), password {known[0]['password']}:\n")
        for account in first:
            self.stdout.write(f"  {account['login']:16} {account['label']}")
        self.stdout.write(f"  and {len(known) - len(first)} more: conseiller2, conseiller3, jury2…")
