"""What a published path holds: plain frozen values, one canonical text, one hash."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self, Union
from uuid import UUID

from courses.catalogue.enums import ActivityKind
from courses.shared import canonical

from .enums import SetRule


def _lines(value: Any) -> tuple[str, ...]:
    """Objectives may come as one text, one a line."""
    if isinstance(value, str):
        return tuple(line.strip() for line in value.splitlines() if line.strip())
    return tuple(value or ())


@dataclass(frozen=True)
class ActivityStructure:
    """A step of a module. A lesson with minutes is a remote sequence, proved by the quiz named `evaluated_by`.

    `content_hash` is that of a lesson’s text, `quiz_hash` that of a quiz: a word changed is another version.
    """

    public_id: UUID
    kind: str
    title: str
    minutes: int = 0
    content_hash: str = ""
    quiz_hash: str = ""
    evaluated_by: UUID | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", ActivityKind(self.kind).value)


@dataclass(frozen=True)
class ModuleStructure:
    """A module as published."""

    public_id: UUID
    title: str
    minutes: int
    objectives: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    contact: str = ""
    completion_rule: str = "all"
    activities: tuple[ActivityStructure, ...] = field(default=())
    # Not asked to complete what holds it.
    optional: bool = False
    # Modules of the same path to complete before this one.
    requires: tuple[UUID, ...] = ()
    # Modules, of any path, whose completion counts as this one’s.
    equivalents: tuple[UUID, ...] = ()
    # To be done within so many days of the enrolment.
    due_days: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "objectives", _lines(self.objectives))
        object.__setattr__(self, "competences", _lines(self.competences))
        object.__setattr__(self, "activities", tuple(self.activities))

    @cached_property
    def activity_ids(self) -> frozenset[UUID]:
        return frozenset(activity.public_id for activity in self.activities)

    def activity(self, public_id: UUID) -> ActivityStructure | None:
        return next((activity for activity in self.activities if activity.public_id == public_id), None)

    def of_kind(self, kind: str) -> tuple[ActivityStructure, ...]:
        return tuple(activity for activity in self.activities if activity.kind == kind)

    def evaluated_by(self, quiz: UUID) -> tuple[ActivityStructure, ...]:
        """The remote sequences whose duration this quiz proves."""
        return tuple(lesson for lesson in self.of_kind(ActivityKind.LESSON) if lesson.evaluated_by == quiz)

    @property
    def provable_minutes(self) -> int:
        """What closed sheets, attested placements and graded quizzes may prove at most."""
        return sum(
            activity.minutes
            for activity in self.activities
            if activity.kind in {ActivityKind.SESSION, ActivityKind.PLACEMENT}
            or (activity.kind == ActivityKind.LESSON and activity.evaluated_by)
        )


Item = Union[UUID, "SetStructure"]


@dataclass(frozen=True)
class SetStructure:
    """A set of modules and of sets: all of them, `need` of them, or `need` minutes of them.

    « One of » is an alternative. `ordered`: each item opens when the one before it is done.
    """

    public_id: UUID
    title: str
    rule: str = SetRule.ALL.value
    need: int = 0
    ordered: bool = False
    optional: bool = False
    due_days: int | None = None
    items: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rule", SetRule(self.rule).value)
        object.__setattr__(self, "items", tuple(self.items))

    def modules(self) -> Iterator[UUID]:
        """The modules it holds, at any depth, in order."""
        for item in self.items:
            if isinstance(item, SetStructure):
                yield from item.modules()
            else:
                yield item

    def sets(self) -> "Iterator[SetStructure]":
        """Itself and the sets it holds, at any depth."""
        yield self
        for item in self.items:
            if isinstance(item, SetStructure):
                yield from item.sets()


@dataclass(frozen=True)
class PathStructure:
    """A path as published: its modules in order, and how they combine when it is not simply « all of them »."""

    title: str
    kind: str
    objectives: tuple[str, ...] = ()
    minutes: int = 0
    modules: tuple[ModuleStructure, ...] = ()
    arrangement: SetStructure | None = None
    due_days: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "objectives", _lines(self.objectives))
        object.__setattr__(self, "modules", tuple(self.modules))

    def module(self, public_id: UUID) -> ModuleStructure | None:
        return self._modules.get(public_id)

    def activities(self) -> Iterator[tuple[ModuleStructure, ActivityStructure]]:
        """Every activity, in the order of the path."""
        for module in self.modules:
            for activity in module.activities:
                yield module, activity

    def find(self, activity: UUID) -> tuple[ModuleStructure, ActivityStructure] | None:
        return self._activities.get(activity)

    @cached_property
    def _modules(self) -> dict[UUID, ModuleStructure]:
        return {module.public_id: module for module in self.modules}

    @cached_property
    def _activities(self) -> dict[UUID, tuple[ModuleStructure, ActivityStructure]]:
        return {activity.public_id: (module, activity) for module, activity in self.activities()}

    @cached_property
    def root(self) -> SetStructure:
        """The arrangement; without one, all the modules in free order."""
        if self.arrangement is not None:
            return self.arrangement
        return SetStructure(UUID(int=0), self.title, items=tuple(module.public_id for module in self.modules))

    @property
    def least_minutes(self) -> int:
        """The least that completes it: what `minutes` announces."""
        return self.asked_minutes(self.root, most=False)

    @property
    def most_minutes(self) -> int:
        """The most that it may ask, by the longest choices."""
        return self.asked_minutes(self.root, most=True)

    def asked_minutes(
        self,
        item: Item,
        *,
        most: bool,
        measure: Callable[[ModuleStructure], int] = lambda module: module.minutes,
    ) -> int:
        """What an item asks by the shortest or the longest choices; what is optional is never asked."""
        if not isinstance(item, SetStructure):
            found = self.module(item)
            return measure(found) if found else 0
        parts = sorted(
            (
                self.asked_minutes(part, most=most, measure=measure)
                for part in item.items
                if not self.is_optional(part)
            ),
            reverse=most,
        )
        if item.rule == SetRule.MINUTES:
            return min(item.need, sum(parts))
        return sum(parts[: item.need] if item.rule == SetRule.COUNT else parts)

    def is_optional(self, item: Item) -> bool:
        found = item if isinstance(item, SetStructure) else self.module(item)
        return found is not None and found.optional

    def completed_by(self, modules: Collection[UUID]) -> bool:
        """Are these modules, once completed, all that it asks?"""

        def minutes(item: Item) -> int:
            if not isinstance(item, SetStructure):
                found = self.module(item)
                return found.minutes if found and item in modules else 0
            given = sum(minutes(part) for part in item.items if not self.is_optional(part))
            return min(item.need, given) if item.rule == SetRule.MINUTES else given

        def done(item: Item) -> bool:
            if not isinstance(item, SetStructure):
                return item in modules
            if item.rule == SetRule.MINUTES:
                return minutes(item) >= item.need
            reached = [done(part) for part in item.items if not self.is_optional(part)]
            return sum(reached) >= item.need if item.rule == SetRule.COUNT else all(reached)

        return done(self.root)

    @cached_property
    def equivalents(self) -> frozenset[UUID]:
        """The modules whose completion counts for one of its own."""
        return frozenset(other for module in self.modules for other in module.equivalents)

    @cached_property
    def may_lock(self) -> bool:
        """Is anything ever closed to those who follow it?"""
        return any(module.requires for module in self.modules) or any(
            held.ordered for held in self.root.sets()
        )

    def plain(self) -> dict[str, Any]:
        """Its values. What came to the format later is left out when it says nothing: old hashes hold."""
        value = {name: kept for name, kept in asdict(self).items() if kept != _LATER.get(name, ...)}
        value["modules"] = [
            {name: kept for name, kept in module.items() if kept != _LATER.get(name, ...)}
            for module in value["modules"]
        ]
        return value

    def to_json(self) -> str:
        """The canonical text."""
        return canonical.dumps(self.plain())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        value = json.loads(text)
        arrangement = value.get("arrangement")
        return cls(
            **value
            | {
                "modules": tuple(_module(module) for module in value["modules"]),
                "arrangement": _set(arrangement) if arrangement else None,
            }
        )

    @property
    def hash(self) -> str:
        return canonical.digest("path-structure-1", self.plain())


_LATER: dict[str, Any] = {
    "arrangement": None,
    "due_days": None,
    "optional": False,
    "requires": (),
    "equivalents": (),
}


def _module(value: dict[str, Any]) -> ModuleStructure:
    activities = tuple(_activity(activity) for activity in value["activities"])
    others = {name: tuple(map(UUID, value.get(name, ()))) for name in ("requires", "equivalents")}
    return ModuleStructure(
        **value | others | {"public_id": UUID(value["public_id"]), "activities": activities}
    )


def _set(value: dict[str, Any]) -> SetStructure:
    items = tuple(_set(item) if isinstance(item, dict) else UUID(item) for item in value["items"])
    return SetStructure(**value | {"public_id": UUID(value["public_id"]), "items": items})


def _activity(value: dict[str, Any]) -> ActivityStructure:
    evaluated_by = value["evaluated_by"]
    ids = {
        "public_id": UUID(value["public_id"]),
        "evaluated_by": UUID(evaluated_by) if evaluated_by else None,
    }
    return ActivityStructure(**value | ids)
