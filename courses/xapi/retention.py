"""Erasing what other systems sent, when its time is over: the text goes, its number and hash stay (R-61, INV-43)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Min, QuerySet

from courses import audit
from courses.shared import walls

from . import progress
from .models import (
    DeadLetter,
    DeadLetterState,
    ExternalStore,
    Statement,
    StatementActivity,
    StatementActor,
    StatementAttachment,
    StatementErasure,
    StoreHead,
)

_SLICE = 10_000


@dataclass(frozen=True)
class Erasure:
    """How many statements are past their time, and how many were erased."""

    due: int
    erased: int


def due(*, before: datetime) -> QuerySet[Statement]:
    """Statements of other systems stored before that instant. Our own facts are evidence: they have other terms.

    What an external store still has to receive, or has refused and nobody settled, waits.
    """
    refused = DeadLetter.objects.filter(state=DeadLetterState.DEAD).values("statement_id")
    found = Statement.objects.filter(stored__lt=before, credential__isnull=False).exclude(pk__in=refused)
    slowest = ExternalStore.objects.filter(active=True).aggregate(cursor=Min("cursor"))["cursor"]
    return found if slowest is None else found.filter(pk__lte=slowest)


def erase(*, before: datetime, reason: str, at: datetime) -> Erasure:
    """Erase all that is due, slice by slice: each slice, its tombstones and its audit entry are one transaction."""
    if not reason.strip():
        raise ValueError("An erasure has a reason.")
    total, erased = due(before=before).count(), 0
    while count := _erase_slice(before, reason, at):
        erased += count
    return Erasure(total, erased)


@transaction.atomic
def _erase_slice(before: datetime, reason: str, at: datetime) -> int:
    StoreHead.objects.hold()
    rows = list(due(before=before).order_by("seq").defer("raw", "received")[:_SLICE])
    if not rows:
        return 0
    numbers = [row.pk for row in rows]
    StatementErasure.objects.bulk_create(
        StatementErasure(
            seq=row.pk,
            uuid=row.uuid,
            stored=row.stored,
            received_hash=row.received_hash,
            erased_at=at,
            reason=reason,
        )
        for row in rows
    )
    with walls.down(reason=reason):
        for model in (StatementActor, StatementActivity, StatementAttachment, DeadLetter):
            model._default_manager.filter(statement_id__in=numbers).delete()
        Statement.objects.filter(pk__in=numbers).delete()
        connection.check_constraints()
    for row in {(row.actor_id, row.activity_id, row.authority_id): row for row in rows}.values():
        progress.recount(row)
    audit.record_system(
        "xapi.statement.erase", object_type="courses.statement", object_id=f"{numbers[0]}-{numbers[-1]}", at=at,
        reason=f"{reason} ({len(rows)})",
    )  # fmt: skip
    return len(rows)
