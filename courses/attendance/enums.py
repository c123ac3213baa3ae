"""Émargement: half-days, states, presences."""

from django.db.models import TextChoices

from courses.shared.workflow import Step, Workflow


class HalfDay(TextChoices):
    MORNING = "morning", "matin"
    AFTERNOON = "afternoon", "après-midi"


class SheetState(TextChoices):
    OPEN = "open", "Ouverte"
    CLOSED = "closed", "Clôturée"


class Presence(TextChoices):
    EXPECTED = "expected", "Attendu"
    PRESENT = "present", "Présent"
    ABSENT = "absent", "Absent"
    EXCUSED = "excused", "Absence justifiée"


class AbsenceReason(TextChoices):
    """The kind of reason or of proof shown; the paper itself, often medical, is never kept here."""

    NO_NEWS = "no_news", "Sans nouvelle"
    UNPROVED = "unproved", "Motif donné, sans justificatif"
    CONTESTED = "contested", "Signature contestée par le formateur"
    SICK_LEAVE = "sick_leave", "Arrêt de travail (justificatif vu)"
    ACCIDENT = "accident", "Accident (justificatif vu)"
    BEREAVEMENT = "bereavement", "Décès d’un proche (justificatif vu)"
    FORCE_MAJEURE = "force_majeure", "Autre cas de force majeure (justificatif vu)"


# What may be said of each kind of absence.
UNEXCUSED_REASONS = (AbsenceReason.NO_NEWS, AbsenceReason.UNPROVED, AbsenceReason.CONTESTED)
EXCUSED_REASONS = (
    AbsenceReason.SICK_LEAVE,
    AbsenceReason.ACCIDENT,
    AbsenceReason.BEREAVEMENT,
    AbsenceReason.FORCE_MAJEURE,
)


class SignerRole(TextChoices):
    LEARNER = "learner", "Apprenant"
    TRAINER = "trainer", "Formateur"


SHEET_WORKFLOW = Workflow(
    "Feuille d’émargement", SheetState, {"close": Step({SheetState.OPEN}, SheetState.CLOSED)}
)
