"""Is this enrolment funded? Pure: plain inputs and one version of the rules give a decision and its reasons.

Source of each figure: data/programme.json. Law of the quota: domain.md § 1.3 (aide du programme, article 167v0qe).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

INITIAL, CONTINUING = "initial", "continuing"


@dataclass(frozen=True)
class ProgrammeRules:
    """One version of the programme’s rules, as read from its JSON."""

    label: str
    initial_paths: tuple[tuple[int, int], ...]
    module_hours: tuple[int, ...]
    must_be_in_post: bool
    first_year_modules: int
    first_year_for_entries_from: date | None
    modules_per_civil_year: int
    carry_over: dict[int, date]
    certified: tuple[str, ...]
    jury_quorum: int
    pix_validity_months: int
    certification_due_months: int

    @classmethod
    def read(cls, content: dict[str, Any]) -> "ProgrammeRules":
        modules = content["modules"] or {}
        entries_from = modules.get("first_year_for_entries_from")
        return cls(
            label=content["label"],
            initial_paths=tuple(
                (one["course_hours"], one["placement_hours"]) for one in content["initial_paths"]
            ),
            module_hours=tuple(content["module_hours"]),
            must_be_in_post=content["must_be_in_post"],
            first_year_modules=modules.get("first_year", 0),
            first_year_for_entries_from=date.fromisoformat(entries_from) if entries_from else None,
            modules_per_civil_year=modules.get("per_civil_year", 0),
            carry_over={int(y): date.fromisoformat(d) for y, d in modules.get("carry_over", {}).items()},
            certified=tuple(content["certification"]["certified"]),
            jury_quorum=content["certification"]["jury_quorum"],
            pix_validity_months=content["pix_validity_months"],
            certification_due_months=content["certification_due_months"],
        )


@dataclass(frozen=True)
class FundedModule:
    """A module already funded: the day of its enrolment and the civil year it was counted in."""

    day: date
    year: int


@dataclass(frozen=True)
class RightInputs:
    """All that the decision looks at."""

    kind: str
    day: date
    in_force: bool
    post_number: str
    course_minutes: int
    placement_minutes: int
    funded_initial_path: str = ""
    initial_entry_on: date | None = None
    funded_modules: tuple[FundedModule, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """For the record of the decision."""
        return {
            "kind": self.kind,
            "day": self.day,
            "in_force": self.in_force,
            "post_number": self.post_number,
            "course_minutes": self.course_minutes,
            "placement_minutes": self.placement_minutes,
            "funded_initial_path": self.funded_initial_path,
            "initial_entry_on": self.initial_entry_on,
            "funded_modules": [{"day": one.day, "year": one.year} for one in self.funded_modules],
        }


@dataclass(frozen=True)
class RightDecision:
    """Funded or not, by which rule, why, up to how many minutes, and counted in which civil year."""

    granted: bool
    rule: str
    reasons: tuple[str, ...]
    ceiling_minutes: int
    year: int


def decide(inputs: RightInputs, rules: ProgrammeRules) -> RightDecision:
    """Every rule is examined, so that all that stands in the way is told at once; the first refusal names the rule."""
    refusals: list[tuple[str, str]] = []
    grounds: list[str] = []
    if not inputs.in_force:
        refusals.append(("period", f"Aucune règle de financement n’est en vigueur le {_fr(inputs.day)}."))
    if inputs.post_number:
        grounds.append(f"Le conseiller est en poste le {_fr(inputs.day)} (poste {inputs.post_number}).")
    elif rules.must_be_in_post:
        refusals.append(
            (
                "in_post",
                f"Le conseiller n’est pas en poste le {_fr(inputs.day)}\u00a0: seuls les conseillers en "
                "poste ont une formation financée.",
            )
        )
    year = inputs.day.year
    if inputs.kind == INITIAL:
        rule = "initial_path"
        _initial(inputs, rules, refusals, grounds)
    else:
        rule = "module_quota"
        year = _module(inputs, rules, refusals, grounds)
    if refusals:
        return RightDecision(False, refusals[0][0], tuple(text for _, text in refusals), 0, year)
    # Only course hours are charged to the State: the placement is done in a structure.
    return RightDecision(True, rule, tuple(grounds), inputs.course_minutes, year)


def _initial(
    inputs: RightInputs, rules: ProgrammeRules, refusals: list[tuple[str, str]], grounds: list[str]
) -> None:
    if (inputs.course_minutes, inputs.placement_minutes) in {
        (c * 60, p * 60) for c, p in rules.initial_paths
    }:
        grounds.append(f"La durée du parcours ({_length(inputs)}) est une durée financée.")
    else:
        allowed = _either([_hours(c, p) for c, p in rules.initial_paths])
        refusals.append(
            (
                "initial_path.hours",
                f"La durée du parcours ({_length(inputs)}) n’est pas une durée financée\u00a0: {allowed}.",
            )
        )
    if inputs.funded_initial_path:
        refusals.append(
            (
                "initial_path.one_per_adviser",
                "Un seul parcours initial est financé par conseiller, et celui-ci l’a déjà été\u00a0: «\u00a0"
                f"{inputs.funded_initial_path}\u00a0».",
            )
        )
    else:
        grounds.append("C’est le premier parcours initial financé de ce conseiller.")


def _module(
    inputs: RightInputs, rules: ProgrammeRules, refusals: list[tuple[str, str]], grounds: list[str]
) -> int:
    """The civil year in which the module counts."""
    if inputs.course_minutes in {hours * 60 for hours in rules.module_hours}:
        grounds.append(f"La durée du module ({_length(inputs)}) est une durée financée.")
    elif not rules.module_hours:
        refusals.append(("module.none", "Aucun module n’est financé à cette date."))
    else:
        allowed = _either([f"{hours}\u00a0h" for hours in rules.module_hours])
        refusals.append(
            (
                "module.hours",
                f"La durée du module ({_length(inputs)}) n’est pas une durée financée\u00a0: {allowed}.",
            )
        )
    entry = inputs.initial_entry_on
    if entry is None:
        refusals.append(
            ("module.initial_first", "Un module n’est financé qu’après l’entrée en formation initiale.")
        )
        return inputs.day.year
    if not rules.module_hours:
        return inputs.day.year
    first_year_end = one_year_after(entry)
    has_first_year = (
        rules.first_year_for_entries_from is not None and entry >= rules.first_year_for_entries_from
    )
    if has_first_year and inputs.day < first_year_end:
        _first_year(inputs, rules, first_year_end, refusals, grounds)
        return inputs.day.year
    since = first_year_end.year if has_first_year else entry.year
    return _civil_year(inputs, rules, since, refusals, grounds)


def _first_year(
    inputs: RightInputs, rules: ProgrammeRules, end: date, refusals: list[tuple[str, str]], grounds: list[str]
) -> None:
    used = sum(1 for one in inputs.funded_modules if one.day < end)
    if used >= rules.first_year_modules:
        refusals.append(
            (
                "module.first_year",
                f"Les {rules.first_year_modules} modules financés de l’année qui suit l’entrée en "
                f"formation initiale sont déjà pris\u00a0; le prochain peut l’être à partir du {_fr(end)}.",
            )
        )
    else:
        grounds.append(
            f"Module {used + 1} sur {rules.first_year_modules} de l’année qui suit "
            f"l’entrée en formation initiale (jusqu’au {_fr(end)})."
        )


def _civil_year(
    inputs: RightInputs,
    rules: ProgrammeRules,
    since: int,
    refusals: list[tuple[str, str]],
    grounds: list[str],
) -> int:
    """One a civil year; the former year’s may still be used until its carry-over deadline, when it has one."""
    year = inputs.day.year
    used = {y: sum(1 for one in inputs.funded_modules if one.year == y) for y in (year - 1, year)}
    deadline = rules.carry_over.get(year - 1)
    if (
        deadline
        and inputs.day <= deadline
        and year - 1 >= since
        and used[year - 1] < rules.modules_per_civil_year
    ):
        grounds.append(f"Module de l’année {year - 1}, utilisable jusqu’au {_fr(deadline)}.")
        return year - 1
    if used[year] >= rules.modules_per_civil_year:
        refusals.append(
            (
                "module.civil_year",
                f"Le module financé de l’année {year} est déjà pris\u00a0; le prochain peut l’être à partir "
                f"du 01/01/{year + 1}.",
            )
        )
    else:
        grounds.append(f"Premier module financé de l’année {year}.")
    return year


def one_year_after(day: date) -> date:
    """The same day of the next year; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _length(inputs: RightInputs) -> str:
    return _spoken(inputs.course_minutes) + (
        f" et {_spoken(inputs.placement_minutes)} de stage" if inputs.placement_minutes else ""
    )


def _spoken(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}\u00a0h {rest:02d}" if rest else f"{hours}\u00a0h"


def _hours(course: int, placement: int) -> str:
    return f"{course}\u00a0h et {placement}\u00a0h de stage" if placement else f"{course}\u00a0h"


def _either(choices: list[str]) -> str:
    return choices[0] if len(choices) == 1 else ", ".join(choices[:-1]) + " ou " + choices[-1]


def _fr(day: date) -> str:
    return f"{day:%d/%m/%Y}"
