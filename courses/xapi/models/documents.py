"""The documents that content keeps in the store: states and profiles. They are not evidence."""

from django.db import models

from courses.people.models import Organisation
from courses.xapi.enums import DocumentKind


class XapiDocument(models.Model):
    """Bytes under a name, in one organisation. Absent parts of the name are empty text."""

    kind = models.CharField("nature", max_length=16, choices=DocumentKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    activity = models.CharField("activité", max_length=500, blank=True)
    agent = models.CharField("acteur", max_length=500, blank=True)
    registration = models.CharField(max_length=36, blank=True)
    document_id = models.CharField("nom", max_length=500)
    content_type = models.CharField(max_length=200)
    content = models.BinaryField()
    etag = models.CharField("SHA-1 du contenu", max_length=40)
    updated_at = models.DateTimeField("modifié le")

    class Meta:
        verbose_name = "document xAPI"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "activity", "agent", "registration", "document_id"],
                name="xapi_document_unique",
                violation_error_message="Ce document existe déjà.",
            )
        ]
