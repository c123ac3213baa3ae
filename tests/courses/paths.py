"""Path structures for tests, named by letters; and the proofs that complete their modules."""

from collections.abc import Iterable
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from courses.pathways.rules import EvidenceValue
from courses.pathways.structure import ActivityStructure, Item, ModuleStructure, PathStructure, SetStructure


def key(name: str) -> UUID:
    """The same letter is the same thing in every version."""
    return uuid5(NAMESPACE_URL, name)


def module(
    name: str,
    hours: int = 1,
    *,
    parts: Iterable[str] = ("séance",),
    support: Iterable[str] = (),
    **values,
) -> ModuleStructure:
    """« A », of so many hours in equal taught parts, and lessons of support without duration."""
    parts = tuple(parts)
    activities = [
        ActivityStructure(key(f"{name}/{part}"), "session", f"{name} {part}", hours * 60 // len(parts))
        for part in parts
    ]
    activities += [ActivityStructure(key(f"{name}/{one}"), "lesson", f"{name} {one}") for one in support]
    return ModuleStructure(key(name), name, hours * 60, activities=tuple(activities), **values)


def several(title: str, *items: Item | str, **values) -> SetStructure:
    held = tuple(key(item) if isinstance(item, str) else item for item in items)
    return SetStructure(key(f"set {title}"), title, items=held, **values)


def a_path(*modules: ModuleStructure, root: SetStructure | None = None, **values) -> PathStructure:
    return PathStructure(
        "Parcours fictif", "continuing", ("Apprendre",), modules=modules, arrangement=root, **values
    )


def attended(name: str, minutes: int, day: date, part: str = "séance") -> EvidenceValue:
    return EvidenceValue(f"sheet:{name}:{part}:{day}", key(f"{name}/{part}"), "presence", "E2", day, minutes)


def read(name: str, day: date, lesson: str) -> EvidenceValue:
    return EvidenceValue(f"lesson:{name}:{lesson}", key(f"{name}/{lesson}"), "lesson_read", "E0", day)


def remote(name: str, pairs: int = 1, minutes: int = 60, first: int = 1, **values) -> ModuleStructure:
    """« A » of remote lessons, each proved by its own quiz: A/l1 by A/q1…"""
    activities: list[ActivityStructure] = []
    for number in range(first, first + pairs):
        quiz = key(f"{name}/q{number}")
        lesson = key(f"{name}/l{number}")
        activities += [
            ActivityStructure(lesson, "lesson", f"{name} leçon {number}", minutes, evaluated_by=quiz),
            ActivityStructure(quiz, "quiz", f"{name} questionnaire {number}"),
        ]
    return ModuleStructure(key(name), name, pairs * minutes, activities=tuple(activities), **values)
