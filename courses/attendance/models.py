"""Sheets by half-day, marks and signatures. Closed, a sheet is evidence and never changes."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.catalogue.models import Activity, TrainingSession
from courses.pathways.models import Enrolment
from courses.people.models import Adviser, User
from courses.shared.history import Fact, FactQuerySet

from .enums import HalfDay, Presence, SheetState, SignerRole


class SessionRegistration(Fact):
    """A learner expected in a session."""

    APPEND_ONLY = True

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="registrations")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="registrations")

    class Meta:
        verbose_name = "inscription en session"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                condition=Q(superseded_at=None),
                name="session_registration_unique",
                violation_error_message="Ce conseiller est déjà inscrit à cette session.",
            )
        ]


class AttendanceSheetQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the session, and the learners named on the sheet."""
        sessions = TrainingSession.objects.visible_to(user)
        return self.filter(Q(session__in=sessions.values("pk")) | Q(marks__adviser__user=user)).distinct()


class AttendanceSheet(models.Model):
    """The sign-in sheet of one session for one half-day, in the session’s own time zone."""

    FROZEN_WHEN = "{row}.state = 'closed'"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="sheets")
    day = models.DateField("jour")
    half_day = models.CharField("demi-journée", max_length=10, choices=HalfDay)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    minutes = models.PositiveSmallIntegerField("durée")
    state = models.CharField("état", max_length=10, choices=SheetState, default=SheetState.OPEN)
    opened_at = models.DateTimeField("ouverte le")
    closed_at = models.DateTimeField("clôturée le", null=True, editable=False)
    number = models.PositiveIntegerField("numéro dans la chaîne", null=True, editable=False)
    previous_hash = models.CharField("empreinte précédente", max_length=64, blank=True, editable=False)
    hash = models.CharField("empreinte", max_length=64, blank=True, editable=False)

    objects = AttendanceSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "feuille d’émargement"
        verbose_name_plural = "feuilles d’émargement"
        ordering = ["day", "-half_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "day", "half_day"],
                name="attendance_sheet_one_per_half_day",
                violation_error_message="Une feuille existe déjà pour cette demi-journée.",
            ),
            models.CheckConstraint(
                name="attendance_sheet_closed_iff_dated",
                condition=Q(state=SheetState.CLOSED, closed_at__isnull=False, number__isnull=False)
                | (~Q(state=SheetState.CLOSED) & Q(closed_at=None, number=None)),
                violation_error_message="La date de clôture ne va qu’avec une feuille clôturée.",
            ),
            models.CheckConstraint(
                name="attendance_sheet_minutes_positive",
                condition=Q(minutes__gt=0) & Q(ends_at__gt=models.F("starts_at")),
                violation_error_message="Une demi-journée finit après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} – {self.day:%d/%m/%Y} {self.get_half_day_display()}"


class AttendanceMark(models.Model):
    """One learner’s line on a sheet; `minutes` counts once the sheet is closed."""

    FROZEN_WHEN = (
        "EXISTS (SELECT 1 FROM courses_attendancesheet s WHERE s.id = {row}.sheet_id AND s.state = 'closed')"
    )

    sheet = models.ForeignKey(AttendanceSheet, models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="marks")
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="marks")
    day = models.DateField("jour")
    half_day = models.CharField("demi-journée", max_length=10, choices=HalfDay)
    presence = models.CharField("présence", max_length=8, choices=Presence, default=Presence.EXPECTED)
    minutes = models.PositiveSmallIntegerField("minutes", default=0)
    absence_reason = models.CharField("motif d’absence", max_length=200, blank=True)

    class Meta:
        verbose_name = "ligne d’émargement"
        verbose_name_plural = "lignes d’émargement"
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "enrolment"],
                name="attendance_mark_once",
                violation_error_message="Ce conseiller figure déjà sur cette feuille.",
            ),
            models.UniqueConstraint(
                fields=["adviser", "day", "half_day"],
                condition=Q(presence=Presence.PRESENT),
                name="attendance_mark_one_place_at_a_time",
                violation_error_message="Ce conseiller est déjà présent ailleurs pendant cette demi-journée.",
            ),
            models.CheckConstraint(
                name="attendance_mark_minutes_iff_present",
                condition=Q(presence=Presence.PRESENT) | Q(minutes=0),
                violation_error_message="Seule une présence porte une durée.",
            ),
        ]


class Signature(Fact):
    """A signature on a sheet, from the signer’s own account: a learner for his mark, the trainer for the sheet."""

    APPEND_ONLY = True

    sheet = models.ForeignKey(AttendanceSheet, models.PROTECT, related_name="signatures")
    mark = models.ForeignKey(AttendanceMark, models.PROTECT, null=True, related_name="signatures")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField("qualité", max_length=8, choices=SignerRole)

    class Meta:
        verbose_name = "signature"
        constraints = [
            models.UniqueConstraint(
                fields=["mark"],
                condition=Q(superseded_at=None, mark__isnull=False),
                name="signature_once_per_mark",
                violation_error_message="Cette présence est déjà signée.",
            ),
            models.UniqueConstraint(
                fields=["sheet", "signer"],
                condition=Q(superseded_at=None, role=SignerRole.TRAINER),
                name="signature_once_per_trainer",
                violation_error_message="Vous avez déjà signé cette feuille.",
            ),
        ]


class PlacementAttestationQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the enrolment, and the tutor who attested."""
        return self.filter(Q(enrolment__in=Enrolment.objects.visible_to(user)) | Q(tutor=user))


class PlacementAttestation(Fact):
    """Hours of placement attested by the tutor: one row for each week."""

    APPEND_ONLY = True

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="placements")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    tutor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="tuteur"
    )
    week = models.DateField("semaine du", help_text="Le lundi de la semaine attestée.")
    minutes = models.PositiveSmallIntegerField("durée")

    objects = PlacementAttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation de stage"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "week"],
                condition=Q(superseded_at=None),
                name="placement_attestation_week_unique",
                violation_error_message="Cette semaine de stage est déjà attestée.",
            ),
            models.CheckConstraint(
                name="placement_attestation_within_week",
                condition=Q(minutes__gt=0, minutes__lte=2880),
                violation_error_message="Une semaine de stage compte entre 1 minute et 48 heures.",
            ),
        ]
