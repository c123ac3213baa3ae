"""The sets of a path as its author arranged them, flattened for a page: a set, then what it holds, one level deeper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from courses.api import Missing, ModuleStanding, PathOutcome, PathStructure, SetRule, SetStructure
from courses.shared.durations import spoken

from .queries import ModuleSteps

_DEEPEST = 5  # heading levels


@dataclass(frozen=True)
class SetLine:
    """A set: its title, and what it asks in words."""

    title: str
    asks: str
    level: int
    due_on: date | None = None


@dataclass(frozen=True)
class ModuleLine:
    """A module in its set."""

    steps: ModuleSteps
    standing: ModuleStanding
    level: int

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What is left, once it may be begun; the reason of a lock is told apart."""
        return () if self.standing.locked_by or self.standing.equivalent else self.standing.missing


def lines_of(
    structure: PathStructure, modules: list[ModuleSteps], outcome: PathOutcome, enrolled_on: date
) -> list[SetLine | ModuleLine]:
    """The whole path from top to bottom; the outermost set speaks only when it asks something of its own."""
    steps = {module.key: module for module in modules}
    return list(_walk(structure.root, steps, outcome, enrolled_on, 2, outermost=True))


def _walk(
    held: SetStructure, steps: dict[UUID, ModuleSteps], outcome: PathOutcome, start: date, level: int,
    *, outermost: bool = False,
) -> Iterator[SetLine | ModuleLine]:  # fmt: skip
    plain = outermost and held.rule == SetRule.ALL
    if not outermost:
        due = start + timedelta(days=held.due_days) if held.due_days is not None else None
        yield SetLine(held.title, asked(held), min(level + 1, _DEEPEST), due)
    elif not plain or held.ordered:
        yield SetLine("", asked(held), level)
    inner = level if outermost else level + 1
    for item in held.items:
        if isinstance(item, SetStructure):
            yield from _walk(item, steps, outcome, start, inner)
            continue
        standing = outcome.module(item)
        if standing is not None and item in steps:
            yield ModuleLine(steps[item], standing, min(inner + 1, _DEEPEST))


def asked(held: SetStructure) -> str:
    """« 2 modules au choix parmi 4, dans l’ordre. Facultatif. »"""
    total = len(held.items)
    noun = "élément" if any(isinstance(item, SetStructure) for item in held.items) else "module"
    if held.rule == SetRule.COUNT:
        words = f"{held.need}\u00a0{noun}{'s' if held.need > 1 else ''} au choix parmi {total}"
    elif held.rule == SetRule.MINUTES:
        words = f"{spoken(held.need)} au choix parmi {total}\u00a0{noun}{'s' if total > 1 else ''}"
    else:
        words = f"{total}\u00a0{noun}s à suivre" if total > 1 else f"1\u00a0{noun} à suivre"
    if held.ordered:
        words += ", dans l’ordre"
    return f"{words}. Facultatif." if held.optional else f"{words}."
