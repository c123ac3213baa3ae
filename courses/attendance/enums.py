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


class SignerRole(TextChoices):
    LEARNER = "learner", "Apprenant"
    TRAINER = "trainer", "Formateur"


SHEET_WORKFLOW = Workflow(
    "Feuille d’émargement", SheetState, {"close": Step({SheetState.OPEN}, SheetState.CLOSED)}
)
