"""Modules, activities and the sessions where they are taught."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models

from courses.people.enums import Role
from courses.people.models import Departement, TrainingOrganisation, User
from courses.shared.history import period_in_order

from .enums import ActivityKind, SessionMode


class Module(models.Model):
    """The lasting identity of a module; what it holds is frozen in each path version."""

    public_id = models.UUIDField(unique=True, editable=False)
    organisation = models.ForeignKey(TrainingOrganisation, models.PROTECT, related_name="modules")
    title = models.CharField("titre", max_length=200)

    class Meta:
        verbose_name = "module"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Activity(models.Model):
    """The lasting identity of a lesson, a quiz, a taught sequence or a placement; `iri` is its xAPI name."""

    public_id = models.UUIDField(unique=True, editable=False)
    module = models.ForeignKey(Module, models.PROTECT, related_name="activities")
    kind = models.CharField("nature", max_length=10, choices=ActivityKind)
    title = models.CharField("titre", max_length=200)
    iri = models.URLField("IRI", max_length=300, unique=True)

    class Meta:
        verbose_name = "activité"
        verbose_name_plural = "activités"

    def __str__(self) -> str:
        return self.title


class TrainingSessionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """National readers; staff of the organisation; its trainers see the sessions they train."""
        rights = user.rights
        if rights.reads_nation:
            return self
        return self.filter(
            models.Q(module__organisation__in=rights.organisations_as(Role.ORGANISATION_MANAGER, Role.AUTHOR))
            | models.Q(trainers=user, module__organisation__in=rights.organisations_as(Role.TRAINER))
        ).distinct()


class TrainingSession(models.Model):
    """A module taught to a group, at dates, in a place, in its own time zone."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    module = models.ForeignKey(Module, models.PROTECT, related_name="sessions")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sessions", verbose_name="séquence")
    title = models.CharField("intitulé", max_length=200)
    mode = models.CharField("modalité", max_length=8, choices=SessionMode, default=SessionMode.ON_SITE)
    place = models.CharField("lieu", max_length=200)
    # Where it takes place; empty for a session held at a distance.
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    start = models.DateField("du")
    end = models.DateField("au")
    trainers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="training_sessions")

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session de formation"
        ordering = ["start", "pk"]
        constraints = [period_in_order("training_session_in_order")]

    def __str__(self) -> str:
        return self.title
