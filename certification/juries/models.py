"""Exam sessions, juries, opinions, decisions and their report (procès-verbal)."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from certification.candidacies.models import Candidacy
from certification.qualifications.models import CompetencyBlock
from courses.models import TrainingOrganisation, User
from courses.shared.history import Fact, FactQuerySet

from .enums import Outcome

MINISTRY = "ministry_representative"


class ExamSessionQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Its jury members, the approved centre’s manager, the ministry’s representative, the nation."""
        rights = user.rights
        if rights.reads_nation or rights.has(MINISTRY):
            return self
        own = JuryMember.objects.known().filter(user=user)
        return self.filter(
            Q(pk__in=own.values("exam_session"))
            | Q(centre__in=rights.organisations_as("organisation_manager"))
        )


class ExamSession(Fact):
    """A session of exam for one block, in an approved centre, open between two instants."""

    APPEND_ONLY = True

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    block = models.ForeignKey(CompetencyBlock, models.PROTECT, related_name="exam_sessions")
    centre = models.ForeignKey(TrainingOrganisation, models.PROTECT, related_name="exam_sessions")
    reference = models.CharField("numéro de session", max_length=40)
    place = models.CharField("lieu", max_length=200)
    opens_at = models.DateTimeField("ouvre le")
    closes_at = models.DateTimeField("ferme le")
    quorum = models.PositiveSmallIntegerField("quorum", default=2)

    objects = ExamSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session d’examen"
        verbose_name_plural = "sessions d’examen"
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(superseded_at=None),
                name="exam_session_reference_unique",
                violation_error_message="Une session d’examen porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                name="exam_session_in_order",
                condition=Q(closes_at__gt=models.F("opens_at")),
                violation_error_message="Une session ferme après avoir ouvert.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class JuryMember(Fact):
    """A professional of the trade appointed to one session."""

    APPEND_ONLY = True

    exam_session = models.ForeignKey(ExamSession, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jury_seats")

    class Meta:
        verbose_name = "membre de jury"
        verbose_name_plural = "membres de jury"
        constraints = [
            models.UniqueConstraint(
                fields=["exam_session", "user"],
                condition=Q(superseded_at=None),
                name="jury_member_unique",
                violation_error_message="Cette personne siège déjà à ce jury.",
            )
        ]


class ConflictOfInterest(Fact):
    """A member declares that he must not judge a candidate."""

    APPEND_ONLY = True

    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="conflicts")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="conflicts")
    reason = models.CharField("motif", max_length=300)

    class Meta:
        verbose_name = "conflit d’intérêts déclaré"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "candidacy"], condition=Q(superseded_at=None), name="conflict_unique"
            )
        ]


class SittingQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the session, and the candidate."""
        sessions = ExamSession.objects.visible_to(user)
        return self.filter(Q(exam_session__in=sessions.values("pk")) | Q(candidacy__adviser__user=user))


class Sitting(Fact):
    """A candidate summoned to a session."""

    APPEND_ONLY = True

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    exam_session = models.ForeignKey(ExamSession, models.PROTECT, related_name="sittings")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="sittings")

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = "passage devant le jury"
        constraints = [
            models.UniqueConstraint(
                fields=["exam_session", "candidacy"],
                condition=Q(superseded_at=None),
                name="sitting_unique",
                violation_error_message="Ce candidat est déjà convoqué à cette session.",
            )
        ]


class JuryOpinion(Fact):
    """What one member thinks of one candidate, competence by competence, before seeing the others’ opinions."""

    APPEND_ONLY = True

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="opinions")
    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="opinions")
    outcome = models.CharField("avis", max_length=16, choices=Outcome)
    appraisals = models.TextField("appréciation par compétence")
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "avis de membre de jury"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "member"],
                condition=Q(superseded_at=None),
                name="jury_opinion_once",
                violation_error_message="Vous avez déjà rendu votre avis sur ce candidat.",
            )
        ]


class JuryDecisionQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the sitting."""
        return self.filter(sitting__in=Sitting.objects.visible_to(user).values("pk"))


class JuryDecision(Fact):
    """The jury’s decision on one sitting. Never changed: a correction is a new row, with its reason and two authors."""

    APPEND_ONLY = True

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="decisions")
    outcome = models.CharField("décision", max_length=16, choices=Outcome)
    members = models.TextField("membres ayant délibéré")
    appraisals = models.TextField("appréciation par compétence")
    comment = models.TextField("commentaire", blank=True)
    rule = models.CharField("règle", max_length=60)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    correction_reason = models.TextField("motif de la correction", blank=True)
    second_author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = JuryDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision de jury"
        verbose_name_plural = "décisions de jury"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting"],
                condition=Q(superseded_at=None),
                name="jury_decision_one_effective",
                violation_error_message="Une décision a déjà été rendue pour ce candidat dans cette session.",
            ),
            models.CheckConstraint(
                name="jury_decision_correction_full_or_none",
                condition=Q(corrects=None, correction_reason="", second_author=None)
                | (Q(corrects__isnull=False, second_author__isnull=False) & ~Q(correction_reason="")),
                violation_error_message="Une correction porte la décision corrigée, son motif et deux auteurs.",
            ),
            models.CheckConstraint(
                name="jury_decision_two_distinct_authors",
                condition=Q(second_author=None) | ~Q(second_author=models.F("signed_by")),
                violation_error_message="Une correction est signée par deux personnes distinctes.",
            ),
        ]


class JuryReportQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the session."""
        return self.filter(exam_session__in=ExamSession.objects.visible_to(user).values("pk"))


class JuryReport(Fact):
    """Procès-verbal: the frozen list of the decisions of a session."""

    APPEND_ONLY = True

    exam_session = models.ForeignKey(ExamSession, models.PROTECT, related_name="reports")
    content = models.TextField("contenu figé")
    content_hash = models.CharField("empreinte", max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = JuryReportQuerySet.as_manager()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        constraints = [
            models.UniqueConstraint(
                fields=["exam_session"],
                condition=Q(superseded_at=None),
                name="jury_report_one_effective",
                violation_error_message="Le procès-verbal de cette session est déjà établi.",
            )
        ]


class ReportValidation(Fact):
    """The ministry’s representative validates a report: from then on its decisions take effect."""

    APPEND_ONLY = True

    report = models.OneToOneField(JuryReport, models.PROTECT, related_name="validation")
    validated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "validation de procès-verbal"
