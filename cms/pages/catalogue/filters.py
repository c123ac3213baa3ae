"""What the visitor asks of the catalogue, read from the address; anything unknown there is left aside."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from django.http import QueryDict

from courses.api import Level, Mission, PathKind, Theme
from courses.templatetags.lms_format import french_date

from .index import MODES, Entry
from .words import cleaned

# Upper bound of each choice of duration, in minutes.
DURATIONS = {"7": 7 * 60, "14": 14 * 60, "70": 70 * 60}
LONGER = "plus"
DURATION_LABELS = [
    ("7", "7 heures ou moins"),
    ("14", "14 heures ou moins"),
    ("70", "70 heures ou moins"),
    (LONGER, "Plus de 70 heures"),
]
FUNDED, NOT_FUNDED = "oui", "non"
FUNDING_LABELS = [(FUNDED, "Pris en charge pour moi"), (NOT_FUNDED, "Non pris en charge pour moi")]
BY_RELEVANCE, BY_TITLE, BY_DATE, BY_DURATION = "pertinence", "titre", "date", "duree"
SORTS = [
    (BY_RELEVANCE, "Pertinence"),
    (BY_TITLE, "Titre"),
    (BY_DATE, "Prochaine session"),
    (BY_DURATION, "Durée"),
]


@dataclass(frozen=True)
class Choice:
    """One list of choices of the form."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str

    @property
    def said(self) -> str:
        """The choice made, in words."""
        return next((label for value, label in self.options if value == self.value), "")


@dataclass(frozen=True)
class Active:
    """A filter that is on, and the address of the same list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class CatalogueFilter:
    """Each field is a parameter of the address, by the French name given in `NAMES`."""

    words: str = ""
    mission: str = ""
    theme: str = ""
    level: str = ""
    duration: str = ""
    region: str = ""
    mode: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    funded: str = ""
    sort: str = ""

    @classmethod
    def read(cls, data: QueryDict, *, regions: list[str], may_be_funded: bool = False) -> "CatalogueFilter":
        def one_of(name: str, known: list[str]) -> str:
            value = data.get(NAMES[name], "")
            return value if value in known else ""

        return cls(
            words=cleaned(data.get(NAMES["words"], "")),
            mission=one_of("mission", Mission.values),
            theme=one_of("theme", Theme.values),
            level=one_of("level", Level.values),
            duration=one_of("duration", [*DURATIONS, LONGER]),
            region=one_of("region", regions),
            mode=one_of("mode", list(MODES)),
            kind=one_of("kind", PathKind.values),
            since=_day(data.get(NAMES["since"], "")),
            until=_day(data.get(NAMES["until"], "")),
            funded=one_of("funded", [FUNDED, NOT_FUNDED]) if may_be_funded else "",
            sort=one_of("sort", [value for value, _ in SORTS]),
        )

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self) if one.name != "sort")

    @property
    def order(self) -> str:
        """Relevance means something only to words."""
        if self.sort and (self.words or self.sort != BY_RELEVANCE):
            return self.sort
        return BY_RELEVANCE if self.words else BY_TITLE

    def keeps(self, entry: Entry) -> bool:
        """All the filters but the words and the funding, which are looked up elsewhere."""
        return (
            _same(self.mission, entry.mission)
            and _same(self.theme, entry.theme)
            and _same(self.level, entry.level)
            and _same(self.kind, entry.kind)
            and (not self.mode or self.mode in entry.modes)
            and self._lasts(entry.minutes)
            and self._takes_place(entry)
        )

    def _lasts(self, minutes: int) -> bool:
        if self.duration == LONGER:
            return minutes > DURATIONS["70"]
        return not self.duration or minutes <= DURATIONS[self.duration]

    def _takes_place(self, entry: Entry) -> bool:
        """One session that answers to the dates and to the region together; without dates, the region alone."""
        if self.since is None and self.until is None:
            return not self.region or self.region in entry.regions
        return any(
            (self.since is None or session.start >= self.since)
            and (self.until is None or session.start <= self.until)
            and _same(self.region, session.region)
            for session in entry.sessions
        )

    def choices(self, *, regions: list[str], may_be_funded: bool) -> list[Choice]:
        """The lists of the form, in its order."""
        lists = [
            Choice("mission", "Mission", list(Mission.choices), self.mission),
            Choice("theme", "Thème", sorted(Theme.choices, key=lambda choice: choice[1]), self.theme),
            Choice("niveau", "Niveau", list(Level.choices), self.level),
            Choice("duree", "Durée", DURATION_LABELS, self.duration),
            Choice("modalite", "Modalité", list(MODES.items()), self.mode),
            Choice("region", "Région", [(name, name) for name in regions], self.region),
            Choice("nature", "Nature", list(PathKind.choices), self.kind),
        ]
        if may_be_funded:
            lists.append(Choice("prise-en-charge", "Prise en charge", FUNDING_LABELS, self.funded))
        return lists

    def active(self, data: QueryDict, choices: list[Choice]) -> Iterator[Active]:
        """The filters that are on, each with the address that removes it."""
        if self.words:
            yield Active(f"« {self.words} »", _without(data, "q"))
        for choice in choices:
            if choice.value:
                yield Active(choice.said, _without(data, choice.name))
        if self.since:
            yield Active(f"À partir du {french_date(self.since)}", _without(data, "du"))
        if self.until:
            yield Active(f"Jusqu’au {french_date(self.until)}", _without(data, "au"))


NAMES = {
    "words": "q",
    "mission": "mission",
    "theme": "theme",
    "level": "niveau",
    "duration": "duree",
    "region": "region",
    "mode": "modalite",
    "kind": "nature",
    "since": "du",
    "until": "au",
    "funded": "prise-en-charge",
    "sort": "tri",
}


def known_only(data: QueryDict) -> QueryDict:
    """The address without what the catalogue does not know: what it writes again is its own."""
    kept = QueryDict(mutable=True)
    for name in NAMES.values():
        if value := data.get(name, ""):
            kept[name] = cleaned(value)
    return kept


def _without(data: QueryDict, name: str) -> str:
    kept = data.copy()
    kept.pop(name, None)
    return f"?{kept.urlencode()}"


def _same(wanted: str, value: str) -> bool:
    return not wanted or wanted == value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
