"""Names that other systems send and nobody here knows: kept, listed, decided by a human."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.catalogue.models import Activity
from courses.people.models import Organisation

from .names import XapiActivity, XapiActor
from .sight import OfOrganisationQuerySet


class QuarantineState(models.TextChoices):
    OPEN = "open", "À examiner"
    ATTACHED = "attached", "Rattaché"
    IGNORED = "ignored", "Ignoré"


class QuarantineEntry(models.Model):
    """One actor or one activity, unknown here, named by the statements of one organisation.

    Its statements are stored and served like any other; they tell nothing of a person or a lesson of ours until
    someone says who or what it is. The statements themselves never change.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor = models.ForeignKey(XapiActor, models.PROTECT, null=True, related_name="quarantine")
    activity = models.ForeignKey(XapiActivity, models.PROTECT, null=True, related_name="quarantine")
    state = models.CharField("état", max_length=8, choices=QuarantineState, default=QuarantineState.OPEN)
    first_seen_at = models.DateTimeField("vu d’abord le")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    known_activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("décidé le", null=True)
    reason = models.TextField("motif", blank=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "nom en quarantaine"
        verbose_name_plural = "noms en quarantaine"
        ordering = ["-first_seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "actor"], name="quarantine_actor_unique"),
            models.UniqueConstraint(fields=["organisation", "activity"], name="quarantine_activity_unique"),
            models.CheckConstraint(
                name="quarantine_names_one_thing",
                condition=Q(actor__isnull=False, activity=None) | Q(actor=None, activity__isnull=False),
            ),
            models.CheckConstraint(
                name="quarantine_attached_to_something",
                condition=~Q(state=QuarantineState.ATTACHED)
                | Q(actor__isnull=False, user__isnull=False, known_activity=None)
                | Q(activity__isnull=False, known_activity__isnull=False, user=None),
                violation_error_message="Dites à qui ou à quoi ce nom est rattaché.",
            ),
            models.CheckConstraint(
                name="quarantine_decided_iff_dated",
                condition=Q(state=QuarantineState.OPEN, decided_at=None, decided_by=None)
                | (~Q(state=QuarantineState.OPEN) & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "first_seen_at"], name="quarantine_list")]
