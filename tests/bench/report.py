"""The table: each goal beside what was measured, its anchor and what was missed; as text, as Markdown and as JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BEGIN = "<!-- bench: begin (written by `make bench ARGS=--write`) -->"
END = "<!-- bench: end -->"
HEADINGS = ("Goal", "What", "Ours", "Anchor", "Ratio", "Limit", "Verdict", "Peers, and goals' own anchors")


@dataclass(frozen=True)
class Figure:
    """Several rounds of one measure."""

    values: tuple[float, ...]
    unit: str

    @classmethod
    def of(cls, values: Iterable[float], unit: str) -> Figure:
        return cls(tuple(values), unit)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        low, high = min(self.values), max(self.values)
        spread = f" ({_number(low)}–{_number(high)})" if len(self.values) > 1 else ""
        return f"{_number(self.median)}{spread} {self.unit}".rstrip()


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace(",", "\u202f")


@dataclass(frozen=True)
class Result:
    """One line of the table. `limit` is a ratio: at least it, or at most it when `at_most`."""

    goal: str
    what: str
    ours: Figure
    anchor: Figure | None = None
    ratio: Figure | None = None
    limit: float | None = None
    at_most: bool = False
    unit: str = "×"
    peers: str = ""

    @property
    def verdict(self) -> str:
        if self.ratio is None or self.limit is None:
            return "for information"
        found = self.ratio.median
        if found <= self.limit if self.at_most else found >= self.limit:
            return "met"
        return f"missed by {abs(found - self.limit) / self.limit:.0%}"

    def cells(self) -> tuple[str, ...]:
        sign = "≤" if self.at_most else "≥"
        return (
            self.goal,
            self.what,
            str(self.ours),
            str(self.anchor or "–"),
            str(self.ratio or "–"),
            f"{sign} {self.limit:g} {self.unit}" if self.limit is not None else "–",
            self.verdict,
            self.peers or "–",
        )


def ratios(ours: Sequence[float], anchor: Sequence[float], unit: str = "×") -> Figure:
    """Round by round: each with the anchor measured just after it."""
    return Figure.of((one / other for one, other in zip(ours, anchor, strict=True)), unit)


def markdown(results: Sequence[Result], circumstances: str) -> str:
    lines = [
        circumstances,
        "",
        f"| {' | '.join(HEADINGS)} |",
        f"|{'---|' * len(HEADINGS)}",
        *(f"| {' | '.join(cell.replace('|', '/') for cell in result.cells())} |" for result in results),
    ]
    return "\n".join(lines)


def text(results: Sequence[Result]) -> str:
    """The same for a terminal: one measure, a few lines."""
    lines = []
    for result in results:
        goal, what, ours, anchor, ratio, limit, verdict, peers = result.cells()
        lines.append(f"{goal:<7}{what}")
        lines.append(f"       ours {ours}   anchor {anchor}")
        lines.append(f"       ratio {ratio}   limit {limit}   -> {verdict}")
        if result.peers:
            lines.append(f"       peers: {peers}")
    return "\n".join(lines)


def write_json(path: Path, results: Sequence[Result], about: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    found = [asdict(result) | {"verdict": result.verdict} for result in results]
    path.write_text(json.dumps({"about": about, "results": found}, ensure_ascii=False, indent=1) + "\n")


def write_markdown(path: Path, table: str) -> None:
    """Replace what stands between the marks; nothing else of the page moves."""
    page = path.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{path} has lost its marks: {BEGIN} … {END}")
    path.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
