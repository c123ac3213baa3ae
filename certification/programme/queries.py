"""The rules in force, and what a decision looks at."""

import json
from dataclasses import dataclass
from datetime import date

from courses import api as courses
from courses.models import Adviser, Enrolment, Path, PathVersion

from .enums import RightKind
from .errors import NoRuleError
from .models import FundingRight, RuleSet
from .rules import FundedModule, ProgrammeRules, RightDecision, RightInputs, decide

CODE = "programme"


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


def inputs_of(adviser: Adviser, path_version: PathVersion, day: date, in_force: bool) -> RightInputs:
    """What is known today of the adviser and of the path, as plain values."""
    structure = courses.structure_of(path_version)
    activities = [activity for module in structure.modules for activity in module.activities]
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
        kind=path_version.path.kind,
        day=day,
        in_force=in_force,
        post_number=assignment.post.number if assignment else "",
        # What can be proved: taught, or followed remotely and evaluated.
        course_minutes=sum(
            a.minutes
            for a in activities
            if a.kind == courses.ActivityKind.SESSION
            or (a.kind == courses.ActivityKind.LESSON and a.evaluated_by)
        ),
        placement_minutes=sum(a.minutes for a in activities if a.kind == courses.ActivityKind.PLACEMENT),
        funded_initial_path=initial.enrolment.path.title if initial else "",
        initial_entry_on=entry,
        funded_modules=tuple(FundedModule(day, year) for day, year in modules),
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
