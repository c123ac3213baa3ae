"""Status is a pure function of a set of facts (R-38): no order, no repetition, no clock changes it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from courses.catalogue.enums import ActivityKind
from courses.pathways.enums import EvidenceKind, ModuleState
from courses.pathways.structure import ActivityStructure, ModuleStructure
from courses.shared.durations import spoken
from courses.xapi.enums import EvidenceClass

_PRESENCE_PROOF = frozenset({EvidenceClass.E2.value})
_GRADED_PROOF = frozenset({EvidenceClass.E1.value, EvidenceClass.E2.value})


@dataclass(frozen=True, order=True)
class EvidenceValue:
    """A proof as the rule sees it."""

    source_key: str
    activity: UUID
    kind: str
    evidence_class: str
    valid_on: date
    minutes: int = 0
    success: bool = False
    score_percent: int = -1


@dataclass(frozen=True)
class Missing:
    """One thing that a learner still has to do, with its exact reason; and the page where it is done."""

    text: str
    minutes: int = 0
    url_name: str = ""
    url_args: tuple[Any, ...] = ()
    action: str = ""

    @property
    def reason(self) -> str:
        return self.text

    @property
    def url(self) -> str:
        """Address of the page, or nothing when there is none."""
        if not self.url_name:
            return ""
        try:
            return reverse(self.url_name, args=self.url_args)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class ModuleOutcome:
    """Where a set of proofs stands in one module."""

    state: str
    on_site_minutes: int = 0
    remote_minutes: int = 0
    placement_minutes: int = 0
    required_minutes: int = 0
    activities_done: int = 0
    activities_total: int = 0
    completed_on: date | None = None
    # Activities of the module that something was recorded for.
    begun: frozenset[UUID] = frozenset()
    evidence: tuple[Any, ...] = ()
    missing: tuple[Missing, ...] = field(default=())

    @property
    def proved_minutes(self) -> int:
        return self.on_site_minutes + self.remote_minutes + self.placement_minutes

    @property
    def done(self) -> bool:
        return self.state == ModuleState.DONE


class Facts:
    """Proofs of one module, each source once, summed by activity."""

    def __init__(self, values: Iterable[EvidenceValue]) -> None:
        # A source counts once; should it say two things, the same one is always kept.
        unique = {value.source_key: value for value in sorted(values)}
        self.values = list(unique.values())
        self._by_kind: dict[tuple[UUID, str], list[EvidenceValue]] = {}
        for value in self.values:
            self._by_kind.setdefault((value.activity, value.kind), []).append(value)

    def _of(
        self, activity: UUID, kind: EvidenceKind, classes: frozenset[str] | None = None
    ) -> list[EvidenceValue]:
        found = self._by_kind.get((activity, kind.value), [])
        return [value for value in found if value.evidence_class in classes] if classes and found else found

    def presence(self, activity: UUID) -> int:
        return sum(value.minutes for value in self._of(activity, EvidenceKind.PRESENCE, _PRESENCE_PROOF))

    def placement(self, activity: UUID) -> int:
        return sum(value.minutes for value in self._of(activity, EvidenceKind.PLACEMENT, _PRESENCE_PROOF))

    def passed(self, quiz: UUID) -> bool:
        return any(value.success for value in self._of(quiz, EvidenceKind.QUIZ_GRADED, _GRADED_PROOF))

    def tried(self, quiz: UUID) -> bool:
        return bool(self._of(quiz, EvidenceKind.QUIZ_GRADED))

    def covered(self, quiz: UUID) -> int:
        """Announced minutes of the sequences that a passed quiz proves; whoever grades gives those of each one once."""
        graded = self._of(quiz, EvidenceKind.QUIZ_GRADED, _GRADED_PROOF)
        return sum(value.minutes for value in graded if value.success)

    def read(self, lesson: UUID) -> bool:
        return bool(self._of(lesson, EvidenceKind.LESSON_READ))


def module_outcome_from(
    values: Iterable[EvidenceValue], module: ModuleStructure, registration: UUID | None = None
) -> ModuleOutcome:
    """The state of a module, its proved minutes by nature, and what is missing.

    A session needs its whole duration on closed sheets (E2), a placement on attestations (E2), a quiz to be passed
    (E1); a lesson is read, or proved by the quiz that evaluates it. What was merely read (E0) never gives a minute.
    """
    facts = Facts(values)
    missing = [
        lack for activity in module.activities if (lack := _lack(activity, facts, registration)) is not None
    ]
    total = len(module.activities)
    if not missing:
        state = ModuleState.DONE
    elif facts.values:
        state = ModuleState.IN_PROGRESS
    else:
        state = ModuleState.TODO
    return ModuleOutcome(
        state=state.value,
        on_site_minutes=sum(facts.presence(activity.public_id) for activity in module.activities),
        remote_minutes=sum(facts.covered(quiz.public_id) for quiz in module.of_kind(ActivityKind.QUIZ)),
        placement_minutes=sum(facts.placement(activity.public_id) for activity in module.activities),
        required_minutes=module.minutes,
        activities_done=total - len(missing),
        activities_total=total,
        completed_on=_completed_on(facts.values, module) if not missing else None,
        begun=frozenset({value.activity for value in facts.values} & module.activity_ids),
        missing=tuple(missing),
    )


def _lack(activity: ActivityStructure, facts: Facts, registration: UUID | None) -> Missing | None:
    return _LACKS[activity.kind](activity, facts, registration)


def _lesson_lack(activity: ActivityStructure, facts: Facts, registration: UUID | None) -> Missing | None:
    graded = activity.evaluated_by is not None and facts.passed(activity.evaluated_by)
    if graded or facts.read(activity.public_id):
        return None
    return Missing(
        f"Leçon à lire\u00a0: {activity.title}",
        url_name="lesson" if registration else "",
        url_args=(registration, activity.public_id) if registration else (),
        action="Lire la leçon",
    )


def _quiz_lack(activity: ActivityStructure, facts: Facts, registration: UUID | None) -> Missing | None:
    if facts.passed(activity.public_id):
        return None
    again = " (votre dernière tentative n’a pas atteint le seuil)" if facts.tried(activity.public_id) else ""
    return Missing(
        f"Questionnaire à réussir\u00a0: {activity.title}{again}",
        url_name="quiz" if registration else "",
        url_args=(registration, activity.public_id) if registration else (),
        action="Répondre",
    )


def _session_lack(activity: ActivityStructure, facts: Facts, registration: UUID | None) -> Missing | None:
    short = activity.minutes - facts.presence(activity.public_id)
    if short <= 0:
        return None
    return Missing(f"Il manque {spoken(short)} de présence émargée\u00a0: {activity.title}", minutes=short)


def _placement_lack(activity: ActivityStructure, facts: Facts, registration: UUID | None) -> Missing | None:
    short = activity.minutes - facts.placement(activity.public_id)
    if short <= 0:
        return None
    return Missing(f"Il manque {spoken(short)} de stage attesté\u00a0: {activity.title}", minutes=short)


_LACKS: dict[str, Callable[[ActivityStructure, Facts, UUID | None], Missing | None]] = {
    ActivityKind.LESSON.value: _lesson_lack,
    ActivityKind.QUIZ.value: _quiz_lack,
    ActivityKind.SESSION.value: _session_lack,
    ActivityKind.PLACEMENT.value: _placement_lack,
}


def _completed_on(values: Sequence[EvidenceValue], module: ModuleStructure) -> date | None:
    """The first day by which nothing was missing any more."""
    days = sorted({value.valid_on for value in values})
    if not days:
        return None

    def complete(day: date) -> bool:
        facts = Facts(value for value in values if value.valid_on <= day)
        return all(_lack(activity, facts, None) is None for activity in module.activities)

    return days[min(bisect_left(days, True, key=complete), len(days) - 1)]
