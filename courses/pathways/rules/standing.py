"""Where a learner stands, as plain values: in one module of a path, and in the whole of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from courses.pathways.structure import ModuleStructure

from .module import Missing, ModuleOutcome


@dataclass(frozen=True)
class ModuleStanding:
    """One module of a path for one learner. `missing` says what is left in it, asked or not."""

    module: ModuleStructure
    outcome: ModuleOutcome
    # False when optional, or not needed any more.
    asked: bool
    # Why it may not be begun yet; empty when it is open.
    locked_by: str = ""
    due_on: date | None = None
    # Title of the module whose completion counts here.
    equivalent: str = ""
    missing: tuple[Missing, ...] = ()

    @property
    def done(self) -> bool:
        return self.outcome.done


@dataclass(frozen=True)
class PathOutcome:
    """A whole path. `required_minutes`: of what is asked, given what was chosen; `proved_minutes`: towards it."""

    done: bool
    completed_on: date | None
    required_minutes: int
    proved_minutes: int
    modules: tuple[ModuleStanding, ...]
    missing: tuple[Missing, ...]

    def module(self, public_id: UUID) -> ModuleStanding | None:
        return next((one for one in self.modules if one.module.public_id == public_id), None)

    @property
    def next_due_on(self) -> date | None:
        """The soonest deadline of what is not done."""
        return min((one.due_on for one in self.modules if one.due_on and not one.done), default=None)


def finish_first(titles: list[str]) -> str:
    """« Terminez d’abord … »"""
    named = [f"«\u00a0{title}\u00a0»" for title in titles]
    last = f"{', '.join(named[:-1])} et {named[-1]}" if len(named) > 1 else named[0]
    return f"Terminez d’abord {last}."
