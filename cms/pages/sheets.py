"""What the page of a path tells beside what its author wrote: programme, sessions, price, results."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from certification.api import NoRuleError, PathLength, RightPreview, blocks_on, preview_rights, rules_on
from courses.api import PathKind, PathResults, PathStructure, path_results, satisfaction_of, structure_of
from courses.shared import clock
from courses.templatetags.lms_format import french_date

from .catalogue.index import Coming, Entry, coming_by_module, index
from .catalogue.results import adviser_of
from .models import ModulePage, PathPage
from .programme import SetWords, programme_of


@dataclass(frozen=True)
class Price:
    """Who pays, by what rule, and where it is written."""

    sentence: str
    source: str = ""
    rule: str = ""
    right: RightPreview | None = None


@dataclass(frozen=True)
class Opinion:
    """Satisfaction out of 5, in tenths; None when too few answered to show it."""

    answers: int
    tenths: int | None
    first_month: date | None
    last_month: date | None

    @property
    def mark(self) -> str:
        """« 4,3 »."""
        return "" if self.tenths is None else f"{self.tenths // 10},{self.tenths % 10}"


@dataclass(frozen=True)
class PathSheet:
    """All of it, for one path."""

    minutes: int
    mode: str
    theme: str
    mission: str
    level: str
    programme: SetWords | None
    competences: tuple[str, ...]
    sessions: list[Coming]
    price: Price | None
    leads_to: list[str]
    results: PathResults | None
    opinion: Opinion | None


def path_sheet(page: PathPage, user: Any) -> PathSheet:
    """The page of a path, from the version that new learners are bound to."""
    entry = index().of(page.pk)
    structure = structure_of(page.version) if page.version else None
    keys = [module.public_id for module in structure.modules] if structure else []
    return PathSheet(
        minutes=structure.minutes if structure else 0,
        mode=entry.mode if entry else "",
        theme=str(page.get_theme_display()),
        mission=str(page.get_mission_display()),
        level=str(page.get_level_display()),
        programme=_programme(page, structure) if structure else None,
        competences=_competences(structure) if structure else (),
        sessions=list(entry.sessions) if entry else [],
        price=_price(entry, user) if entry else None,
        leads_to=_leads_to(page.kind),
        results=path_results([page.key]).get(page.key),
        opinion=opinion_of(keys),
    )


def _programme(page: PathPage, structure: PathStructure) -> SetWords:
    modules = ModulePage.objects.live().descendant_of(page).defer_streamfields()
    root = page.url_path
    base = str(page.get_url())
    pages = list(modules)
    return programme_of(
        structure,
        urls={module.key: base + module.url_path.removeprefix(root) for module in pages},
        modes={module.key: module.mode for module in pages},
    )


def _competences(structure: PathStructure) -> tuple[str, ...]:
    """Each once, in the order of the modules."""
    return tuple(dict.fromkeys(line for module in structure.modules for line in module.competences))


def _price(entry: Entry, user: Any) -> Price | None:
    """For an adviser, his own right; for the others, what the rule says of such a path."""
    adviser = adviser_of(user)
    right = _right(adviser, entry.length) if adviser else None
    try:
        found = rules_on(clock.today())
    except NoRuleError:
        return None
    rule = (
        f"règles du programme {found.rules.label}, en vigueur depuis le {french_date(found.rule_set.start)}"
    )
    if entry.source is None:
        return Price(
            "Cette durée n’est pas prise en charge par l’État\u00a0: demandez un devis à l’organisme.",
            rule=rule,
            right=right,
        )
    return Price(
        "Pris en charge à 100\u00a0% par l’État pour les conseillers numériques en poste, "
        "dans la limite de leurs droits.",
        source=entry.source,
        rule=rule,
        right=right,
    )


def _right(adviser: Any, length: PathLength) -> RightPreview | None:
    try:
        return preview_rights(adviser, [length], clock.today())[length]
    except NoRuleError:
        return None


def _leads_to(kind: str) -> list[str]:
    """The certifications that an initial path prepares; every path ends with a certificat de réalisation."""
    certificates = ["Un certificat de réalisation, délivré par l’organisme à la fin du parcours."]
    if kind != PathKind.INITIAL:
        return certificates
    blocks = [
        f"{block.code}\u00a0: {block.title} ({block.qualification.title})"
        for block in blocks_on(clock.today())
    ]
    return [*certificates, *blocks]


def opinion_of(module_keys: Iterable[UUID]) -> Opinion | None:
    """The opinions on these modules together: a mean of means, each counted for its answers."""
    found = list(satisfaction_of(module_keys).values())
    shown = [one for one in found if one.tenths is not None]
    answers = sum(one.answers for one in shown)
    months = sorted(month for one in shown for month in (one.first_month, one.last_month) if month)
    if not found:
        return None
    total = sum((one.tenths or 0) * one.answers for one in shown)
    return Opinion(
        answers=answers,
        tenths=(2 * total + answers) // (2 * answers) if answers else None,
        first_month=months[0] if months else None,
        last_month=months[-1] if months else None,
    )


@dataclass(frozen=True)
class ModuleSheet:
    """The page of a module."""

    before: list[str]
    equivalents: list[str]
    sessions: list[Coming]
    opinion: Opinion | None


def module_sheet(page: ModulePage) -> ModuleSheet:
    """What its page tells beside its own text."""
    keys = [*_uuids(page.requires), *_uuids(page.equivalents)]
    titles = dict(ModulePage.objects.filter(key__in=keys).values_list("key", "title")) if keys else {}
    return ModuleSheet(
        before=[titles[key] for key in _uuids(page.requires) if key in titles],
        equivalents=[titles[key] for key in _uuids(page.equivalents) if key in titles],
        sessions=coming_by_module(clock.today()).get(page.key, []),
        opinion=opinion_of([page.key]),
    )


def _uuids(texts: Iterable[Any]) -> list[UUID]:
    return [UUID(str(text)) for text in texts]
