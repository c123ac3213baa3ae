"""Words of cmi5."""

from .term import terms

ORIGIN = "https://w3id.org/xapi/"

VERBS = terms(
    f"{ORIGIN}adl/verbs/",
    ("abandoned", "abandoned", "a abandonné"),
    ("launched", "launched", "a lancé"),
    ("satisfied", "satisfied", "a satisfait"),
    ("waived", "waived", "a été dispensé"),
)

ACTIVITY_TYPES = terms(f"{ORIGIN}cmi5/activitytype/", ("block", "block", "Bloc"))
