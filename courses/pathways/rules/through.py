"""A whole path under every version followed: what was completed under one of them stays completed."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from courses.pathways.enums import SetRule
from courses.pathways.structure import PathStructure

from .held import Completion, Held, equivalent_through, module_outcome_through, spans_of
from .module import EvidenceValue
from .path import path_outcome_from
from .standing import PathOutcome

Values = Mapping[UUID, Sequence[EvidenceValue]]
Elsewhere = Mapping[UUID, Completion]


def path_outcome_through(
    held: Sequence[Held],
    values: Values,
    *,
    enrolled_on: date,
    elsewhere: Elsewhere | None = None,
    registration: UUID | None = None,
) -> PathOutcome:
    """The outcome under the version followed today, unless the path was completed under a former one."""
    elsewhere = elsewhere or {}
    today = _under(held, values, elsewhere, enrolled_on, registration)
    for rank, former in enumerate(held[:-1], 1):
        left_on = former.until or date.max
        followed = [*held[: rank - 1], replace(former, until=None)]
        then = _under(followed, *_by(left_on, values, elsewhere), enrolled_on, None)
        if then.done:
            return replace(
                then,
                modules=tuple(
                    one if one.done else replace(one, asked=False, due_on=None) for one in today.modules
                ),
            )
    return today


def _under(
    held: Sequence[Held], values: Values, elsewhere: Elsewhere, enrolled_on: date, registration: UUID | None
) -> PathOutcome:
    outcome = _read(held, values, elsewhere, enrolled_on, registration)
    if not outcome.done:
        return outcome
    on, since = outcome.completed_on, held[-1].since
    if _counts_minutes(held[-1].structure):
        on = _first_day(held, values, elsewhere, enrolled_on)
    return replace(outcome, completed_on=max(on, since) if on and since else on)


def _read(
    held: Sequence[Held],
    values: Values,
    elsewhere: Elsewhere,
    enrolled_on: date,
    registration: UUID | None = None,
) -> PathOutcome:
    structure = held[-1].structure
    spans = {module.public_id: spans_of(held, module.public_id) for module in structure.modules}
    outcomes = {
        public_id: module_outcome_through(values.get(public_id, ()), some, registration)
        for public_id, some in spans.items()
    }
    completed = {**elsewhere, **_completed_here(held, values, elsewhere)}
    equivalents = {
        public_id: found
        for public_id, some in spans.items()
        if completed and (found := equivalent_through(some, completed, enrolled_on))
    }
    return path_outcome_from(structure, outcomes, enrolled_on=enrolled_on, equivalents=equivalents)


def _completed_here(held: Sequence[Held], values: Values, elsewhere: Elsewhere) -> dict[UUID, Completion]:
    """Modules of this very path that count for others of it, unless they were completed elsewhere before."""
    wanted = frozenset().union(*(one.structure.equivalents for one in held))
    found: dict[UUID, Completion] = {}
    for public_id in wanted:
        if not (spans := spans_of(held, public_id)):
            continue
        outcome = module_outcome_through(values.get(public_id, ()), spans)
        if not (outcome.done and outcome.completed_on):
            continue
        before = elsewhere.get(public_id)
        if before is None or outcome.completed_on < before.on:
            found[public_id] = Completion(spans[-1].module.title, outcome.completed_on)
    return found


def _by(day: date, values: Values, elsewhere: Elsewhere) -> tuple[Values, Elsewhere]:
    """What had happened by that day."""
    return (
        {module: [value for value in some if value.valid_on <= day] for module, some in values.items()},
        {module: one for module, one in elsewhere.items() if one.on <= day},
    )


def _counts_minutes(structure: PathStructure) -> bool:
    return any(one.rule == SetRule.MINUTES for one in structure.root.sets())


def _first_day(held: Sequence[Held], values: Values, elsewhere: Elsewhere, enrolled_on: date) -> date | None:
    """Where minutes are counted, no module’s date tells: the first day whose facts were enough."""
    days = sorted(
        {value.valid_on for some in values.values() for value in some}
        | {max(one.on, enrolled_on) for one in elsewhere.values()}
    )

    def reached(day: date) -> bool:
        return _read(held, *_by(day, values, elsewhere), enrolled_on).done

    return days[min(bisect_left(days, True, key=reached), len(days) - 1)] if days else None
