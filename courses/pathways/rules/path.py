"""Where a learner stands in a whole path: what is done, what is asked, what is locked, and why. Pure.

Sets nest. « All of » asks each of its items; « N of » asks N of them, and counts the first ones done; « N minutes of »
counts proved minutes, each module up to what it announces. What is optional is never asked. A module completed
elsewhere, when it is an equivalent, is done here, and its minutes are no longer asked here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from courses.pathways.enums import ModuleState, SetRule
from courses.pathways.structure import Item, ModuleStructure, PathStructure, SetStructure
from courses.shared.durations import spoken

from .held import Completion
from .module import Missing, ModuleOutcome
from .standing import ModuleStanding, PathOutcome, finish_first

# Ten years: what is due later is not a deadline (and the calendar has an end).
LONGEST_DAYS = 3650


@dataclass(frozen=True)
class _Reached:
    """How far one item is: a module, or a set."""

    title: str
    done: bool
    on: date | None
    optional: bool
    started: bool
    required: int
    proved: int
    # Announced minutes not asked here, for they were completed elsewhere.
    dispensed: int = 0
    # In « N of », how many are still to be done.
    short: int = 0


def path_outcome_from(
    structure: PathStructure,
    outcomes: Mapping[UUID, ModuleOutcome],
    *,
    enrolled_on: date,
    equivalents: Mapping[UUID, Completion] | None = None,
) -> PathOutcome:
    """From the outcome of each module, and what was completed elsewhere for some of them."""
    return _Reading(structure, outcomes, enrolled_on, equivalents or {}).outcome


class _Reading:
    """One structure read once: upwards for what is reached, downwards for what is asked and locked."""

    def __init__(
        self,
        structure: PathStructure,
        outcomes: Mapping[UUID, ModuleOutcome],
        enrolled_on: date,
        equivalents: Mapping[UUID, Completion],
    ) -> None:
        self.structure = structure
        self.enrolled_on = enrolled_on
        self.equivalents = equivalents
        self.own = outcomes
        self.modules = {module.public_id: module for module in structure.modules}
        self.outcomes = {
            module.public_id: _counted(outcomes[module.public_id], equivalents.get(module.public_id))
            for module in structure.modules
        }
        self.standings: dict[UUID, ModuleStanding] = {}
        self._reached: dict[UUID, _Reached] = {}

    @cached_property
    def outcome(self) -> PathOutcome:
        root = self._reach(self.structure.root)
        missing = tuple(self._walk(self.structure.root, asked=True, lock="", days=self.structure.due_days))
        return PathOutcome(
            done=root.done,
            completed_on=root.on if root.done else None,
            required_minutes=root.required,
            proved_minutes=root.proved,
            modules=tuple(
                self.standings[module.public_id]
                for module in self.structure.modules
                if module.public_id in self.standings
            ),
            missing=() if root.done else missing,
        )

    # Upwards ------------------------------------------------------------------------------------------------------

    def _reach(self, item: Item) -> _Reached:
        key = item.public_id if isinstance(item, SetStructure) else item
        if key not in self._reached:
            found = self._reach_set(item) if isinstance(item, SetStructure) else self._reach_module(item)
            self._reached[key] = found
        return self._reached[key]

    def _reach_module(self, public_id: UUID) -> _Reached:
        module, outcome = self.modules[public_id], self.outcomes[public_id]
        elsewhere = public_id in self.equivalents and not self.own[public_id].done
        # A module done under a former version may since announce more: what was proved of it beyond counts as well.
        proved = min(outcome.proved_minutes, max(outcome.required_minutes, module.minutes))
        required = max(outcome.required_minutes, proved)
        return _Reached(
            title=module.title,
            done=outcome.done,
            on=outcome.completed_on,
            optional=module.optional,
            started=outcome.state != ModuleState.TODO,
            required=0 if elsewhere else required,
            proved=0 if elsewhere else proved,
            dispensed=outcome.required_minutes if elsewhere else 0,
        )

    def _reach_set(self, held: SetStructure) -> _Reached:
        parts = [part for item in held.items if not (part := self._reach(item)).optional]
        counted, short = parts, 0
        if held.rule == SetRule.COUNT:
            counted = sorted(parts, key=_first_done)[: held.need]
            short = max(0, held.need - sum(part.done for part in parts))
        done = not short if held.rule == SetRule.COUNT else all(part.done for part in parts)
        required, proved = sum(part.required for part in counted), sum(part.proved for part in counted)
        dispensed = sum(part.dispensed for part in counted)
        if held.rule == SetRule.MINUTES:
            dispensed = min(dispensed, held.need)
            required = held.need - dispensed
            proved = min(proved, required)
            done = proved >= required
        return _Reached(
            title=held.title,
            done=done,
            on=max((part.on for part in counted if part.on), default=None) if done else None,
            optional=held.optional,
            started=any(part.started for part in parts),
            required=required,
            proved=proved,
            dispensed=dispensed,
            short=short,
        )

    # Downwards ----------------------------------------------------------------------------------------------------

    def _walk(self, held: SetStructure, *, asked: bool, lock: str, days: int | None) -> Iterator[Missing]:
        """Settle each module below this set; yield what is missing in it."""
        reached = self._reach(held)
        enough = held.rule != SetRule.ALL and reached.done
        before: _Reached | None = None
        lacks: list[tuple[_Reached, list[Missing]]] = []
        for item in held.items:
            part = self._reach(item)
            wanted = asked and not part.optional and (part.done or not enough)
            closed = lock or (finish_first([before.title]) if before and held.ordered else "")
            if isinstance(item, SetStructure):
                lack = list(self._walk(item, asked=wanted, lock=closed, days=_least(days, item.due_days)))
            else:
                lack = list(self._settle(item, asked=wanted, lock=closed, days=days))
            if not part.optional and not part.done:
                lacks.append((part, lack))
                before = before if before or enough else part
        if asked and not reached.done:
            yield from _missing_of(held, reached, lacks)

    def _settle(self, public_id: UUID, *, asked: bool, lock: str, days: int | None) -> Iterator[Missing]:
        module, outcome = self.modules[public_id], self.outcomes[public_id]
        locked = "" if outcome.done else lock or self._prerequisites(module)
        days = _least(days, module.due_days) if asked else None
        missing = outcome.missing
        if locked:
            missing = (Missing(locked), *(Missing(one.text, one.minutes) for one in missing))
            yield Missing(f"Module «\u00a0{module.title}\u00a0» à suivre. {locked}")
        else:
            yield from missing
        equivalent = self.equivalents.get(public_id)
        self.standings[public_id] = ModuleStanding(
            module=module,
            outcome=outcome,
            asked=asked,
            locked_by=locked,
            due_on=None if days is None else self.enrolled_on + timedelta(days=min(days, LONGEST_DAYS)),
            equivalent=equivalent.title if equivalent and self.own[public_id] is not outcome else "",
            missing=missing,
        )

    def _prerequisites(self, module: ModuleStructure) -> str:
        titles = [
            found.title
            for required in module.requires
            if (found := self.structure.module(required)) and not self.outcomes[required].done
        ]
        return finish_first(titles) if titles else ""


def _counted(outcome: ModuleOutcome, elsewhere: Completion | None) -> ModuleOutcome:
    """Done on the first of the two days: here, or where its equivalent was completed."""
    if elsewhere is None or (outcome.done and outcome.completed_on and outcome.completed_on <= elsewhere.on):
        return outcome
    return replace(outcome, state=ModuleState.DONE.value, completed_on=elsewhere.on, missing=())


def _first_done(part: _Reached) -> tuple[bool, date, bool, int, int]:
    """What « N of » counts: the first ones done, then the ones begun, then the shortest."""
    return not part.done, part.on or date.max, not part.started, -part.proved, part.required


def _least(*days: int | None) -> int | None:
    return min((one for one in days if one is not None), default=None)


def _missing_of(
    held: SetStructure, reached: _Reached, lacks: list[tuple[_Reached, list[Missing]]]
) -> Iterator[Missing]:
    """All that is missing in what must be done; in a choice, in what is begun, then the choice that is left."""
    if held.rule == SetRule.MINUTES:
        short = reached.required - reached.proved
        yield from (one for part, lack in lacks if part.started for one in lack)
        yield Missing(f"Il manque {spoken(short)} dans «\u00a0{held.title}\u00a0»", minutes=short)
        return
    if held.rule == SetRule.COUNT:
        if len(lacks) > reached.short:
            begun = [lack for part, lack in lacks if part.started][: reached.short]
            yield from (one for lack in begun for one in lack)
            if left := reached.short - len(begun):
                titles = ", ".join(part.title for part, _ in lacks if not part.started)
                nouns = (
                    "éléments" if any(isinstance(item, SetStructure) for item in held.items) else "modules"
                )
                noun = nouns if left > 1 else nouns[:-1]
                yield Missing(f"Choisissez encore {left}\u00a0{noun} parmi\u00a0: {titles}")
            return
    yield from (one for _, lack in lacks for one in lack)
