"""The 106 criteria of the RGAA 4.1.2 and where we stand: the accessibility statement is drawn from the file."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

# The day when the file was last gone through, screen by screen.
EVALUATED_ON = date(2026, 11, 22)
FILE = Path(__file__).parent / "data" / "rgaa.csv"
MET, NOT_MET, NOT_APPLICABLE = "C", "NC", "NA"
STATES = {MET: "Conforme", NOT_MET: "Non conforme", NOT_APPLICABLE: "Non applicable"}
HALF = 50


@dataclass(frozen=True)
class Criterion:
    """One line of the file."""

    number: str
    theme: str
    text: str
    state: str
    note: str

    @property
    def state_label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Conformity:
    """The count, the rate, and the words that the law gives to it."""

    met: int
    not_met: int
    not_applicable: int

    @property
    def applicable(self) -> int:
        return self.met + self.not_met

    @property
    def percent(self) -> int:
        """Of the criteria that apply; rounded down: a rate is never flattered."""
        return 100 * self.met // self.applicable if self.applicable else 0

    @property
    def words(self) -> str:
        """« totalement », « partiellement » or « non conforme » (arrêté du 20 septembre 2019)."""
        if self.applicable and not self.not_met:
            return "totalement conforme"
        return "partiellement conforme" if self.percent >= HALF else "non conforme"


@cache
def criteria() -> tuple[Criterion, ...]:
    """All of them, in the order of the reference."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Criterion(row["critere"], row["theme"], row["texte"], row["etat"], row["note"])
            for row in csv.DictReader(file, delimiter=";")
        )


def conformity(of: Iterable[Criterion] | None = None) -> Conformity:
    """Where these criteria stand together; all of them by default."""
    counted = Counter(one.state for one in (criteria() if of is None else of))
    return Conformity(counted[MET], counted[NOT_MET], counted[NOT_APPLICABLE])
