"""Links by which an adviser lets someone read a part of his record, until a day. Only the hash of a link is kept."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from courses.audit import record
from courses.shared.errors import AccessDeniedError, DomainError

from .enums import ShareScope
from .models import Adviser, RecordShare, User

TOKEN_BYTES = 32
LIFETIMES = (7, 30, 90)  # days
MOST_OPEN = 20
# A reading is noted at most once in this while: a page read over and over must not write over and over.
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_share(
    *, adviser: Adviser, label: str, scopes: Iterable[str], days: int, actor: User, at: datetime
) -> tuple[RecordShare, str]:
    """The share, and its token: given here, once."""
    if adviser.user_id != actor.pk:
        raise AccessDeniedError("Seul le conseiller partage son parcours.")
    chosen = set(scopes)
    kept = [scope.value for scope in ShareScope if scope.value in chosen]
    if not kept or chosen - set(kept):
        raise DomainError("Choisissez ce que le lien montrera.", field="scopes")
    if days not in LIFETIMES:
        raise DomainError("Choisissez une durée de 7, 30 ou 90 jours.", field="days")
    if not label.strip():
        raise DomainError("Dites à qui ce lien est destiné.", field="label")
    Adviser.objects.select_for_update(of=("self",)).get(pk=adviser.pk)
    if _open(adviser.shares.all(), at).count() >= MOST_OPEN:
        raise DomainError(
            f"Vous avez déjà {MOST_OPEN} liens ouverts : arrêtez-en un avant d’en créer un autre."
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = RecordShare.objects.create(
        adviser=adviser,
        label=label.strip(),
        scopes=" ".join(kept),
        token_hash=hash_of(token),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    after = {"share": str(share.public_id), "scopes": kept, "days": days}
    record("people.share.create", actor=actor, target=share, at=at, after=after)
    return share, token


@transaction.atomic
def revoke_share(*, share_id: int, actor: User, at: datetime) -> RecordShare:
    """Stop a link at once. Stopped twice, it stays stopped since the first time."""
    share = RecordShare.objects.select_for_update(of=("self",)).select_related("adviser").get(pk=share_id)
    if share.adviser.user_id != actor.pk:
        raise AccessDeniedError("Seul le conseiller arrête un partage de son parcours.")
    if share.revoked_at is None:
        share.revoked_at = at
        share.save(update_fields=["revoked_at"])
        record("people.share.revoke", actor=actor, target=share, at=at, after={"share": str(share.public_id)})
    return share


def share_of(token: str) -> RecordShare | None:
    """The share behind a link, whatever its state: found by hash, so that no comparison tells anything of a token."""
    return RecordShare.objects.filter(token_hash=hash_of(token)).select_related("adviser__user").first()


def is_open(share: RecordShare, at: datetime) -> bool:
    """Neither stopped nor ended."""
    return share.revoked_at is None and share.expires_at > at


def note_reading(share: RecordShare, at: datetime) -> None:
    """Keep when it was last read, to the minute; the database decides, so that two readers write once."""
    if share.last_read_at is not None and at - share.last_read_at < NOTED_EVERY:
        return
    RecordShare.objects.filter(pk=share.pk).filter(
        Q(last_read_at=None) | Q(last_read_at__lte=at - NOTED_EVERY)
    ).update(last_read_at=at)


def shares_visible_to(user: User) -> QuerySet[RecordShare]:
    """One’s own shares, and nobody else’s."""
    return RecordShare.objects.filter(adviser__user=user)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _open(shares: QuerySet[RecordShare], at: datetime) -> QuerySet[RecordShare]:
    return shares.filter(revoked_at=None, expires_at__gt=at)
