"""Two time axes and one fold.

A fact says when it is true (`valid_on`, or `start`/`end` for a period) and since when we know it (`known_at`).
Nothing is rewritten: a correction is a new row, and the former one only learns when it stopped being believed
(`superseded_at`, written once). `as_of(day, known_at)` answers every question about the past.
"""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from . import canonical


class FactQuerySet(models.QuerySet):
    """Facts and decisions that happened on a day."""

    def known(self, known_at: datetime | None = None) -> Self:
        """What was believed at `known_at` (now when None)."""
        if known_at is None:
            return self.filter(superseded_at=None)
        return self.filter(known_at__lte=known_at).filter(
            Q(superseded_at=None) | Q(superseded_at__gt=known_at)
        )

    def as_of(self, day: date | None = None, known_at: datetime | None = None) -> Self:
        """What had happened by `day`, as believed at `known_at`."""
        facts = self.known(known_at)
        return facts if day is None else facts.filter(valid_on__lte=day)


class PeriodQuerySet(FactQuerySet):
    """Facts that last: true from `start` to `end`, both included; no end means still true."""

    def as_of(self, day: date | None = None, known_at: datetime | None = None) -> Self:
        """What was true on `day`, as believed at `known_at`."""
        facts = self.known(known_at)
        if day is None:
            return facts
        return facts.filter(start__lte=day).filter(Q(end=None) | Q(end__gte=day))


class Sealed(models.Model):
    """A row whose content is hashed once, when written; `seal` then proves that no byte of it moved."""

    seal = models.CharField("empreinte", max_length=64, editable=False)

    # Columns that may still be written once after the insert; every other one is walled (see walls.py).
    CLOSING_COLUMNS: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def sealed_content(self) -> dict[str, Any]:
        """The sealed columns by name: all but the key, the seal and the closing columns."""
        left_out = {"id", "seal", *self.CLOSING_COLUMNS}
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.attname not in left_out
        }

    def computed_seal(self) -> str:
        """What `seal` must be."""
        return canonical.digest(self._meta.label_lower, self.sealed_content())

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            # What the database may leave unknown (NULL), a row may leave unknown, whatever its forms ask.
            unknown = [f.name for f in self._meta.fields if f.null and getattr(self, f.attname) is None]
            self.clean_fields(exclude=["seal", *unknown])
            self.seal = self.computed_seal()
        super().save(*args, **kwargs)


class Fact(Sealed):
    """Something that happened on `valid_on`, known since `known_at`. Never rewritten."""

    valid_on = models.DateField("vrai le")
    known_at = models.DateTimeField("connu le")
    superseded_at = models.DateTimeField("remplacé le", null=True, editable=False)

    CLOSING_COLUMNS = ("superseded_at",)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class Period(Sealed):
    """Something true from `start` to `end` (both included), known since `known_at`. Ended by a new row."""

    start = models.DateField("du")
    end = models.DateField("au", null=True, blank=True)
    known_at = models.DateTimeField("connu le")
    superseded_at = models.DateTimeField("remplacé le", null=True, editable=False)

    CLOSING_COLUMNS = ("superseded_at",)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True


def period_in_order(name: str) -> models.CheckConstraint:
    """The end of a period is not before its start."""
    return models.CheckConstraint(
        name=name,
        condition=Q(end=None) | Q(end__gte=models.F("start")),
        violation_error_message="La fin ne peut pas précéder le début.",
    )
