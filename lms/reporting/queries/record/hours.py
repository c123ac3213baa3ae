"""Hours of training by civil year: what was proved, each proof once. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from courses.api import PROVING, EvidenceKind


class Proof(Protocol):
    """A row of evidence, as far as its minutes go."""

    enrolment_id: int
    activity_id: int
    kind: str
    evidence_class: str
    valid_on: date
    minutes: int
    success: bool | None


@dataclass(frozen=True)
class YearHours:
    """One civil year, by nature."""

    year: int
    on_site_minutes: int = 0
    remote_minutes: int = 0
    placement_minutes: int = 0

    @property
    def minutes(self) -> int:
        return self.on_site_minutes + self.remote_minutes + self.placement_minutes


def hours_by_year(proofs: Iterable[Proof]) -> tuple[YearHours, ...]:
    """The years from the first proof to the last, empty ones included. The grader gives minutes once."""
    by_year: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for proof in proofs:
        failed = proof.kind == EvidenceKind.QUIZ_GRADED and not proof.success
        if proof.minutes and proof.evidence_class in PROVING and not failed:
            by_year[proof.valid_on.year][proof.kind] += proof.minutes
    if not by_year:
        return ()
    return tuple(
        YearHours(
            year,
            on_site_minutes=by_year[year][EvidenceKind.PRESENCE],
            remote_minutes=by_year[year][EvidenceKind.QUIZ_GRADED],
            placement_minutes=by_year[year][EvidenceKind.PLACEMENT],
        )
        for year in range(min(by_year), max(by_year) + 1)
    )
