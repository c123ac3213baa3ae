"""Other systems' stores that receive our statements."""

from django.db import models
from django.db.models import Q

from courses.people.models import Organisation

from .sight import OfOrganisationQuerySet
from .statements import Statement


class ExternalStore(models.Model):
    """Where statements go, which ones, and how far along the stored order they have gone.

    The store itself is the outbox: a statement is due as soon as it is stored, and the cursor only moves past what
    was answered. The secret is a file beside the instance's own, never a row (R-66).
    """

    code = models.SlugField("nom court", max_length=40, unique=True)
    name = models.CharField("nom", max_length=100)
    endpoint = models.URLField("adresse", max_length=300)
    key = models.CharField("identifiant", max_length=100, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="organisme"
    )
    verbs = models.TextField("verbes (IRI, un par ligne ; tous si vide)", blank=True)
    classes = models.CharField("classes de preuve (toutes si vide)", max_length=20, blank=True)
    active = models.BooleanField("actif", default=True)
    cursor = models.BigIntegerField("dernier numéro traité", default=0)
    failures = models.PositiveIntegerField("échecs de suite", default=0)
    next_try_at = models.DateTimeField("prochain essai", null=True)
    last_sent_at = models.DateTimeField("dernier envoi réussi", null=True)
    last_error = models.TextField("dernière erreur", blank=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "magasin externe"
        verbose_name_plural = "magasins externes"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DeadLetterState(models.TextChoices):
    DEAD = "dead", "Refusée"
    SENT = "sent", "Renvoyée"
    DROPPED = "dropped", "Abandonnée"


class DeadLetter(models.Model):
    """A statement that an external store refused for good, and why."""

    store = models.ForeignKey(ExternalStore, models.PROTECT, related_name="dead_letters")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=7, choices=DeadLetterState, default=DeadLetterState.DEAD)
    status = models.PositiveSmallIntegerField("réponse")
    cause = models.TextField("cause")
    at = models.DateTimeField("le")
    settled_at = models.DateTimeField("réglée le", null=True)

    class Meta:
        verbose_name = "trace refusée"
        verbose_name_plural = "traces refusées"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "statement"], name="dead_letter_unique"),
            models.CheckConstraint(
                name="dead_letter_settled_iff_dated",
                condition=Q(state="dead", settled_at=None) | (~Q(state="dead") & Q(settled_at__isnull=False)),
            ),
        ]
