"""Who would gain, who would have more to do, who would lose: before a version is published, or accepted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from courses.shared import canonical, clock

from .models import Enrolment, Path, PathVersion
from .outcome import PathFacts, facts_of
from .queries import structure_of
from .rules import Change, Held, PathOutcome, change_between
from .structure import PathStructure

# What is counted, in the order it is told.
COUNTS: dict[str, Callable[[Change], bool]] = {
    "gaining": lambda change: change.gains,
    "completing": lambda change: change.completes,
    "less": lambda change: change.has_less,
    "more": lambda change: change.has_more,
    "losing": lambda change: change.loses,
    "undone": lambda change: bool(change.undone),
    "unchanged": lambda change: change.is_nothing,
}


@dataclass(frozen=True)
class ModuleImpact:
    """The same for one module of the version, or of a former one: how many would…"""

    title: str
    gaining: int = 0
    more: int = 0
    losing: int = 0


@dataclass(frozen=True)
class Impact:
    """Every count is the length of a list of enrolments (their keys), so that none can differ from what it leads to."""

    enrolled: tuple[int, ...] = ()
    completed: tuple[int, ...] = ()
    # Those who follow an earlier version and have not completed the path: whom the version may be offered to.
    concerned: tuple[int, ...] = ()
    people: dict[str, tuple[int, ...]] = field(default_factory=lambda: dict.fromkeys(COUNTS, ()))
    modules: tuple[ModuleImpact, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        lists = {"enrolled": self.enrolled, "completed": self.completed, "concerned": self.concerned}
        return {name: len(keys) for name, keys in (lists | self.people).items()}

    @property
    def text(self) -> str:
        """What is kept with the offer: counts by name, canonical JSON."""
        return canonical.dumps(self.counts)


def impact_of(path: Path, structure: PathStructure, *, on: date | None = None) -> Impact:
    """What this structure would change for each person enrolled, were all to accept it on that day."""
    enrolments = list(Enrolment.objects.known().filter(path=path).with_versions().order_by("pk"))
    facts = facts_of(enrolments, also=[structure])
    changes: dict[int, Change] = {}
    completed = []
    for enrolment in enrolments:
        before = facts.outcome(enrolment)
        if before.done:
            completed.append(enrolment.pk)
        elif structure.hash not in {version.structure_hash for version, _ in enrolment.held}:
            after = outcome_if(facts, enrolment, structure, on or clock.today())
            changes[enrolment.pk] = change_between(before, after)
    return Impact(
        enrolled=tuple(one.pk for one in enrolments),
        completed=tuple(completed),
        concerned=tuple(changes),
        people={name: tuple(pk for pk, one in changes.items() if told(one)) for name, told in COUNTS.items()},
        modules=_by_module(changes),
    )


def outcome_if(facts: PathFacts, enrolment: Enrolment, structure: PathStructure, on: date) -> PathOutcome:
    """Where this learner would stand had he accepted that structure on that day."""
    held = facts.held[enrolment.pk]
    followed = (*held[:-1], replace(held[-1], until=on), Held(structure, since=on))
    return facts.outcome(enrolment, followed)


def change_for(enrolment: Enrolment, version: PathVersion) -> tuple[PathOutcome, PathOutcome, Change]:
    """Where one learner stands, where he would, and the difference."""
    structure = structure_of(version)
    facts = facts_of([enrolment], also=[structure])
    before = facts.outcome(enrolment)
    after = outcome_if(facts, enrolment, structure, clock.today())
    return before, after, change_between(before, after)


def _by_module(changes: dict[int, Change]) -> tuple[ModuleImpact, ...]:
    titles: dict[object, str] = {}
    counts: dict[str, Counter[object]] = {"gaining": Counter(), "more": Counter(), "losing": Counter()}
    for change in changes.values():
        told = {"gaining": change.gained, "more": (*change.added, *change.longer), "losing": change.lost}
        for name, modules in told.items():
            for module in modules:
                titles.setdefault(module.public_id, module.title)
                counts[name][module.public_id] += 1
    return tuple(
        ModuleImpact(title, **{name: counter[key] for name, counter in counts.items()})
        for key, title in titles.items()
    )
