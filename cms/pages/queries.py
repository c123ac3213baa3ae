"""What the public pages show beside their text."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from courses.api import PathKind
from courses.models import Enrolment, TrainingSession
from courses.shared import clock

from .models import ModulePage, OrganisationPage, PathPage

LONGEST_SEARCH = 100
# Upper bound of each choice of duration, in minutes.
DURATIONS = {"7": 7 * 60, "14": 14 * 60, "70": 70 * 60, "plus": None}
DURATION_LABELS = [
    ("7", "7 heures ou moins"),
    ("14", "14 heures ou moins"),
    ("70", "70 heures ou moins"),
    ("plus", "Plus de 70 heures"),
]


@dataclass(frozen=True)
class CatalogueFilter:
    """What the visitor looks for; anything unknown in the address is left aside."""

    words: str = ""
    kind: str = ""
    duration: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> "CatalogueFilter":
        kind, duration = data.get("nature", ""), data.get("duree", "")
        return cls(
            words=" ".join(data.get("q", "").replace("\x00", " ").split())[:LONGEST_SEARCH],
            kind=kind if kind in PathKind.values else "",
            duration=duration if duration in DURATIONS else "",
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.kind or self.duration)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return list(PathKind.choices)

    @property
    def durations(self) -> list[tuple[str, str]]:
        return DURATION_LABELS


@dataclass(frozen=True)
class Offer:
    """One line of the catalogue."""

    page: PathPage
    organisation: str
    minutes: int
    modules: tuple[ModulePage, ...]
    next_on: date | None
    place: str

    @property
    def url(self) -> str:
        return str(self.page.get_url())

    @property
    def mode(self) -> str:
        """Told only when all its modules share one."""
        modes = {module.get_mode_display() for module in self.modules if module.taught_minutes}
        if not modes:
            return "À distance"
        return modes.pop() if len(modes) == 1 else "Présence et distance"


def offers(wanted: CatalogueFilter | None = None, *, below: OrganisationPage | None = None) -> list[Offer]:
    """The published paths that answer the search, by title."""
    wanted = wanted or CatalogueFilter()
    pages: Any = PathPage.objects.live().public().order_by("title")
    if below is not None:
        pages = pages.descendant_of(below)
    if wanted.kind:
        pages = pages.filter(kind=wanted.kind)
    if wanted.words:
        pages = pages.filter(_matching(wanted.words))
    found = _described(list(pages.defer_streamfields()))
    return [offer for offer in found if _lasts(offer.minutes, wanted.duration)]


def _matching(words: str) -> Q:
    """Every word, in the path or in one of its modules."""
    matching = Q()
    for word in words.split():
        here = Q(title__icontains=word) | Q(objectives__icontains=word)
        modules = ModulePage.objects.live().filter(
            Q(title__icontains=word) | Q(objectives__icontains=word) | Q(competences__icontains=word)
        )
        above = Q(pk__in=[])
        for path in modules.values_list("path", flat=True):
            above |= Q(path=path[: -ModulePage.steplen])
        matching &= here | above
    return matching


def _lasts(minutes: int, duration: str) -> bool:
    if not duration:
        return True
    bound = DURATIONS[duration]
    return minutes > DURATIONS["70"] if bound is None else minutes <= bound  # type: ignore[operator]


def _described(pages: list[PathPage]) -> list[Offer]:
    """Three queries whatever their number: modules, organisations, sessions."""
    modules: dict[str, list[ModulePage]] = {}
    for module in ModulePage.objects.live().defer_streamfields().order_by("path"):
        modules.setdefault(module.path[: -ModulePage.steplen], []).append(module)
    names = dict(OrganisationPage.objects.values_list("path", "organisation__name"))
    soonest: dict[UUID, TrainingSession] = {}
    for session in _to_come().select_related("module"):
        soonest.setdefault(session.module.public_id, session)
    return [
        _offer(
            page, names.get(page.path[: -PathPage.steplen], ""), tuple(modules.get(page.path, ())), soonest
        )
        for page in pages
    ]


def _offer(
    page: PathPage, organisation: str, modules: tuple[ModulePage, ...], soonest: dict[UUID, TrainingSession]
) -> Offer:
    dates = sorted((s for m in modules if (s := soonest.get(m.key))), key=lambda session: session.start)
    return Offer(
        page=page,
        organisation=organisation,
        minutes=sum(module.minutes or 0 for module in modules),
        modules=modules,
        next_on=dates[0].start if dates else None,
        place=dates[0].place if dates else "",
    )


def _to_come() -> QuerySet[TrainingSession]:
    return TrainingSession.objects.filter(start__gte=clock.today()).order_by("start", "pk")


def sessions_to_come(module_keys: list[UUID]) -> list[TrainingSession]:
    """The next sessions of these modules, soonest first."""
    return list(_to_come().filter(module__public_id__in=module_keys).select_related("module")[:10])


def enrolment_of(user: Any, path_key: UUID) -> Enrolment | None:
    """The enrolment of the person who looks, if there is one."""
    if not user.is_authenticated or user.rights.adviser_id is None:
        return None
    return (
        Enrolment.objects.visible_to(user)
        .known()
        .filter(adviser=user.rights.adviser_id, path__public_id=path_key)
        .first()
    )
