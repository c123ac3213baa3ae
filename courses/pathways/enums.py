"""Paths, and how far a learner is."""

from django.db.models import TextChoices


class PathKind(TextChoices):
    INITIAL = "initial", "Parcours initial"
    CONTINUING = "continuing", "Module de formation continue"


class EnrolmentSource(TextChoices):
    SELF = "self", "Inscription par le conseiller"
    ORGANISATION = "organisation", "Inscription par l’organisme"


class EvidenceKind(TextChoices):
    """What happened."""

    LESSON_READ = "lesson_read", "Leçon lue"
    QUIZ_GRADED = "quiz_graded", "Questionnaire noté"
    PRESENCE = "presence", "Présence émargée"
    PLACEMENT = "placement", "Stage attesté"


class ModuleState(TextChoices):
    TODO = "todo", "À faire"
    IN_PROGRESS = "in_progress", "En cours"
    DONE = "done", "Obtenu"


class SetRule(TextChoices):
    """How much of a set is asked."""

    ALL = "all", "Tout l’ensemble"
    COUNT = "count", "Un nombre d’éléments"
    MINUTES = "minutes", "Un nombre d’heures"
