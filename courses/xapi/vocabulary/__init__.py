"""The words our statements are made of: one file for each origin of IRI, French labels, no IRI written twice."""

from . import activitystreams, adl, cmi5, tincanapi
from .term import Term

VERBS: dict[str, Term] = {
    term.name: term for origin in (adl, activitystreams, cmi5, tincanapi) for term in origin.VERBS
}
ACTIVITY_TYPES: dict[str, Term] = {
    term.name: term for origin in (adl, activitystreams, cmi5, tincanapi) for term in origin.ACTIVITY_TYPES
}

__all__ = ["ACTIVITY_TYPES", "VERBS", "Term"]
