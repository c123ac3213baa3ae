"""What a version changes for one learner: the difference of two outcomes, both given by the rule that decides."""

from dataclasses import dataclass

from courses.pathways.enums import ModuleState
from courses.pathways.structure import ModuleStructure

from .standing import ModuleStanding, PathOutcome


@dataclass(frozen=True)
class Change:
    """What one learner would gain, have more to do, or lose, by accepting a version."""

    # Modules that become done, and whether the path does.
    gained: tuple[ModuleStructure, ...] = ()
    completes: bool = False
    # Minutes left to prove: more when positive, fewer when negative.
    minutes: int = 0
    # Modules newly asked, and modules already asked where more activities are left.
    added: tuple[ModuleStructure, ...] = ()
    longer: tuple[ModuleStructure, ...] = ()
    # Modules no longer asked, of those not done.
    lifted: tuple[ModuleStructure, ...] = ()
    # Modules under way where something already done counts no more; the minutes proved there stay proved.
    lost: tuple[ModuleStructure, ...] = ()
    # Modules done that would not be any more: never any, and counted to show it.
    undone: tuple[ModuleStructure, ...] = ()

    @property
    def gains(self) -> bool:
        return self.completes or bool(self.gained)

    @property
    def has_more(self) -> bool:
        return self.minutes > 0 or bool(self.added or self.longer)

    @property
    def has_less(self) -> bool:
        return self.minutes < 0 and not (self.added or self.longer)

    @property
    def loses(self) -> bool:
        return bool(self.lost)

    @property
    def is_nothing(self) -> bool:
        return self == Change()


def change_between(before: PathOutcome, after: PathOutcome) -> Change:
    """From the version followed to the one proposed, with the same facts."""
    old = {one.module.public_id: one for one in before.modules}
    new = {one.module.public_id: one for one in after.modules}
    kept = [(old[key], one) for key, one in new.items() if key in old]
    return Change(
        gained=tuple(
            one.module for key, one in new.items() if one.done and not (key in old and old[key].done)
        ),
        completes=after.done and not before.done,
        minutes=_left(after) - _left(before),
        added=tuple(one.module for key, one in new.items() if _is_due(one) and not _is_due(old.get(key))),
        longer=tuple(
            one.module for was, one in kept if _is_due(was) and _is_due(one) and _steps(one) > _steps(was)
        ),
        lifted=tuple(
            one.module
            for key, one in old.items()
            if _is_due(one) and not _is_due(new.get(key)) and not (key in new and new[key].done)
        ),
        lost=tuple(
            one.module
            for key, one in old.items()
            if one.outcome.state == ModuleState.IN_PROGRESS
            and not (key in new and new[key].done)
            and one.outcome.begun - (new[key].outcome.begun if key in new else frozenset())
        ),
        undone=tuple(was.module for was, one in kept if was.done and not one.done),
    )


def _left(outcome: PathOutcome) -> int:
    return 0 if outcome.done else outcome.required_minutes - outcome.proved_minutes


def _is_due(one: ModuleStanding | None) -> bool:
    return one is not None and one.asked and not one.done


def _steps(one: ModuleStanding) -> int:
    return one.outcome.activities_total - one.outcome.activities_done
