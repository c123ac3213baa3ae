"""The keys with which other systems write to the record store."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from courses import audit
from courses.people.models import Organisation, User
from courses.shared import canonical

from .enums import Scope
from .errors import UnknownScopeError
from .models import LrsKey
from .queries import credentials


@transaction.atomic
def create_lrs_key(
    *,
    organisation: Organisation,
    scopes: Iterable[str],
    actor: User | None,
    at: datetime,
    lifetime: timedelta | None = None,
    name: str = "",
) -> tuple[LrsKey, str]:
    """A new key and its secret, which is shown once and kept only as a hash. No actor: the command line."""
    wanted = sorted({str(scope) for scope in scopes}) or [Scope.STATEMENTS_WRITE.value]
    if unknown := set(wanted) - set(Scope.values):
        raise UnknownScopeError(f"Portée inconnue : {', '.join(sorted(unknown))}.", field="scope")
    secret = secrets.token_urlsafe(32)
    key = LrsKey.objects.create(
        key=secrets.token_hex(12),
        name=name,
        secret_hash=canonical.sha256(secret),
        organisation_id=organisation.pk,
        scopes=" ".join(wanted),
        created_at=at,
        expires_at=at + lifetime if lifetime else None,
    )
    _record("xapi.key.create", key, actor, at)
    return key, secret


@transaction.atomic
def revoke_lrs_key(*, key: LrsKey, actor: User | None, at: datetime) -> LrsKey:
    """Close a key at once; revoking twice changes nothing."""
    locked = LrsKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if locked.revoked_at is None:
        locked.revoked_at = at
        locked.save(update_fields=["revoked_at"])
        transaction.on_commit(credentials.forget)
        _record("xapi.key.revoke", locked, actor, at)
    return locked


def _record(action: str, key: LrsKey, actor: User | None, at: datetime) -> None:
    if actor is None:
        audit.record_system(action, object_type="courses.lrskey", object_id=str(key.pk), at=at)
    else:
        after = {"organisation": key.organisation_id, "scopes": key.scopes}
        audit.record(action, actor=actor, target=key, at=at, after=after)
