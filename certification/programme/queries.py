"""The rules in force, and what a decision looks at."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from courses import api as courses
from courses.models import Adviser, Enrolment, Path, PathVersion

from .enums import RightKind
from .errors import NoRuleError
from .models import FundingRight, RuleSet
from .rules import FundedModule, ProgrammeRules, RightDecision, RightInputs, decide

CODE = "programme"
_MARK = re.compile(r"\s*\[[SKI?]\]")


@dataclass(frozen=True)
class RightPreview:
    """What the programme would answer today, before anybody enrols."""

    granted: bool
    reasons: tuple[str, ...]
    rule: str = ""
    rule_version: int = 0


@dataclass(frozen=True)
class RulesInForce:
    """A rule set, read; `in_force` is False between two periods: the former rules then only serve to refuse."""

    rule_set: RuleSet
    rules: ProgrammeRules
    in_force: bool


def rules_on(day: date) -> RulesInForce:
    """The programme’s rules on `day`."""
    started = RuleSet.objects.known().filter(code=CODE, start__lte=day).order_by("start").last()
    if started is None:
        raise NoRuleError(f"Les règles du programme ne sont pas connues au {day:%d/%m/%Y}.")
    in_force = started.end is None or started.end >= day
    return RulesInForce(started, ProgrammeRules.read(json.loads(started.content)), in_force)


@dataclass(frozen=True)
class PathLength:
    """What the rules look at in a path: its nature, and the minutes that can be proved."""

    kind: str
    course_minutes: int = 0
    placement_minutes: int = 0


def length_of(kind: str, structure: courses.PathStructure) -> PathLength:
    """What can be proved: taught, or followed remotely and evaluated; and the placement.

    By the longest choices that the path leaves: no choice makes it pass for a shorter one, and both together are never
    more than one learner could follow. What is optional is not asked, so it is not paid for either.
    """
    course = structure.asked_minutes(structure.root, most=True, measure=_course_minutes)
    placement = structure.asked_minutes(structure.root, most=True, measure=_placement_minutes)
    whole = structure.asked_minutes(structure.root, most=True, measure=_provable_minutes)
    return PathLength(kind, course_minutes=course, placement_minutes=min(placement, whole - course))


def _provable_minutes(module: courses.ModuleStructure) -> int:
    return module.provable_minutes


def _course_minutes(module: courses.ModuleStructure) -> int:
    return module.provable_minutes - _placement_minutes(module)


def _placement_minutes(module: courses.ModuleStructure) -> int:
    return sum(placement.minutes for placement in module.of_kind(courses.ActivityKind.PLACEMENT))


def inputs_of(adviser: Adviser, path_version: PathVersion, day: date, in_force: bool) -> RightInputs:
    """What is known today of the adviser and of the path, as plain values."""
    length = length_of(path_version.path.kind, courses.structure_of(path_version))
    return _for_length(_of_adviser(adviser, day, in_force), length)


def _of_adviser(adviser: Adviser, day: date, in_force: bool) -> RightInputs:
    """What does not depend on the path."""
    granted = FundingRight.objects.known().filter(adviser=adviser, granted=True)
    initial = granted.filter(kind=RightKind.INITIAL_PATH).select_related("enrolment__path").first()
    entry = (
        Enrolment.objects.known()
        .filter(adviser=adviser, path__kind=courses.PathKind.INITIAL)
        .order_by("valid_on")
        .values_list("valid_on", flat=True)
        .first()
    )
    modules = granted.filter(kind=RightKind.MODULE).order_by("valid_on", "pk").values_list("valid_on", "year")
    assignment = courses.adviser_in_post(adviser, day)
    return RightInputs(
        kind="",
        day=day,
        in_force=in_force,
        post_number=assignment.post.number if assignment else "",
        course_minutes=0,
        placement_minutes=0,
        funded_initial_path=initial.enrolment.path.title if initial else "",
        initial_entry_on=entry,
        funded_modules=tuple(FundedModule(day, year) for day, year in modules),
    )


def _for_length(inputs: RightInputs, length: PathLength) -> RightInputs:
    return replace(
        inputs,
        kind=length.kind,
        course_minutes=length.course_minutes,
        placement_minutes=length.placement_minutes,
    )


def decision_for(
    adviser: Adviser, path_version: PathVersion, day: date
) -> tuple[RulesInForce, RightInputs, RightDecision]:
    """The rules, what they looked at, and what they answer."""
    found = rules_on(day)
    inputs = inputs_of(adviser, path_version, day, found.in_force)
    return found, inputs, decide(inputs, found.rules)


def preview_right(
    adviser: Adviser, path: Path, day: date, path_version: PathVersion | None = None
) -> RightPreview:
    """Would the State fund this path (its last version unless one is given) for this adviser on `day`?"""
    version = path_version or path.versions.filter(superseded_at=None).order_by("number").last()
    if version is None:
        return RightPreview(False, ("Ce parcours n’est pas encore publié.",))
    found, _, decision = decision_for(adviser, version, day)
    return RightPreview(decision.granted, decision.reasons, decision.rule, found.rule_set.version)


def preview_rights(
    adviser: Adviser, lengths: Iterable[PathLength], day: date
) -> dict[PathLength, RightPreview]:
    """The same for many paths, in as many queries as for one."""
    found = rules_on(day)
    known = _of_adviser(adviser, day, found.in_force)
    answers = {}
    for length in set(lengths):
        decision = decide(_for_length(known, length), found.rules)
        answers[length] = RightPreview(
            decision.granted, decision.reasons, decision.rule, found.rule_set.version
        )
    return answers


@dataclass(frozen=True)
class FundableLengths:
    """Which lengths the State pays for on a day, and where it is written."""

    initial_paths: frozenset[tuple[int, int]]
    module_minutes: frozenset[int]
    sources: dict[str, str]
    must_be_in_post: bool

    def source_of(self, length: PathLength) -> str | None:
        """Where it is written that a path of this length is paid for; None when it is not."""
        if length.kind == courses.PathKind.INITIAL:
            paid = (length.course_minutes, length.placement_minutes) in self.initial_paths
            return self.sources.get("initial_paths", "") if paid else None
        paid = length.course_minutes in self.module_minutes
        return self.sources.get("module_hours", "") if paid else None


def fundable_lengths(day: date) -> FundableLengths | None:
    """What the rules in force on `day` pay for, for the public; None when none is in force."""
    try:
        found = rules_on(day)
    except NoRuleError:
        return None
    if not found.in_force:
        return None
    sources = json.loads(found.rule_set.content).get("sources", {})
    return FundableLengths(
        initial_paths=frozenset((c * 60, p * 60) for c, p in found.rules.initial_paths),
        module_minutes=frozenset(hours * 60 for hours in found.rules.module_hours),
        # The marks say to us how sure a source is; the public reads the source itself.
        sources={name: _MARK.sub("", text).strip() for name, text in sources.items()},
        must_be_in_post=found.rules.must_be_in_post,
    )
