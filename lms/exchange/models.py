"""Files asked for, and where they are once made."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models

from courses.models import StoredFile, User


class PackRequestQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A file is bound to the person who asked for it."""
        return self.filter(requester=user)


class PackRequest(models.Model):
    """An audit pack asked for: two dates, then a file that is offered for a day."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    as_of = models.DateField("situation au")
    known_at = models.DateTimeField("connu le")
    asked_at = models.DateTimeField("demandé le")
    expires_at = models.DateTimeField("offert jusqu’au")
    made_at = models.DateTimeField("prêt le", null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    report = models.TextField("contenu", blank=True)

    objects = PackRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier d’audit demandé"
        verbose_name_plural = "dossiers d’audit demandés"
        constraints = [
            models.UniqueConstraint(
                fields=["requester", "as_of", "known_at", "expires_at"], name="pack_request_unique"
            ),
            models.CheckConstraint(
                name="pack_request_made_full_or_none",
                condition=models.Q(made_at=None, file=None, report="")
                | (models.Q(made_at__isnull=False, file__isnull=False) & ~models.Q(report="")),
            ),
        ]
