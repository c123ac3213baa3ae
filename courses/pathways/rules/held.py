"""One module under every version that the learner has followed.

A module is judged under each version that holds it, in the order they were followed: under a former one by what had
happened by the day it was left, under the last one without end. The first version under which it is done decides, so
that what is obtained stays, with its date; a completion that only a later version grants is dated, at the earliest,
from the day that version was accepted. Proved minutes count whatever version announced the activity: they never fall.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from courses.catalogue.enums import ActivityKind
from courses.pathways.enums import ModuleState
from courses.pathways.structure import ActivityStructure, ModuleStructure, PathStructure

from .module import EvidenceValue, Facts, ModuleOutcome, module_outcome_from


@dataclass(frozen=True)
class Held:
    """A version followed, from the day it was accepted (None: from the first day) to the day it was left."""

    structure: PathStructure
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Span:
    """A module as one version had it, and the days it was followed so."""

    module: ModuleStructure
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Completion:
    """A module completed somewhere by the same adviser."""

    title: str
    on: date


def spans_of(held: Sequence[Held], module: UUID) -> tuple[Span, ...]:
    """The versions that hold this module; each lasts until the next one that holds it as well."""
    holding = [(one.since, found) for one in held if (found := one.structure.module(module)) is not None]
    ends = [*(since for since, _ in holding[1:]), None][: len(holding)]
    return tuple(Span(found, since, end) for (since, found), end in zip(holding, ends, strict=True))


def module_outcome_through(
    values: Iterable[EvidenceValue], spans: Sequence[Span], registration: UUID | None = None
) -> ModuleOutcome:
    """The outcome under the first version that it was done in, else under the last one."""
    kept = list(values)
    if len(spans) == 1 and spans[0].since is None:
        return module_outcome_from(kept, spans[0].module, registration)
    for span in spans:
        seen = kept if span.until is None else [value for value in kept if value.valid_on <= span.until]
        outcome = module_outcome_from(seen, span.module, registration)
        if outcome.done:
            on = outcome.completed_on
            outcome = replace(outcome, completed_on=max(on, span.since) if on and span.since else on)
            break
    return _with_every_minute(outcome, kept, spans)


def _with_every_minute(
    outcome: ModuleOutcome, values: Sequence[EvidenceValue], spans: Sequence[Span]
) -> ModuleOutcome:
    """The same, with what the activities of every version held have proved."""
    facts = Facts(values)
    activities: dict[UUID, ActivityStructure] = {}
    for span in spans:
        activities |= {activity.public_id: activity for activity in span.module.activities}
    started = outcome.state == ModuleState.TODO and bool(values)
    return replace(
        outcome,
        state=ModuleState.IN_PROGRESS.value if started else outcome.state,
        on_site_minutes=sum(facts.presence(activity) for activity in activities),
        remote_minutes=sum(
            facts.covered(one.public_id) for one in activities.values() if one.kind == ActivityKind.QUIZ
        ),
        placement_minutes=sum(facts.placement(activity) for activity in activities),
    )


def equivalent_through(
    spans: Sequence[Span], elsewhere: Mapping[UUID, Completion], enrolled_on: date
) -> Completion | None:
    """The completion elsewhere that counts as this module’s, dated from the day it began to count here.

    It counts for the module, not for its minutes: these were proved there, and are never proved twice.
    """
    for span in spans:
        since = span.since or enrolled_on
        found = [elsewhere[other] for other in span.module.equivalents if other in elsewhere]
        if span.until is not None:
            found = [one for one in found if one.on <= span.until]
        if found:
            first = min(found, key=lambda one: (one.on, one.title))
            return Completion(first.title, max(first.on, since))
    return None
