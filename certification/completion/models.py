"""Certificat de réalisation: frozen from closed sheets and graded evidence, never from reading alone."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from courses.models import Enrolment, Evidence, Module, StoredFile, User
from courses.shared.history import Fact, FactQuerySet


class CompletionCertificateQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the enrolment."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user).values("pk"))


class CompletionCertificate(Fact):
    """What a learner really followed of one module; `context` is every word of the paper, frozen."""

    APPEND_ONLY = True

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField("numéro", max_length=30, unique=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField("durée réalisée")
    context = models.TextField("contenu figé")
    context_hash = models.CharField("empreinte du contenu", max_length=64)

    objects = CompletionCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "certificat de réalisation"
        verbose_name_plural = "certificats de réalisation"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "module"],
                condition=Q(superseded_at=None),
                name="completion_certificate_once_per_module",
                violation_error_message="Un certificat de réalisation existe déjà pour ce module.",
            )
        ]

    def __str__(self) -> str:
        return self.number


class CertificateEvidence(models.Model):
    """The evidence that a certificate quotes."""

    APPEND_ONLY = True

    certificate = models.ForeignKey(CompletionCertificate, models.PROTECT, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "evidence"], name="certificate_evidence_unique")
        ]


class CompletionDocument(Fact):
    """The PDF/A of a certificate, once rendered."""

    APPEND_ONLY = True

    certificate = models.OneToOneField(CompletionCertificate, models.PROTECT, related_name="document")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "document de certificat"
