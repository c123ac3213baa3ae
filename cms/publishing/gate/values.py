"""What the gate says: lines, each passed or with its faults."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from courses.shared import canonical


@dataclass(frozen=True)
class Fault:
    """One thing to mend: a sentence, the field where, and the page when it is another one."""

    text: str
    field: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class Check:
    """One point of the list. `find` gives its faults; `note` says how it was met when that is not plain to see."""

    code: str
    label: str
    find: Callable[[Any], Iterable[Fault]]
    note: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Line:
    """A check, answered."""

    code: str
    label: str
    faults: tuple[Fault, ...] = ()
    note: str = ""

    @property
    def passed(self) -> bool:
        return not self.faults

    @property
    def detail(self) -> str:
        return " ".join(fault.text for fault in self.faults) or self.note

    def plain(self) -> dict[str, Any]:
        return {"code": self.code, "label": self.label, "passed": self.passed, "detail": self.detail}


@dataclass(frozen=True)
class Report:
    """Every check of one page, in the order of the editor."""

    lines: tuple[Line, ...]

    @property
    def passed(self) -> bool:
        return all(line.passed for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(not line.passed for line in self.lines)

    @property
    def ordered(self) -> list[Line]:
        """What is left to do first."""
        return sorted(self.lines, key=lambda line: line.passed)

    @property
    def faults(self) -> Iterator[Fault]:
        for line in self.lines:
            yield from line.faults

    def to_json(self) -> str:
        return canonical.dumps([line.plain() for line in self.lines])
