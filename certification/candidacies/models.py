"""Who aims at which qualification, by which route; and the Pix results with their origin."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from certification.qualifications.models import CompetencyBlock
from courses.models import Adviser, Enrolment, User
from courses.shared.history import Fact, FactQuerySet
from courses.shared.identifiers import validate_pix_code

from .enums import CandidacyRoute, PixOrigin, PixStatus


class CandidacyQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the adviser, and the organisation that trained him."""
        return self.filter(
            Q(adviser__in=Adviser.objects.visible_to(user).values("pk"))
            | Q(enrolment__in=Enrolment.objects.visible_to(user).values("pk"))
        )


class Candidacy(Fact):
    """An adviser who aims at a block (CCP1, Pix)."""

    APPEND_ONLY = True

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    adviser = models.ForeignKey(
        Adviser, models.PROTECT, related_name="candidacies", verbose_name="conseiller"
    )
    block = models.ForeignKey(
        CompetencyBlock, models.PROTECT, related_name="candidacies", verbose_name="visée"
    )
    route = models.CharField("voie", max_length=10, choices=CandidacyRoute)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="candidacies"
    )

    objects = CandidacyQuerySet.as_manager()

    class Meta:
        verbose_name = "candidature"
        constraints = [
            models.UniqueConstraint(
                fields=["adviser", "block"],
                condition=Q(superseded_at=None),
                name="candidacy_one_per_block",
                violation_error_message="Une candidature est déjà ouverte pour cette certification.",
            ),
            models.CheckConstraint(
                name="candidacy_training_has_enrolment",
                condition=Q(enrolment__isnull=False) | ~Q(route=CandidacyRoute.TRAINING),
                violation_error_message="Une candidature par la formation cite l’inscription suivie.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adviser} – {self.block.code}"


class PixResult(Fact):
    """An official Pix result: score, ceiling at that time, and where it comes from."""

    APPEND_ONLY = True

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="pix_results")
    status = models.CharField("statut", max_length=10, choices=PixStatus)
    score = models.PositiveSmallIntegerField("nombre de pix", default=0)
    max_reachable = models.PositiveSmallIntegerField("maximum atteignable", default=1024)
    certification_number = models.CharField("numéro de certification", max_length=30)
    verification_code = models.CharField(
        "code de vérification", max_length=10, blank=True, validators=[validate_pix_code]
    )
    origin = models.CharField("origine", max_length=12, choices=PixOrigin)
    origin_reference = models.CharField("référence d’origine", max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "résultat Pix"
        verbose_name_plural = "résultats Pix"
        constraints = [
            models.UniqueConstraint(
                fields=["certification_number"],
                condition=Q(superseded_at=None),
                name="pix_result_number_unique",
                violation_error_message="Ce numéro de certification Pix est déjà enregistré.",
            ),
            models.CheckConstraint(
                name="pix_result_score_within_ceiling",
                condition=Q(score__lte=models.F("max_reachable"), max_reachable__lte=1024),
                violation_error_message="Le score Pix dépasse le maximum atteignable.",
            ),
            models.CheckConstraint(
                name="pix_result_score_only_if_validated",
                condition=Q(status=PixStatus.VALIDATED) | Q(score=0),
                violation_error_message="Une certification rejetée ou annulée ne porte pas de score.",
            ),
        ]
