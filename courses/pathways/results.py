"""Figures of a path, for the public and for those who answer for it (Qualiopi, indicator 2)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from .models import Enrolment, ModuleProgress, Path
from .outcome import path_outcomes
from .queries import structure_of
from .rules import Completion, ModuleOutcome, path_outcome_from
from .structure import PathStructure

# Under this number of persons a rate says who did not finish, and nothing of the path.
ENOUGH_FOR_A_RATE = 5


@dataclass(frozen=True)
class PathResults:
    """Who enrolled since when, and who completed; the rate only when enough enrolled for it to mean something."""

    enrolled: int
    completed: int
    completion_percent: int | None
    since: date | None


def path_results(path_public_ids: Iterable[UUID]) -> dict[UUID, PathResults]:
    """One entry for each path asked, in four queries however many there are; read from the projection."""
    asked = list(path_public_ids)
    paths = dict(Path.objects.filter(public_id__in=asked).order_by().values_list("pk", "public_id"))
    known = Enrolment.objects.known().filter(path__in=paths).order_by()
    held: dict[UUID, list[Enrolment]] = defaultdict(list)
    for enrolment in (rows := list(known.with_versions())):
        held[paths[enrolment.path_id]].append(enrolment)
    standing = _Standing(known.values("adviser"), [row for row in rows if len(row.held) > 1])
    return {public_id: _results(held[public_id], standing) for public_id in asked}


def _results(enrolments: list[Enrolment], standing: "_Standing") -> PathResults:
    enrolled = len(enrolments)
    completed = sum(standing.completed(row) for row in enrolments)
    percent = (200 * completed + enrolled) // (2 * enrolled) if enrolled >= ENOUGH_FOR_A_RATE else None
    return PathResults(enrolled, completed, percent, min((row.valid_on for row in enrolments), default=None))


class _Standing:
    """How far some advisers are in every module of all their paths: one query."""

    def __init__(self, advisers: Any, moved: list[Enrolment]) -> None:
        # Who changed version is judged under each one he followed: the projection knows only the last.
        self.moved = path_outcomes(moved) if moved else {}
        self.own: dict[int, dict[UUID, ModuleOutcome]] = defaultdict(dict)
        self.done: dict[int, dict[UUID, Completion]] = defaultdict(dict)
        rows = ModuleProgress.objects.filter(
            enrolment__adviser__in=advisers, enrolment__superseded_at=None
        ).order_by("pk")
        for enrolment, adviser, module, title, state, on_site, remote, required, on in rows.values_list(
            "enrolment", "enrolment__adviser", "module__public_id", "module__title", "state", "on_site_minutes",
            "remote_minutes", "required_minutes", "completed_on",
        ):  # fmt: skip
            outcome = ModuleOutcome(state, on_site, remote, required_minutes=required, completed_on=on)
            self.own[enrolment][module] = outcome
            if outcome.done and on:
                first = self.done[adviser].setdefault(module, Completion(title, on))
                if on < first.on:
                    self.done[adviser][module] = Completion(title, on)

    def completed(self, enrolment: Enrolment) -> bool:
        """Under the version followed today, or under a former one before it was left."""
        if moved := self.moved.get(enrolment.pk):
            return moved.done
        for version, last in enrolment.held:
            outcome = path_outcome_from(
                structure := structure_of(version),
                {m.public_id: self._outcome(enrolment, m.public_id) for m in structure.modules},
                enrolled_on=enrolment.valid_on,
                equivalents=self._elsewhere(enrolment, structure),
            )
            if outcome.done and (last is None or (outcome.completed_on and outcome.completed_on <= last)):
                return True
        return False

    def _outcome(self, enrolment: Enrolment, module: UUID) -> ModuleOutcome:
        return self.own[enrolment.pk].get(module) or ModuleOutcome("todo")

    def _elsewhere(self, enrolment: Enrolment, structure: PathStructure) -> dict[UUID, Completion]:
        done = self.done.get(enrolment.adviser_id, {})
        found = {}
        for module in structure.modules:
            if kept := [done[other] for other in module.equivalents if other in done]:
                found[module.public_id] = min(kept, key=lambda it: it.on)
        return found
