"""Who is asked what, and what may be published of the answers. No database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from .enums import Moment
from .questionnaire import HIGHEST

DONE = "done"  # the state of a module that is done, as pathways writes it


class Followed(Protocol):
    """How far a learner is in a module: a row of progress or an outcome, both have these."""

    @property
    def state(self) -> str: ...
    @property
    def proved_minutes(self) -> int: ...
    @property
    def required_minutes(self) -> int: ...
    @property
    def on_site_minutes(self) -> int: ...


def moment_of(followed: Followed) -> Moment | None:
    """After, once the module is done; during, from half of its hours or from the first presence on; else not yet."""
    if followed.state == DONE:
        return Moment.AFTER
    half = followed.required_minutes > 0 and 2 * followed.proved_minutes >= followed.required_minutes
    return Moment.DURING if half or followed.on_site_minutes > 0 else None


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


@dataclass(frozen=True)
class Sheaf:
    """Equal answers: the same module, moment, month and marks, so many times."""

    module: int
    moment: str
    month: date
    marks: Mapping[str, int]
    count: int


@dataclass(frozen=True)
class Block:
    """The smallest thing ever shown: whole months of one module at one moment, that hold the threshold together."""

    module: int
    moment: str
    first_month: date
    last_month: date
    answers: int
    # question → how many gave 1, 2, 3, 4, 5
    counts: Mapping[str, tuple[int, ...]]

    @property
    def marks(self) -> "Marks":
        return summed([self])


def blocks(sheaves: Iterable[Sheaf], *, this_month: date, threshold: int) -> list[Block]:
    """Months joined, the oldest first, until the threshold is reached; the month under way and the rest wait.

    A finished month receives no more answers, so a block never changes once it is out. Every figure is a sum of whole
    blocks: two figures, of two filters or of two days, differ by a whole block at least, never by fewer answers.
    """
    rows: dict[tuple[int, str], dict[date, list[Sheaf]]] = defaultdict(lambda: defaultdict(list))
    for sheaf in sheaves:
        if sheaf.month < this_month:
            rows[sheaf.module, sheaf.moment][sheaf.month].append(sheaf)
    return [
        block
        for (module, moment), months in sorted(rows.items())
        for block in _joined(module, moment, months, threshold)
    ]


def _joined(module: int, moment: str, months: Mapping[date, list[Sheaf]], threshold: int) -> Iterator[Block]:
    first: date | None = None
    held: list[Sheaf] = []
    for month in sorted(months):
        first, held = first or month, [*held, *months[month]]
        answers = sum(sheaf.count for sheaf in held)
        if answers >= threshold:
            yield Block(module, moment, first, month, answers, _counts(held))
            first, held = None, []


def _counts(sheaves: Iterable[Sheaf]) -> dict[str, tuple[int, ...]]:
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for sheaf in sheaves:
        for question, mark in sheaf.marks.items():
            found[question][mark] += sheaf.count
    return {q: tuple(marks[m] for m in range(1, HIGHEST + 1)) for q, marks in found.items()}


@dataclass(frozen=True)
class Marks:
    """A sum of blocks: how many answers, and each question’s marks."""

    answers: int
    counts: Mapping[str, tuple[int, ...]]
    first_month: date | None
    last_month: date | None

    @property
    def tenths(self) -> int | None:
        """The mean of all the marks, in tenths of a point; None when nothing is published."""
        return _mean(tuple(map(sum, zip(*self.counts.values(), strict=True))))

    def of(self, question: str) -> int | None:
        """The mean of one question, in tenths."""
        return _mean(self.counts.get(question, ()))


def summed(parts: Iterable[Block]) -> Marks:
    """Blocks together."""
    kept = list(parts)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * HIGHEST)
    for block in kept:
        for question, marks in block.counts.items():
            counts[question] = [a + b for a, b in zip(counts[question], marks, strict=True)]
    return Marks(
        sum(block.answers for block in kept),
        {question: tuple(marks) for question, marks in counts.items()},
        min((block.first_month for block in kept), default=None),
        max((block.last_month for block in kept), default=None),
    )


def _mean(marks: tuple[int, ...]) -> int | None:
    """In tenths, to the nearest, whole numbers only."""
    given = sum(marks)
    total = sum(mark * count for mark, count in enumerate(marks, 1))
    return (20 * total + given) // (2 * given) if given else None
