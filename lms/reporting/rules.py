"""The two dates of every audit view, and how an address writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from urllib.parse import urlencode

from courses.shared.clock import PARIS

UNREADABLE_DAY = "Cette date n’existe pas : écrivez-la sous la forme 2026-03-12."
UNREADABLE_INSTANT = "Cet instant n’existe pas : écrivez une date (2026-03-12) ou un instant avec son fuseau."
FUTURE = "On ne peut pas savoir aujourd’hui ce que l’on saura plus tard : choisissez une date passée."


@dataclass(frozen=True)
class Moment:
    """What was true on `as_of`, as it was known at `known_at` (all that is known now when None)."""

    as_of: date
    known_at: datetime | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """As the address writes it."""
        written = {"au": self.as_of.isoformat()}
        if self.known_at is not None:
            written["connu_le"] = instant_text(self.known_at)
        return written

    @property
    def query(self) -> str:
        return urlencode(self.parameters)


@dataclass(frozen=True)
class ReadMoment:
    """A moment read from an address, with the faults found (field → French sentence)."""

    moment: Moment
    errors: dict[str, str] = field(default_factory=dict)


def instant_text(instant: datetime) -> str:
    """The end of a Paris day is written as that day; any other instant in full."""
    local = instant.astimezone(PARIS)
    return local.date().isoformat() if local == end_of_day(local.date()) else instant.isoformat()


def end_of_day(day: date) -> datetime:
    """The last instant of a day, Paris time."""
    return datetime.combine(day, time.max, tzinfo=PARIS)


def parse_instant(text: str) -> datetime:
    """A day means its end, Paris time; a full instant must say its zone. ValueError otherwise."""
    if len(text) == 10:
        return end_of_day(date.fromisoformat(text))
    instant = datetime.fromisoformat(text.replace(" ", "+"))  # an address turns « + » into a blank
    if instant.tzinfo is None:
        raise ValueError("an instant without its zone")
    return instant


def read_moment(given: Mapping[str, str], *, today: date, now: datetime) -> ReadMoment:
    """`au` and `connu_le` of an address; a fault is told and replaced by the present."""
    as_of, known_at, errors = today, None, {}
    try:
        as_of = date.fromisoformat(given["au"]) if given.get("au") else today
    except ValueError:
        errors["au"] = UNREADABLE_DAY
    try:
        known_at = parse_instant(given["connu_le"]) if given.get("connu_le") else None
    except ValueError:
        errors["connu_le"] = UNREADABLE_INSTANT
    if known_at is not None and known_at.astimezone(PARIS).date() > today:
        errors["connu_le"], known_at = FUTURE, None
    elif known_at is not None and known_at >= now:
        known_at = None
    return ReadMoment(Moment(as_of, known_at), errors)
