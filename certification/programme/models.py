"""Dated rules as data, and the rights they grant or refuse, with their reasons."""

from typing import Self

from django.db import models
from django.db.models import Q

from courses.models import Adviser, Enrolment, User
from courses.shared.history import Fact, FactQuerySet, Period, period_in_order

from .enums import RightKind


class RuleSet(Period):
    """One version of the programme’s rules: canonical JSON with the source of each figure."""

    APPEND_ONLY = True

    code = models.SlugField("code", max_length=40)
    version = models.PositiveSmallIntegerField("version")
    content = models.TextField("règles")

    class Meta:
        verbose_name = "jeu de règles"
        verbose_name_plural = "jeux de règles"
        constraints = [
            period_in_order("rule_set_in_order"),
            models.UniqueConstraint(fields=["code", "version"], name="rule_set_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class FundingRightQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the adviser or his enrolment."""
        return self.filter(
            Q(adviser__in=Adviser.objects.visible_to(user).values("pk"))
            | Q(enrolment__in=Enrolment.objects.visible_to(user).values("pk"))
        )


class FundingRight(Fact):
    """The decision to fund one enrolment, or not: rule, version, inputs and reasons. It holds the key."""

    APPEND_ONLY = True

    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="funding_rights")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="funding_rights")
    kind = models.CharField("nature", max_length=12, choices=RightKind)
    year = models.PositiveSmallIntegerField("année civile")
    granted = models.BooleanField("accordé")
    ceiling_minutes = models.PositiveIntegerField("plafond financé")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    rule = models.CharField("règle", max_length=60)
    reasons = models.TextField("motifs")
    inputs = models.TextField("éléments examinés")

    objects = FundingRightQuerySet.as_manager()

    class Meta:
        verbose_name = "droit à financement"
        verbose_name_plural = "droits à financement"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(superseded_at=None), name="funding_right_one_per_enrolment"
            ),
            models.UniqueConstraint(
                fields=["adviser"],
                condition=Q(superseded_at=None, granted=True, kind=RightKind.INITIAL_PATH),
                name="funding_right_one_initial_path",
                violation_error_message="Ce conseiller a déjà un parcours initial financé.",
            ),
        ]
