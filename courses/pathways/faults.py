"""Why a structure cannot be published, in French."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from courses.catalogue.enums import ActivityKind
from courses.shared.durations import spoken

from .enums import ModuleState, SetRule
from .rules import ModuleOutcome, path_outcome_from
from .rules.path import LONGEST_DAYS
from .structure import ModuleStructure, PathStructure, SetStructure


def faults(structure: PathStructure) -> list[str]:
    """One sentence for each fault; empty when the structure can be published."""
    found: list[str] = []
    if not structure.modules:
        found.append("Un parcours compte au moins un module.")
    ids = [activity.public_id for _, activity in structure.activities()]
    ids += [module.public_id for module in structure.modules]
    if len(set(ids)) != len(ids):
        found.append("Un module ou une activité figure deux fois dans le parcours.")
    for module in structure.modules:
        found += _module_faults(module)
        found += _link_faults(structure, module)
    found += _arrangement_faults(structure)
    found += _deadline_faults(structure)
    # An order that bites its tail is only worth telling about modules that exist, each held once.
    return found or list(_cycles(structure))


def _deadline_faults(structure: PathStructure) -> Iterator[str]:
    for title, days in (
        (structure.title, structure.due_days),
        *((one.title, one.due_days) for one in structure.root.sets()),
        *((module.title, module.due_days) for module in structure.modules),
    ):
        if days is not None and days > LONGEST_DAYS:
            yield f"«\u00a0{title}\u00a0»\u00a0: le délai ne peut pas dépasser {LONGEST_DAYS} jours (dix ans)."


def _module_faults(module: ModuleStructure) -> Iterator[str]:
    name = f"Module «\u00a0{module.title}\u00a0»\u00a0:"
    if not module.activities:
        yield f"{name} il ne contient aucune activité."
    if module.minutes < 0 or any(activity.minutes < 0 for activity in module.activities):
        yield f"{name} une durée ne peut pas être négative."
    for activity in module.activities:
        if activity.kind == ActivityKind.QUIZ and activity.minutes:
            yield f"{name} le questionnaire «\u00a0{activity.title}\u00a0» n’a pas de durée\u00a0: sa leçon la porte."
        if activity.evaluated_by:
            quiz = module.activity(activity.evaluated_by)
            if activity.kind != ActivityKind.LESSON or quiz is None or quiz.kind != ActivityKind.QUIZ:
                yield f"{name} «\u00a0{activity.title}\u00a0» doit être évaluée par un questionnaire du même module."
    if module.provable_minutes < module.minutes:
        yield (
            f"{name} il annonce {module.minutes}\u00a0minutes, mais ses séances, stages et leçons évaluées "
            f"n’en prouvent que {module.provable_minutes}."
        )


def _link_faults(structure: PathStructure, module: ModuleStructure) -> Iterator[str]:
    name = f"Module «\u00a0{module.title}\u00a0»\u00a0:"
    if module.public_id in module.requires:
        yield f"{name} il ne peut pas être son propre prérequis."
    if any(structure.module(required) is None for required in module.requires):
        yield f"{name} un de ses prérequis ne fait pas partie du parcours."
    if module.public_id in module.equivalents:
        yield f"{name} il ne peut pas être son propre équivalent."


def _arrangement_faults(structure: PathStructure) -> Iterator[str]:
    held = Counter(structure.root.modules())
    for public_id, times in held.items():
        module = structure.module(public_id)
        if module is None:
            yield "Un ensemble contient un module qui ne fait pas partie du parcours."
        elif times > 1:
            yield f"Le module «\u00a0{module.title}\u00a0» figure deux fois dans les ensembles du parcours."
    for module in structure.modules:
        if module.public_id not in held:
            yield f"Le module «\u00a0{module.title}\u00a0» n’est dans aucun ensemble du parcours."
    sets = list(structure.root.sets())
    if len({one.public_id for one in sets}) != len(sets):
        yield "Un ensemble figure deux fois dans le parcours."
    for one in sets:
        yield from _set_faults(structure, one)
    if structure.modules and all(structure.is_optional(item) for item in structure.root.items):
        yield "Le parcours ne demande rien\u00a0: tout y est facultatif."


def _set_faults(structure: PathStructure, held: SetStructure) -> Iterator[str]:
    if held is structure.root and not held.items:
        return  # said already: a path holds a module
    name = f"Ensemble «\u00a0{held.title}\u00a0»\u00a0:"
    asked = [item for item in held.items if not structure.is_optional(item)]
    if not held.items:
        yield f"{name} il est vide."
        return
    if not asked and held is not structure.root and not held.optional:
        yield f"{name} tout y est facultatif\u00a0: rendez l’ensemble facultatif, ou demandez-en un module."
        return
    if held.rule == SetRule.ALL:
        return
    if held.need < 1:
        yield f"{name} dites combien en suivre."
    elif held.rule == SetRule.COUNT and held.need > len(asked):
        yield f"{name} il en demande {held.need}, mais n’en contient que {len(asked)}."
    elif held.rule == SetRule.MINUTES:
        given = sum(structure.asked_minutes(item, most=True) for item in asked)
        if held.need > given:
            yield f"{name} il demande {spoken(held.need)}, mais ne contient que {spoken(given)}."


def _cycles(structure: PathStructure) -> Iterator[str]:
    """What would never open, found by the very rule that opens: all that is open is done, again and again."""
    done: set[UUID] = set()
    while True:
        standings = path_outcome_from(
            structure,
            {module.public_id: _as_if(module, module.public_id in done) for module in structure.modules},
            enrolled_on=date.min,
        ).modules
        opened = {one.module.public_id for one in standings if not one.done and not one.locked_by}
        if not opened:
            break
        done |= opened
    if locked := [one for one in standings if one.locked_by]:
        reasons = " ".join(f"«\u00a0{one.module.title}\u00a0»\u00a0: {one.locked_by}" for one in locked)
        yield f"Ces modules s’attendent les uns les autres, et ne s’ouvriraient jamais. {reasons}"


def _as_if(module: ModuleStructure, done: bool) -> ModuleOutcome:
    state = ModuleState.DONE if done else ModuleState.TODO
    minutes = module.minutes if done else 0
    return ModuleOutcome(state.value, on_site_minutes=minutes, required_minutes=module.minutes)
