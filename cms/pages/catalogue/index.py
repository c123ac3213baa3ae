"""What is offered today, read once and kept in the process until something public changes."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.encoding import iri_to_uri

from certification.api import FundableLengths, PathLength, fundable_lengths, length_of
from cms.pages.models import HomePage, ModulePage, OrganisationPage, PathPage
from cms.pages.version import Version, site_version
from courses.api import Level, Mission, PathKind, PathStructure, SessionMode, Theme, structure_of
from courses.models import PathVersion, TrainingSession
from courses.shared import clock

from .words import Words, weighed

# What the version does not tell (an organisation renamed) is seen within this time.
KEPT_SECONDS = 60
MODES = {SessionMode.ON_SITE.value: "Sur site", SessionMode.REMOTE.value: "À distance"}


@dataclass(frozen=True, slots=True)
class Coming:
    """A session to come."""

    title: str
    start: date
    end: date
    mode: str
    place: str
    departement: str
    region: str
    zone: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of the catalogue, as its published version says."""

    page_id: int
    # Where it stands in the tree: below which organisation.
    path: str
    version_id: int | None
    title: str
    url: str
    kind: str
    theme: str
    mission: str
    level: str
    organisation: str
    organisation_region: str
    minutes: int
    length: PathLength
    # Where it is written that the State pays for a path of this length; None when it does not.
    source: str | None
    modes: frozenset[str]
    modules: tuple[str, ...]
    objectives: tuple[str, ...]
    sessions: tuple[Coming, ...]

    @property
    def kind_label(self) -> str:
        return str(PathKind(self.kind).label)

    @property
    def theme_label(self) -> str:
        return str(Theme(self.theme).label) if self.theme else ""

    @property
    def mission_label(self) -> str:
        return str(Mission(self.mission).label) if self.mission else ""

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label) if self.level else ""

    @property
    def mode(self) -> str:
        """« Sur site », « À distance », or both."""
        return "Sur site et à distance" if len(self.modes) > 1 else MODES[next(iter(self.modes))]

    @property
    def next_session(self) -> Coming | None:
        return self.sessions[0] if self.sessions else None

    @property
    def regions(self) -> set[str]:
        """Where it is taught next; where its organisation is, when no date is open."""
        taught = {session.region for session in self.sessions if session.region}
        return taught or ({self.organisation_region} if self.organisation_region else set())


class Index:
    """All entries by title, and their words."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.entries = tuple(_entries(day))
        self.words = Words(_words(entry) for entry in self.entries)
        self.at = time.monotonic()

    def below(self, path: str) -> list[Entry]:
        """Those of one branch."""
        return [entry for entry in self.entries if entry.path.startswith(path)]

    def of(self, page_id: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.page_id == page_id), None)


_lock = threading.Lock()
_kept: tuple[Version, Index] | None = None


def index() -> Index:
    """The present one; built again when something was published, opened or decided, in whatever process."""
    global _kept
    version, day = site_version(), clock.today()
    held = _kept
    if held is None or not _fresh(held, version, day):
        with _lock:
            held = _kept
            if held is None or not _fresh(held, version, day):
                held = _kept = (version, Index(day))
    return held[1]


def _fresh(held: tuple[Version, Index], version: Version, day: date) -> bool:
    known, built = held
    return known == version and built.day == day and time.monotonic() - built.at < KEPT_SECONDS


def _words(entry: Entry) -> dict[str, int]:
    return weighed(
        [
            (entry.title, 10),
            (entry.theme_label, 6),
            *((title, 6) for title in entry.modules),
            (entry.organisation, 5),
            (entry.mission_label, 4),
            (entry.kind_label, 3),
            *((line, 3) for line in entry.objectives),
        ]
    )


def _entries(day: date) -> Iterator[Entry]:
    """Six queries whatever their number."""
    home = HomePage.objects.only("url_path").first()
    root = home.url_path if home else "/"
    organisations: dict[str, OrganisationPage] = {
        page.path: page for page in OrganisationPage.objects.select_related("organisation__departement")
    }
    modes: dict[UUID, str] = dict(ModulePage.objects.values_list("key", "mode"))
    sessions = coming_by_module(day)
    paid = fundable_lengths(day)
    for page in _pages():
        above = organisations.get(page.path[: -PathPage.steplen])
        yield _entry(page, root, above, modes, sessions, paid)


def _pages() -> list[Any]:
    pages = PathPage.objects.live().public().defer_streamfields().order_by("title", "pk")
    return list(pages.select_related("version"))


def coming_by_module(day: date) -> dict[UUID, list[Coming]]:
    """The sessions to come of each module, soonest first."""
    found: dict[UUID, list[Coming]] = {}
    sessions = TrainingSession.objects.filter(start__gte=day).select_related("departement", "module")
    for session in sessions.order_by("start", "pk"):
        found.setdefault(session.module.public_id, []).append(coming(session))
    return found


def coming(session: TrainingSession) -> Coming:
    """What the public reads of a session."""
    return Coming(
        title=session.title,
        start=session.start,
        end=session.end,
        mode=session.mode,
        place=session.place,
        departement=str(session.departement) if session.departement else "",
        region=session.departement.region_name if session.departement else "",
        zone=session.zone,
    )


def _entry(
    page: PathPage,
    root: str,
    above: OrganisationPage | None,
    modes: dict[UUID, str],
    sessions: dict[UUID, list[Coming]],
    paid: FundableLengths | None,
) -> Entry:
    structure = _structure(page.version)
    taught = [module for module in structure.modules if module.of_kind("session")]
    length = length_of(page.kind, structure)
    region = above.organisation.departement.region_name if above and above.organisation.departement else ""
    coming = [session for module in structure.modules for session in sessions.get(module.public_id, ())]
    return Entry(
        page_id=page.pk,
        path=page.path,
        version_id=page.version_id,
        title=page.title,
        url=iri_to_uri("/" + page.url_path.removeprefix(root)),
        kind=page.kind,
        theme=page.theme,
        mission=page.mission,
        level=page.level,
        organisation=above.organisation.name if above else "",
        organisation_region=region,
        minutes=structure.minutes,
        length=length,
        source=paid.source_of(length) if paid else None,
        modes=frozenset(modes.get(module.public_id, SessionMode.ON_SITE.value) for module in taught)
        or frozenset({SessionMode.REMOTE.value}),
        modules=tuple(module.title for module in structure.modules),
        objectives=(
            *structure.objectives,
            *(line for module in structure.modules for line in (*module.objectives, *module.competences)),
        ),
        sessions=tuple(sorted(coming, key=lambda session: session.start)),
    )


def _structure(version: PathVersion | None) -> PathStructure:
    return structure_of(version) if version else PathStructure(title="", kind=PathKind.CONTINUING.value)
