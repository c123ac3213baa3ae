"""Adding, changing, stopping and starting an external store."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from courses import audit
from courses.audit.services import record_system
from courses.people.models import Organisation, User
from courses.xapi.forwarding import queries, rules, secret_files
from courses.xapi.forwarding.errors import ExternalStoreError
from courses.xapi.models import ExternalStore

MAX_SECRET = 500


@transaction.atomic
def create_external_store(
    *,
    code: str,
    name: str,
    endpoint: str,
    key: str,
    secret: str,
    organisation: Organisation | None,
    actor: User | None,
    at: datetime,
    verbs: Iterable[str] = (),
    classes: Iterable[str] = (),
    from_start: bool = True,
) -> ExternalStore:
    """Declare where statements go; `from_start` sends those already kept as well. No actor: the command line."""
    store = ExternalStore(
        code=code,
        organisation_id=organisation.pk if organisation else None,
        cursor=0 if from_start else queries.head(),
    )
    _describe(store, name, endpoint, key, verbs, classes)
    if not secret:
        raise ExternalStoreError("Le secret est obligatoire.", field="secret")
    _check_secret(secret)
    if ExternalStore.objects.filter(code=code).exists():
        raise ExternalStoreError("Un autre magasin porte déjà ce nom court.", field="code")
    _validate(store)
    store.save(force_insert=True)
    _record("xapi.store.create", store, actor, at)
    secret_files.write(store.code, secret)
    return store


@transaction.atomic
def update_external_store(
    *,
    store_id: int,
    name: str,
    endpoint: str,
    key: str,
    actor: User | None,
    at: datetime,
    verbs: Iterable[str] = (),
    classes: Iterable[str] = (),
    secret: str = "",
) -> ExternalStore:
    """Change what a store is called, where it is or what it receives; an empty secret keeps the one it has.

    A new address or identifier asks for the secret again: a secret must not follow an address that its owner did not
    choose. What was passed over under the former filter is not looked at again.
    """
    store = ExternalStore.objects.select_for_update(of=("self",)).get(pk=store_id)
    before = (store.endpoint, store.key)
    _describe(store, name, endpoint, key, verbs, classes)
    if before != (store.endpoint, store.key) and not secret:
        raise ExternalStoreError(
            "L’adresse ou l’identifiant change : saisissez de nouveau le secret.", field="secret"
        )
    _check_secret(secret)
    _validate(store)
    store.next_try_at = None  # what was mended is tried at once
    store.save(update_fields=["name", "endpoint", "key", "verbs", "classes", "next_try_at"])
    _record("xapi.store.update", store, actor, at)
    if secret:
        secret_files.write(store.code, secret)
    return store


@transaction.atomic
def set_active(*, store_id: int, active: bool, actor: User | None, at: datetime) -> ExternalStore:
    """Stop or start; a store that starts again resumes where it was. Doing it twice changes nothing."""
    store = ExternalStore.objects.select_for_update(of=("self",)).get(pk=store_id)
    if store.active != active:
        store.active, store.failures, store.next_try_at = active, 0, None
        store.save(update_fields=["active", "failures", "next_try_at"])
        _record("xapi.store.start" if active else "xapi.store.stop", store, actor, at)
    return store


def _describe(
    store: ExternalStore, name: str, endpoint: str, key: str, verbs: Iterable[str], classes: Iterable[str]
) -> None:
    store.name, store.key = name.strip(), key.strip()
    store.endpoint = rules.endpoint(endpoint, only_https=settings.LMS_MODE == "production")
    store.verbs, store.classes = rules.verb_lines(verbs), rules.class_words(classes)


def _check_secret(secret: str) -> None:
    if len(secret) > MAX_SECRET or not all(sign.isprintable() for sign in secret):
        raise ExternalStoreError("Le secret est illisible ou trop long.", field="secret")


def _validate(store: ExternalStore) -> None:
    """The endpoint has its own rule: Django’s would refuse a machine named in one word."""
    if ":" in store.key:
        raise ExternalStoreError("L’identifiant ne contient pas de deux-points.", field="key")
    try:
        store.full_clean(exclude=["endpoint", "organisation", "next_try_at", "last_sent_at"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise ExternalStoreError(messages[0], field=None if field == "__all__" else field) from error


def _record(action: str, store: ExternalStore, actor: User | None, at: datetime) -> None:
    if actor is None:
        record_system(action, object_type="courses.externalstore", object_id=str(store.pk), at=at)
        return
    after: dict[str, Any] = {"organisation": store.organisation_id, "active": store.active}
    audit.record(action, actor=actor, target=store, at=at, after=after)
