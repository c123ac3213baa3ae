"""Credentials: frozen when issued, signed (Ed25519), checkable by anyone; revoked by a new row."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from certification.candidacies.models import PixResult
from certification.juries.models import JuryDecision
from courses.models import Adviser, StoredFile, User
from courses.shared.history import Fact, FactQuerySet


class CredentialQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the adviser. Anyone may check a code on the public page, which shows less."""
        return self.filter(adviser__in=Adviser.objects.visible_to(user).values("pk"))


class Credential(Fact):
    """What an adviser shows: `payload` (canonical JSON) is the truth, `signature` its compact JWS."""

    APPEND_ONLY = True

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField("code de vérification", max_length=32, unique=True)
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="credentials")
    decision = models.ForeignKey(JuryDecision, models.PROTECT, related_name="credentials")
    pix_result = models.ForeignKey(PixResult, models.PROTECT, related_name="credentials")
    payload = models.TextField("contenu signé")
    signature = models.TextField("signature")
    key_id = models.CharField("clé", max_length=64)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation de certification"
        verbose_name_plural = "attestations de certification"
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(superseded_at=None),
                name="credential_one_per_decision",
                violation_error_message="Cette décision a déjà donné lieu à une attestation.",
            )
        ]

    def __str__(self) -> str:
        return self.code


class CredentialRevocation(Fact):
    """Why and since when a credential no longer holds."""

    APPEND_ONLY = True

    credential = models.OneToOneField(Credential, models.PROTECT, related_name="revocation")
    reason = models.CharField("motif", max_length=300)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "révocation"


class CredentialDocument(Fact):
    """The PDF of a credential, with its QR code, once rendered."""

    APPEND_ONLY = True

    credential = models.OneToOneField(Credential, models.PROTECT, related_name="document")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "document d’attestation"
