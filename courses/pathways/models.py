"""Path versions, enrolments bound to them, evidence and the progress it makes."""

from datetime import date
from functools import cached_property
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from courses.catalogue.models import Activity, Module
from courses.people.enums import Role
from courses.people.models import Adviser, TrainingOrganisation, User
from courses.shared.history import Fact, FactQuerySet
from courses.xapi.enums import EvidenceClass
from courses.xapi.models import Statement

from .enums import EnrolmentSource, EvidenceKind, ModuleState, PathKind


class Path(models.Model):
    """Parcours: the lasting identity of what an organisation offers."""

    public_id = models.UUIDField(unique=True, editable=False)
    organisation = models.ForeignKey(TrainingOrganisation, models.PROTECT, related_name="paths")
    kind = models.CharField("nature", max_length=10, choices=PathKind)
    title = models.CharField("titre", max_length=200)

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class PathVersion(Fact):
    """The frozen structure of a path (canonical JSON, see structure.py) and its hash. Enrolments bind to it."""

    APPEND_ONLY = True

    path = models.ForeignKey(Path, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("version")
    structure = models.TextField("structure")
    structure_hash = models.CharField("empreinte de la structure", max_length=64)

    class Meta:
        verbose_name = "version de parcours"
        verbose_name_plural = "versions de parcours"
        constraints = [
            models.UniqueConstraint(fields=["path", "number"], name="path_version_number_unique"),
            models.UniqueConstraint(fields=["path", "structure_hash"], name="path_version_structure_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.path} – version {self.number}"


class EnrolmentQuerySet(FactQuerySet):
    def with_versions(self) -> Self:
        """With what `Enrolment.version` and `held` read, in two more queries however many rows."""
        adoptions = VersionAdoption.objects.select_related("path_version")
        return self.select_related("path_version").prefetch_related(models.Prefetch("adoptions", adoptions))

    def visible_to(self, user: User) -> Self:
        """One’s own; the staff of the path’s organisation; the adviser’s host structure and prefect; the nation."""
        rights = user.rights
        if rights.reads_nation:
            return self
        staff = rights.organisations_as(Role.ORGANISATION_MANAGER, Role.TRAINER, Role.PLACEMENT_TUTOR)
        return self.filter(
            Q(adviser__in=Adviser.objects.visible_to(user).values("pk")) | Q(path__organisation__in=staff)
        )


class Enrolment(Fact):
    """Inscription: a learner bound to one version of a path. `registration` is its xAPI name."""

    APPEND_ONLY = True

    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="enrolments", verbose_name="conseiller")
    path = models.ForeignKey(Path, models.PROTECT, related_name="enrolments", verbose_name="parcours")
    path_version = models.ForeignKey(PathVersion, models.PROTECT, related_name="enrolments")
    registration = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.CharField("origine", max_length=12, choices=EnrolmentSource)

    objects = EnrolmentQuerySet.as_manager()

    @cached_property
    def version(self) -> PathVersion:
        """The version followed today: the last one accepted, else the one of the first day."""
        return self.held[-1][0]

    @cached_property
    def held(self) -> "list[tuple[PathVersion, date | None]]":
        """Every version followed, first to last, each with its last day (None for the one followed today)."""
        adoptions = sorted(self.adoptions.all(), key=lambda it: (it.valid_on, it.pk))
        versions = [self.path_version, *(it.path_version for it in adoptions if it.superseded_at is None)]
        days = [*(it.valid_on for it in adoptions if it.superseded_at is None), None]
        return list(zip(versions, days, strict=True))

    class Meta:
        verbose_name = "inscription"
        ordering = ["-known_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["adviser", "path"],
                condition=Q(superseded_at=None),
                name="enrolment_once_per_path",
                violation_error_message="Ce conseiller est déjà inscrit à ce parcours.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.adviser} – {self.path}"


class VersionOffer(Fact):
    """A published version proposed to those who follow an earlier one; each accepts it, or stays."""

    APPEND_ONLY = True

    path_version = models.ForeignKey(PathVersion, models.PROTECT, related_name="offers")
    # What the author saw when he chose: counts by name, canonical JSON.
    impact = models.TextField("effets annoncés")

    class Meta:
        verbose_name = "proposition de version"
        constraints = [
            models.UniqueConstraint(
                fields=["path_version"], condition=Q(superseded_at=None), name="version_offer_once"
            )
        ]


class VersionAdoption(Fact):
    """A learner accepts an offered version. What was obtained under the former ones stays, with its dates."""

    APPEND_ONLY = True

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="adoptions")
    path_version = models.ForeignKey(PathVersion, models.PROTECT, related_name="adoptions")
    offer = models.ForeignKey(VersionOffer, models.PROTECT, related_name="adoptions")

    class Meta:
        verbose_name = "changement de version"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "path_version"],
                condition=Q(superseded_at=None),
                name="version_adoption_once",
                violation_error_message="Vous suivez déjà cette version.",
            )
        ]


class Evidence(Fact):
    """One proof pushed by the room where it happened; `source_key` names the row it can be re-emitted from."""

    APPEND_ONLY = True

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="evidence")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=12, choices=EvidenceKind)
    evidence_class = models.CharField("classe de preuve", max_length=2, choices=EvidenceClass)
    minutes = models.PositiveIntegerField("minutes prouvées", default=0)
    success = models.BooleanField("réussite", null=True)
    score_percent = models.PositiveSmallIntegerField("score", null=True)
    source_key = models.CharField("origine", max_length=100)
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "preuve"
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"], condition=Q(superseded_at=None), name="evidence_source_unique"
            ),
            models.CheckConstraint(
                name="evidence_minutes_need_proof",
                condition=Q(minutes=0) | Q(evidence_class__in=["E1", "E2"]),
                violation_error_message="Une durée ne se prouve que par une évaluation notée ou une présence attestée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.evidence_class})"


class ModuleProgress(models.Model):
    """Projection: where one enrolment stands in one module. Rebuilt from evidence alone."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="progress")
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=12, choices=ModuleState, default=ModuleState.TODO)
    activities_done = models.PositiveSmallIntegerField(default=0)
    activities_total = models.PositiveSmallIntegerField(default=0)
    on_site_minutes = models.PositiveIntegerField(default=0)
    remote_minutes = models.PositiveIntegerField(default=0)
    required_minutes = models.PositiveIntegerField(default=0)
    completed_on = models.DateField("achevé le", null=True)

    class Meta:
        verbose_name = "avancement"
        constraints = [models.UniqueConstraint(fields=["enrolment", "module"], name="module_progress_unique")]

    @property
    def proved_minutes(self) -> int:
        return self.on_site_minutes + self.remote_minutes
