"""Who calls: one hash, compared in constant time, remembered for seconds."""

import hmac
import time
from dataclasses import dataclass
from datetime import datetime

from courses.shared import canonical
from courses.xapi.enums import Scope
from courses.xapi.errors import CredentialError, ScopeError
from courses.xapi.memory import Memory
from courses.xapi.models import LrsKey

_NOBODY = canonical.sha256("no such key")
# A key revoked by another process is refused at most that late (INV-38 allows sixty seconds).
_SECONDS = 5.0
_kept: Memory[str, tuple[float, LrsKey]] = Memory(10_000)


def forget() -> None:
    """Ask the database again for every key: called when one is revoked here."""
    _kept.clear()


def credential(*, key: str, secret: str, at: datetime) -> LrsKey:
    """The live key that owns this secret, or CredentialError."""
    given = canonical.sha256(secret)
    memory = f"{key}\n{given}"
    kept = _kept.get(memory)
    if kept is not None and kept[0] > time.monotonic():
        found: LrsKey | None = kept[1]
    else:
        found = LrsKey.objects.filter(key=key).first()
        if not hmac.compare_digest(given, found.secret_hash if found else _NOBODY):
            found = None
        if found is not None:
            _kept.keep({memory: (time.monotonic() + _SECONDS, found)})
    if found is None or found.revoked_at or (found.expires_at and found.expires_at <= at):
        raise CredentialError("Clé inconnue, expirée ou révoquée. / Unknown, expired or revoked key.")
    return found


@dataclass(frozen=True)
class Sight:
    """What a key may read: its organisation’s statements, or only its own (INV-11)."""

    organisation_id: int
    credential_id: int | None


def sight(credential: LrsKey) -> Sight:
    """ScopeError for a key that reads nothing."""
    scopes = set(credential.scopes.split())
    if scopes & {Scope.ALL.value, Scope.STATEMENTS_READ.value}:
        return Sight(credential.organisation_id, None)
    if Scope.STATEMENTS_READ_MINE.value in scopes:
        return Sight(credential.organisation_id, credential.pk)
    raise ScopeError("Cette clé ne lit pas les traces. / Scope missing.")
