"""Reading paths and progress."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from courses.catalogue.models import Module

from .errors import NotInPathError
from .models import Enrolment, Evidence, ModuleProgress, PathVersion
from .rules import (
    EvidenceValue,
    Held,
    Missing,
    ModuleOutcome,
    module_outcome_through,
    spans_of,
)
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


def held_by(
    enrolment: Enrolment, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[Held, ...]:
    """The versions followed, first to last: by `as_of`, as believed at `known_at`. None is queried once loaded."""
    adoptions = [
        one
        for one in sorted(enrolment.adoptions.all(), key=lambda it: (it.valid_on, it.pk))
        if (as_of is None or one.valid_on <= as_of)
        and (
            one.superseded_at is None
            if known_at is None
            else one.known_at <= known_at and (one.superseded_at is None or one.superseded_at > known_at)
        )
    ]
    versions = [enrolment.path_version, *(one.path_version for one in adoptions)]
    days = [None, *(one.valid_on for one in adoptions), None]
    return tuple(
        Held(structure_of(version), since, until)
        for version, since, until in zip(versions, days, days[1:], strict=False)
    )


def modules_held(held: Iterable[Held]) -> list[ModuleStructure]:
    """Every module of these versions, each as the last one has it: the present version first, then the former ones."""
    found: dict[UUID, ModuleStructure] = {}
    for one in reversed(list(held)):
        found = found | {m.public_id: m for m in one.structure.modules if m.public_id not in found}
    return list(found.values())


def modules_followed(enrolment: Enrolment) -> list[ModuleStructure]:
    """Every module that this learner has had to follow: in the present version, then in the former ones."""
    return modules_held(held_by(enrolment))


def version_on(enrolment: Enrolment, day: date) -> PathVersion:
    """The version followed on that day."""
    return next(version for version, until in enrolment.held if until is None or day < until)


def is_held(enrolment: Enrolment, activity: UUID) -> bool:
    """Did any version followed hold this activity? What was attended or proved under one of them counts."""
    return any(one.structure.find(activity) for one in held_by(enrolment))


def module_structure(enrolment: Enrolment, module: Module) -> ModuleStructure:
    """The module as it stands in the last version followed that holds it, or NotInPathError."""
    spans = spans_of(held_by(enrolment), module.public_id)
    if not spans:
        raise NotInPathError("Ce module ne fait pas partie du parcours de cette inscription.")
    return spans[-1].module


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
    spans = spans_of(held_by(enrolment, as_of=as_of, known_at=known_at), module.public_id)
    if not spans:
        raise NotInPathError("Ce module ne fait pas partie du parcours de cette inscription.")
    rows = tuple(
        Evidence.objects.as_of(as_of, known_at)
        .filter(enrolment=enrolment, module=module)
        .select_related("activity")
        .order_by("valid_on", "pk")
    )
    outcome = module_outcome_through(evidence_values(rows), spans, enrolment.registration)
    return replace(outcome, evidence=rows)


def missing_for_module(enrolment: Enrolment, module: Module) -> list[Missing]:
    """What this learner still has to do in this module, with the reasons."""
    return list(module_outcome(enrolment, module).missing)


def missing_for_enrolment(enrolment: Enrolment) -> list[tuple[Module, list[Missing]]]:
    """What is missing in each module of the path that is not done yet, in the order of the path."""
    modules = (progress.module for progress in progress_of(enrolment))
    return [(module, missing) for module in modules if (missing := missing_for_module(enrolment, module))]


def progress_of(enrolment: Enrolment) -> list[ModuleProgress]:
    """One row for each module ever followed: in the order of the present version, then of the former ones."""
    order = {m.public_id: rank for rank, m in enumerate(modules_held(held_by(enrolment)))}
    rows = ModuleProgress.objects.filter(enrolment=enrolment).select_related("module")
    return sorted(rows, key=lambda row: order.get(row.module.public_id, len(order)))
