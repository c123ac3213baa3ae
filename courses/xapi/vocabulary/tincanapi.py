"""Words of the Tin Can registry."""

from .term import terms

ORIGIN = "http://id.tincanapi.com/"

VERBS = terms(
    f"{ORIGIN}verb/",
    ("certified", "certified", "a certifié"),
    ("earned", "earned", "a obtenu"),
    ("enrolled", "enrolled", "a été inscrit"),
    ("evaluated", "evaluated", "a été évalué"),
)

ACTIVITY_TYPES = terms(f"{ORIGIN}activitytype/", ("placement", "job-experience", "Stage"))
