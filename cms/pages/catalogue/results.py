"""The answer of the catalogue: the paths found, in order, a page at a time, with what the State pays for."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from certification.api import NoRuleError, RightPreview, preview_rights
from courses.models import Adviser
from courses.shared import clock

from .filters import (
    BY_DATE,
    BY_DURATION,
    BY_RELEVANCE,
    FUNDED,
    SORTS,
    Active,
    CatalogueFilter,
    Choice,
    known_only,
)
from .index import Entry, Index, index

PAGE_SIZE = 18


@dataclass(frozen=True)
class Offer:
    """One path, and what the State would pay of it: for the adviser who reads, else by the rule alone."""

    entry: Entry
    right: RightPreview | None = None

    @property
    def funding_state(self) -> str:
        if self.right is None:
            return "open" if self.entry.source is not None else ""
        return "passed" if self.right.granted else "waiting"

    @property
    def funding_label(self) -> str:
        if self.right is None:
            return "Pris en charge par l’État" if self.entry.source is not None else ""
        return "Pris en charge" if self.right.granted else "Non pris en charge"

    @property
    def why_not(self) -> str:
        """The first reason: it is the one that decides."""
        return "" if self.right is None or self.right.granted else self.right.reasons[0]


@dataclass(frozen=True)
class Results:
    """All that the screen shows."""

    wanted: CatalogueFilter
    choices: list[Choice]
    active: list[Active]
    page: Page
    total: int
    understood: tuple[str, ...]
    sorts: list[tuple[str, str]]
    query: str

    @property
    def offers(self) -> list[Offer]:
        return list(self.page.object_list)


def catalogue(request: HttpRequest) -> Results:
    """What answers the address of this request, for who makes it."""
    found = index()
    adviser = adviser_of(request.user)
    data = known_only(request.GET)
    regions = sorted({region for entry in found.entries for region in entry.regions})
    wanted = CatalogueFilter.read(data, regions=regions, may_be_funded=adviser is not None)
    rows, understood = _found(found, wanted)
    offers = offers_for(rows, adviser)
    if wanted.funded:
        offers = [one for one in offers if one.right and one.right.granted == (wanted.funded == FUNDED)]
    choices = wanted.choices(regions=regions, may_be_funded=adviser is not None)
    return Results(
        wanted=wanted,
        choices=choices,
        active=list(wanted.active(data, choices)),
        page=Paginator(offers, PAGE_SIZE).get_page(request.GET.get("page", "1")[:6]),
        total=len(offers),
        understood=understood,
        sorts=SORTS if wanted.words else SORTS[1:],
        query=data.urlencode(),
    )


def every_offer(request: HttpRequest) -> list[Offer]:
    """The whole list that the same address gives, for the file."""
    return list(catalogue(request).page.paginator.object_list)


def offers_for(entries: list[Entry], adviser: Adviser | None) -> list[Offer]:
    """With the right of the adviser, decided for all in the queries of one."""
    if adviser is None:
        return [Offer(entry) for entry in entries]
    try:
        rights = preview_rights(adviser, [entry.length for entry in entries], clock.today())
    except NoRuleError:
        rights = {}
    return [Offer(entry, rights.get(entry.length)) for entry in entries]


def adviser_of(user: Any) -> Adviser | None:
    """The reader, when he is an adviser."""
    if not user.is_authenticated or user.rights.adviser_id is None:
        return None
    return Adviser.objects.visible_to(user).filter(pk=user.rights.adviser_id).first()


def _found(found: Index, wanted: CatalogueFilter) -> tuple[list[Entry], tuple[str, ...]]:
    """The entries that answer, in the order asked; and the words understood for those mistyped."""
    rows = list(enumerate(found.entries))
    scores: dict[int, int] = {}
    understood: tuple[str, ...] = ()
    if wanted.words:
        answer = found.words.search(wanted.words)
        scores, understood = answer.scores, answer.understood
        rows = [(number, entry) for number, entry in rows if number in scores]
    rows = [(number, entry) for number, entry in rows if wanted.keeps(entry)]
    if wanted.order == BY_RELEVANCE:
        rows.sort(key=lambda row: -scores.get(row[0], 0))
    elif wanted.order == BY_DATE:
        rows.sort(
            key=lambda row: (not row[1].sessions, row[1].sessions[0].start if row[1].sessions else found.day)
        )
    elif wanted.order == BY_DURATION:
        rows.sort(key=lambda row: row[1].minutes)
    return [entry for _, entry in rows], understood


def file_rows(offers: list[Offer]) -> list[list[object]]:
    """The lines of the CSV file."""
    rows: list[list[object]] = []
    for offer in offers:
        entry, session = offer.entry, offer.entry.next_session
        rows.append(
            [
                entry.title, entry.organisation, entry.kind_label, entry.theme_label, entry.mission_label,
                entry.level_label, entry.minutes, entry.mode, session.start.isoformat() if session else "",
                session.place if session else "", session.departement if session else "", offer.funding_label,
                offer.why_not, f"{settings.LMS_PUBLIC_URL}{entry.url}",
            ]
        )  # fmt: skip
    return rows


FILE_HEADER = [
    "Formation", "Organisme", "Nature", "Thème", "Mission", "Niveau", "Durée (minutes)", "Modalité",
    "Prochaine session", "Lieu", "Département", "Prise en charge", "Motif", "Adresse",
]  # fmt: skip
