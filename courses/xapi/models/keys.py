"""The credentials of the record store."""

from django.db import models

from courses.people.models import Organisation

from .sight import OfOrganisationQuerySet


class LrsKey(models.Model):
    """A credential of the record store: bound to an organisation, hashed, scoped, revocable."""

    key = models.CharField("identifiant", max_length=40, unique=True)
    name = models.CharField("usage", max_length=100, blank=True)
    secret_hash = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="lrs_keys")
    scopes = models.CharField("portées", max_length=200)
    created_at = models.DateTimeField("créée le")
    expires_at = models.DateTimeField("expire le", null=True)
    revoked_at = models.DateTimeField("révoquée le", null=True)
    last_used_on = models.DateField("dernier usage", null=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "clé du magasin de traces"
        verbose_name_plural = "clés du magasin de traces"

    def __str__(self) -> str:
        return self.key
