"""The programme of a path as the public reads it: modules and sets, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from courses.api import ActivityKind, ModuleStructure, PathStructure, SetRule, SetStructure
from courses.shared.durations import spoken

from .catalogue.index import MODES

NUMBERS = ("", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


@dataclass(frozen=True)
class ModuleWords:
    """A module: what it teaches and how; `conditions` is all that binds it to the rest."""

    title: str
    url: str
    facts: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    optional: bool = False
    conditions: tuple[str, ...] = ()
    is_set: bool = False


@dataclass(frozen=True)
class SetWords:
    """A set: its rule as a sentence, and what it holds."""

    title: str
    rule: str
    optional: bool = False
    conditions: tuple[str, ...] = ()
    ordered: bool = False
    items: "tuple[ModuleWords | SetWords, ...]" = field(default=())
    is_set: bool = True


def programme_of(structure: PathStructure, urls: Mapping[UUID, str], modes: Mapping[UUID, str]) -> SetWords:
    """The whole programme, from its root; `urls` and `modes` by module."""
    root = structure.root
    return SetWords(
        title=structure.title,
        rule=rule_of(root) if structure.arrangement or root.ordered else "",
        ordered=root.ordered,
        conditions=tuple(_deadline(structure.due_days)),
        items=tuple(_items(root, structure, urls, modes)),
    )


def rule_of(found: SetStructure) -> str:
    """« Deux modules au choix sur cinq », « Tout est à suivre, dans l’ordre »."""
    count = len(found.items)
    order = ", dans l’ordre" if found.ordered else ""
    if found.rule == SetRule.COUNT:
        if found.need == 1:
            return f"Un au choix parmi {_number(count)}{order}"
        return f"{_number(found.need).capitalize()} au choix parmi {_number(count)}{order}"
    if found.rule == SetRule.MINUTES:
        return f"{spoken(found.need)} au choix{order}"
    return f"Tout est à suivre{order}"


def _number(count: int) -> str:
    return NUMBERS[count] if 0 < count < len(NUMBERS) else str(count)


def _items(
    held: SetStructure, structure: PathStructure, urls: Mapping[UUID, str], modes: Mapping[UUID, str]
) -> Iterator[ModuleWords | SetWords]:
    for item in held.items:
        if isinstance(item, SetStructure):
            yield SetWords(
                title=item.title,
                rule=rule_of(item),
                optional=item.optional,
                conditions=tuple(_deadline(item.due_days)),
                ordered=item.ordered,
                items=tuple(_items(item, structure, urls, modes)),
            )
        elif module := structure.module(item):
            yield _module(module, structure, urls, modes)


def _module(
    module: ModuleStructure, structure: PathStructure, urls: Mapping[UUID, str], modes: Mapping[UUID, str]
) -> ModuleWords:
    before = [found.title for key in module.requires if (found := structure.module(key))]
    conditions = [f"Après « {title} »" for title in before]
    return ModuleWords(
        title=module.title,
        url=urls.get(module.public_id, ""),
        facts=tuple(_facts(module, modes)),
        objectives=module.objectives,
        optional=module.optional,
        conditions=(*conditions, *_deadline(module.due_days)),
    )


def _facts(module: ModuleStructure, modes: Mapping[UUID, str]) -> Iterator[str]:
    """How long, and in what ways; a way that takes all the time does not say it twice."""
    yield spoken(module.minutes) if module.minutes else "Sans durée annoncée"
    mode = MODES.get(modes.get(module.public_id, ""), "Sur site").lower()
    alone = sum(one.minutes for one in module.of_kind(ActivityKind.LESSON) if one.evaluated_by)
    ways = (
        (sum(one.minutes for one in module.of_kind(ActivityKind.SESSION)), f"avec un formateur, {mode}"),
        (alone, "à votre rythme, à distance"),
        (sum(one.minutes for one in module.of_kind(ActivityKind.PLACEMENT)), "en stage"),
    )
    for minutes, way in ways:
        if minutes:
            yield way if minutes == module.minutes else f"{spoken(minutes)} {way}"


def _deadline(days: int | None) -> Iterator[str]:
    if days:
        yield f"À terminer dans les {days} jours qui suivent l’inscription"
