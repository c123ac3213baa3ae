"""The stores of other systems that receive our statements: add, list, enable, disable."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.api import EvidenceClass, create_external_store, set_external_store_active
from courses.models import ExternalStore, Organisation
from courses.shared import clock
from courses.shared.errors import DomainError


class Command(BaseCommand):
    help = "Adds, lists, enables and disables the external stores to which statements are forwarded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        acts = parser.add_subparsers(dest="act", required=True, metavar="add|list|enable|disable")
        add = acts.add_parser("add", help="A new store; its secret is read from a file.")
        add.add_argument("--code", required=True)
        add.add_argument("--name", required=True)
        add.add_argument("--endpoint", required=True, metavar="URL")
        add.add_argument("--key", required=True)
        add.add_argument("--secret-file", required=True, type=Path, metavar="FILE")
        add.add_argument("--organisation", metavar="ID", help="public identifier or number (default: all)")
        add.add_argument("--verb", nargs="+", action="extend", metavar="IRI", default=[], help="default: all")
        add.add_argument(
            "--class", nargs="+", action="extend", metavar="E1", default=[], dest="classes",
            choices=EvidenceClass.values, help="default: all",
        )  # fmt: skip
        add.add_argument("--from-now", action="store_true", help="leave out what is already stored")
        enable = acts.add_parser("enable", help="Resumes where it stopped.")
        disable = acts.add_parser("disable", help="Nothing leaves any more.")
        for act in (enable, disable):
            act.add_argument("code")
        for act in (add, acts.add_parser("list", help="Every store and where it stands."), enable, disable):
            act.add_argument("--json", action="store_true", default=False, dest="json_too")

    def handle(self, *args: Any, **options: Any) -> None:
        options["json"] = options["json"] or options["json_too"]
        try:
            getattr(self, f"_{options['act']}")(options)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        try:
            secret = options["secret_file"].read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError("Le fichier du secret est illisible.") from error
        store = create_external_store(
            code=options["code"],
            name=options["name"],
            endpoint=options["endpoint"],
            key=options["key"],
            secret=secret,
            organisation=_organisation(options["organisation"]) if options["organisation"] else None,
            verbs=options["verb"],
            classes=options["classes"],
            from_start=not options["from_now"],
            actor=None,
            at=clock.now(),
        )
        self._tell(_row(store), options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = [
            _row(store) for store in ExternalStore.objects.select_related("organisation").order_by("code")
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        else:
            for row in rows:
                self._tell(row, options)

    def _enable(self, options: dict[str, Any]) -> None:
        self._set(options, active=True)

    def _disable(self, options: dict[str, Any]) -> None:
        self._set(options, active=False)

    def _set(self, options: dict[str, Any], *, active: bool) -> None:
        store = ExternalStore.objects.filter(code=options["code"]).first()
        if store is None:
            raise CommandError("Ce magasin n’existe pas.")
        changed = set_external_store_active(store_id=store.pk, active=active, actor=None, at=clock.now())
        self._tell(_row(changed), options)

    def _tell(self, row: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(row, ensure_ascii=False))
        else:
            self.stdout.write("  ".join(f"{name}={value}" for name, value in row.items()))


def _row(store: ExternalStore) -> dict[str, Any]:
    return {
        "code": store.code,
        "name": store.name,
        "endpoint": store.endpoint,
        "organisation": str(store.organisation.public_id) if store.organisation else None,
        "verbs": store.verbs.split(),
        "classes": store.classes.split(),
        "active": store.active,
        "cursor": store.cursor,
        "failures": store.failures,
        "next_try_at": store.next_try_at.isoformat() if store.next_try_at else None,
        "last_sent_at": store.last_sent_at.isoformat() if store.last_sent_at else None,
        "last_error": store.last_error,
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
