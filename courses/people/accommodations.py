"""What is arranged for a learner: he declares it himself, and ends it. Never the cause."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from courses.audit import record
from courses.shared.errors import AccessDeniedError, ConflictError

from .enums import AccommodationKind
from .models import Accommodation, Adviser, User


@transaction.atomic
def declare_accommodation(
    *, adviser: Adviser, kind: str, start: date, detail: str = "", end: date | None = None,
    actor: User, at: datetime,
) -> Accommodation:  # fmt: skip
    """Say what one needs, from a day on. The same need twice at the same time says nothing more."""
    _only_himself(adviser, actor)
    if end is not None and end < start:
        raise ConflictError("La fin ne peut pas précéder le début.", field="end")
    Adviser.objects.select_for_update(of=("self",)).get(pk=adviser.pk)
    kind = AccommodationKind(kind).value
    same = Accommodation.objects.known().filter(adviser=adviser, kind=kind, detail=detail)
    if same.filter(start__lte=end or date.max).filter(Q(end=None) | Q(end__gte=start)).exists():
        raise ConflictError("Vous avez déjà déclaré cet aménagement pour ces dates.", field="kind")
    declared = Accommodation.objects.create(
        adviser=adviser, kind=kind, detail=detail, start=start, end=end, known_at=at
    )
    # The trail keeps that it happened, not what a person needs.
    record("people.accommodation.declare", actor=actor, target=declared, at=at)
    return declared


@transaction.atomic
def end_accommodation(*, accommodation_id: int, end: date, actor: User, at: datetime) -> Accommodation:
    """The need is over: the period gets its last day, as a new row."""
    old = Accommodation.objects.select_for_update(of=("self",)).get(pk=accommodation_id)
    _only_himself(old.adviser, actor)
    if old.superseded_at is not None or (old.end is not None and old.end <= end):
        raise ConflictError("Cet aménagement est déjà terminé.", field="end")
    if end < old.start:
        raise ConflictError("La fin ne peut pas précéder le début.", field="end")
    old.superseded_at = at
    old.save(update_fields=["superseded_at"])
    values = {name: value for name, value in old.sealed_content().items() if name not in {"end", "known_at"}}
    new = Accommodation.objects.create(**values, end=end, known_at=at)
    record("people.accommodation.end", actor=actor, target=new, at=at, after={"replaces": old.pk})
    return new


def own_accommodations_visible_to(user: User) -> QuerySet[Accommodation]:
    """One’s own, and nobody else’s."""
    return Accommodation.objects.known().filter(adviser__user=user).order_by("start", "pk")


def _only_himself(adviser: Adviser, actor: User) -> None:
    if adviser.user_id != actor.pk:
        raise AccessDeniedError("Chacun déclare lui-même les aménagements dont il a besoin.")
