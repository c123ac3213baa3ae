"""Serve the site and do background work until stopped."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from courses.shared.walls import stand_or_stop
from lms.operations.serve import Supervisor, web_command, worker_command


class Command(BaseCommand):
    help = "Serves the site, the content origin and the embedded worker until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stand_or_stop()
        var = settings.LMS_VAR_DIR
        self._print_accounts()
        commands = {"web": web_command(settings.LMS_PORT), "worker": worker_command(var)}
        self.stdout.write(f"\n  → {settings.LMS_PUBLIC_URL}  (Ctrl+C to stop)\n\n")
        self.stdout.flush()
        Supervisor(commands, self.stdout.write).run()

    def _print_accounts(self) -> None:
        """The demo’s accounts, when the demo was loaded here."""
        accounts = settings.LMS_VAR_DIR / "demo_accounts.json"
        if not accounts.exists():
            return
        self.stdout.write("\nDemo accounts (all fictional):\n")
        for account in json.loads(accounts.read_text()):
            self.stdout.write(f"  {account['login']:28} {account['password']:24} {account['label']}")
