"""Reading paths and progress."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from courses.catalogue.models import Module

from .errors import NotInPathError
from .models import Enrolment, Evidence, ModuleProgress, PathVersion
from .rules import EvidenceValue, Missing, ModuleOutcome, module_outcome_from
from .structure import ModuleStructure, PathStructure

_structures: dict[str, PathStructure] = {}
_KEPT = 256


def structure_of(path_version: PathVersion) -> PathStructure:
    """The structure of a version; parsed once, since a version never changes."""
    found = _structures.get(path_version.structure_hash)
    if found is None:
        found = PathStructure.from_json(path_version.structure)
        if len(_structures) >= _KEPT:
            _structures.clear()
        _structures[path_version.structure_hash] = found
    return found


def module_structure(enrolment: Enrolment, module: Module) -> ModuleStructure:
    """The module as it stands in the version of this enrolment, or NotInPathError."""
    found = structure_of(enrolment.path_version).module(module.public_id)
    if found is None:
        raise NotInPathError("Ce module ne fait pas partie du parcours de cette inscription.")
    return found


def evidence_values(rows: Iterable[Evidence]) -> list[EvidenceValue]:
    """Rows as the pure rule reads them (their activities already joined)."""
    return [
        EvidenceValue(
            source_key=row.source_key,
            activity=row.activity.public_id,
            kind=row.kind,
            evidence_class=row.evidence_class,
            valid_on=row.valid_on,
            minutes=row.minutes,
            success=bool(row.success),
            score_percent=-1 if row.score_percent is None else row.score_percent,
        )
        for row in rows
    ]


def module_outcome(
    enrolment: Enrolment, module: Module, *, as_of: date | None = None, known_at: datetime | None = None
) -> ModuleOutcome:
    """The outcome from evidence alone: what had happened by `as_of`, as believed at `known_at`."""
    structure = module_structure(enrolment, module)
    rows = tuple(
        Evidence.objects.as_of(as_of, known_at)
        .filter(enrolment=enrolment, module=module)
        .select_related("activity")
        .order_by("valid_on", "pk")
    )
    return replace(
        module_outcome_from(evidence_values(rows), structure, enrolment.registration), evidence=rows
    )


def missing_for_module(enrolment: Enrolment, module: Module) -> list[Missing]:
    """What this learner still has to do in this module, with the reasons."""
    return list(module_outcome(enrolment, module).missing)


def missing_for_enrolment(enrolment: Enrolment) -> list[tuple[Module, list[Missing]]]:
    """What is missing in each module of the path that is not done yet, in the order of the path."""
    modules = (progress.module for progress in progress_of(enrolment))
    return [(module, missing) for module in modules if (missing := missing_for_module(enrolment, module))]


def progress_of(enrolment: Enrolment) -> list[ModuleProgress]:
    """One row for each module, in the order of the path."""
    order = {m.public_id: rank for rank, m in enumerate(structure_of(enrolment.path_version).modules)}
    rows = ModuleProgress.objects.filter(enrolment=enrolment).select_related("module")
    return sorted(rows, key=lambda row: order.get(row.module.public_id, len(order)))
