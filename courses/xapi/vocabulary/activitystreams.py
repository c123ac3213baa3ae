"""Words of Activity Streams."""

from .term import terms

ORIGIN = "http://activitystrea.ms/schema/1.0/"

VERBS = terms(
    ORIGIN,
    ("read", "read", "a lu"),
    ("attached", "attach", "a joint"),
    ("submitted", "submit", "a remis"),
)

ACTIVITY_TYPES = terms(ORIGIN, ("event", "event", "Événement"))
