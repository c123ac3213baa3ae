"""Words of ADL (registry of the xAPI authors)."""

from .term import terms

ORIGIN = "http://adlnet.gov/expapi/"

VERBS = terms(
    f"{ORIGIN}verbs/",
    ("answered", "answered", "a répondu"),
    ("attempted", "attempted", "a tenté"),
    ("attended", "attended", "a été présent"),
    ("completed", "completed", "a achevé"),
    ("experienced", "experienced", "a consulté"),
    ("failed", "failed", "a échoué"),
    ("initialized", "initialized", "a commencé"),
    ("mastered", "mastered", "maîtrise"),
    ("passed", "passed", "a réussi"),
    ("progressed", "progressed", "a avancé"),
    ("registered", "registered", "s’est inscrit"),
    ("scored", "scored", "a obtenu un score"),
    ("terminated", "terminated", "a quitté"),
    ("voided", "voided", "a annulé"),
)

ACTIVITY_TYPES = terms(
    f"{ORIGIN}activities/",
    ("assessment", "assessment", "Évaluation"),
    ("course", "course", "Parcours"),
    ("lesson", "lesson", "Leçon"),
    ("meeting", "meeting", "Séance"),
    ("module", "module", "Module"),
    ("performance", "performance", "Mise en situation"),
)
