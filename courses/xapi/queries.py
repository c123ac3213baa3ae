"""Reading traces: the stored text, never decoded."""

import hmac
from datetime import datetime
from uuid import UUID

from courses.shared import canonical

from .enums import Scope
from .errors import CredentialError, ScopeError
from .models import LrsKey, Statement

_NOBODY = canonical.sha256("no such key")


def credential(*, key: str, secret: str, at: datetime) -> LrsKey:
    """The live key that owns this secret, or CredentialError: one hash, compared in constant time."""
    found = LrsKey.objects.filter(key=key).first()
    given = canonical.sha256(secret)
    right = hmac.compare_digest(given, found.secret_hash if found else _NOBODY)
    if not (right and found) or found.revoked_at or (found.expires_at and found.expires_at <= at):
        raise CredentialError("Clé inconnue, expirée ou révoquée. / Unknown, expired or revoked key.")
    return found


def readable_statement(*, uuid: UUID, credential: LrsKey) -> str | None:
    """The raw text of a statement that this key may read, or None: not voided, and in its organisation or its own."""
    scopes = set(credential.scopes.split())
    if not scopes & {Scope.ALL.value, Scope.STATEMENTS_READ.value, Scope.STATEMENTS_READ_MINE.value}:
        raise ScopeError("Cette clé ne lit pas les traces. / Scope missing.")
    statements = Statement.objects.filter(uuid=uuid, voided_at=None, organisation=credential.organisation_id)
    if not scopes & {Scope.ALL.value, Scope.STATEMENTS_READ.value}:
        statements = statements.filter(credential=credential)
    return statements.values_list("raw", flat=True).first()


def consistent_through() -> datetime | None:
    """The last stored instant: everything up to it is visible."""
    return Statement.objects.order_by("-seq").values_list("stored", flat=True).first()
