"""Keys of the record store: create, list, revoke."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.api import Scope, create_lrs_key, revoke_lrs_key
from courses.models import LrsKey, Organisation
from courses.shared import clock
from courses.shared.errors import DomainError


class Command(BaseCommand):
    help = "Creates, lists and revokes the keys with which other systems write to the record store."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        acts = parser.add_subparsers(dest="act", required=True, metavar="create|list|revoke")
        create = acts.add_parser("create", help="A new key; its secret is shown once.")
        create.add_argument("--organisation", required=True, metavar="ID", help="public identifier or number")
        create.add_argument(
            "--scope", nargs="+", action="extend", metavar="S", choices=Scope.values, default=[],
            help=f"among {', '.join(Scope.values)} (default: statements/write)",
        )  # fmt: skip
        create.add_argument("--json", action="store_true", default=False, dest="json_too")
        listing = acts.add_parser("list", help="Every key, without its secret.")
        listing.add_argument("--json", action="store_true", default=False, dest="json_too")
        revoke = acts.add_parser("revoke", help="Closes a key at once.")
        revoke.add_argument("key")
        revoke.add_argument("--json", action="store_true", default=False, dest="json_too")

    def handle(self, *args: Any, **options: Any) -> None:
        options["json"] = options["json"] or options["json_too"]
        getattr(self, f"_{options['act']}")(options)

    def _create(self, options: dict[str, Any]) -> None:
        organisation = _organisation(options["organisation"])
        try:
            key, secret = create_lrs_key(
                organisation=organisation, scopes=options["scope"], actor=None, at=clock.now()
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell({**_row(key), "secret": secret}, options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = [_row(key) for key in LrsKey.objects.select_related("organisation").order_by("pk")]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        else:
            for row in rows:
                self._tell(row, options)

    def _revoke(self, options: dict[str, Any]) -> None:
        key = LrsKey.objects.filter(key=options["key"]).first()
        if key is None:
            raise CommandError("Cette clé n’existe pas.")
        self._tell(_row(revoke_lrs_key(key=key, actor=None, at=clock.now())), options)

    def _tell(self, row: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(row, ensure_ascii=False))
        else:
            self.stdout.write("  ".join(f"{name}={value}" for name, value in row.items()))


def _row(key: LrsKey) -> dict[str, Any]:
    return {
        "key": key.key,
        "scopes": key.scopes.split(),
        "organisation": str(key.organisation.public_id),
        "revoked": key.revoked_at is not None,
        "last_used_on": key.last_used_on.isoformat() if key.last_used_on else None,
    }


def _organisation(given: str) -> Organisation:
    try:
        wanted = {"public_id": UUID(given)}
    except ValueError:
        if not given.isdigit():
            raise CommandError("Un identifiant d’organisation est attendu.") from None
        wanted = {"pk": int(given)}  # type: ignore[dict-item]
    if organisation := Organisation.objects.filter(**wanted).first():
        return organisation
    raise CommandError("Cette organisation n’existe pas.")
