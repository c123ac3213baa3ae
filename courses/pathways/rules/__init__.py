"""Status is a pure function of a set of facts (R-38): no order, no repetition, no clock changes it."""

from .change import Change, change_between
from .held import Completion, Held, module_outcome_through, spans_of
from .module import EvidenceValue, Missing, ModuleOutcome, module_outcome_from
from .path import path_outcome_from
from .standing import ModuleStanding, PathOutcome
from .through import path_outcome_through

__all__ = [
    "Change",
    "Completion",
    "EvidenceValue",
    "Held",
    "Missing",
    "ModuleOutcome",
    "ModuleStanding",
    "PathOutcome",
    "change_between",
    "module_outcome_from",
    "module_outcome_through",
    "path_outcome_from",
    "path_outcome_through",
    "spans_of",
]
