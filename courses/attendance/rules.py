"""Pure rules of the émargement: slots, signing windows, and the text that is hashed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from courses.shared import canonical

# Learners sign as they come in, a little before the hour; a sheet closes as they leave.
SIGNING_MARGIN = timedelta(minutes=15)
LONGEST_HALF_DAY_MINUTES = 6 * 60
MONDAY = 0
# The last working day of a week of placement: its hours are attested from then on.
LAST_WORKING_DAY = timedelta(days=4)
DIGEST_DOMAIN = "attendance-sheet-1"


@dataclass(frozen=True)
class Slot:
    """A stretch of real time, its end excluded."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Slot") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def signing_opens_at(self) -> datetime:
        return self.starts_at - SIGNING_MARGIN

    @property
    def closing_opens_at(self) -> datetime:
        return self.ends_at - SIGNING_MARGIN


def is_monday(day: date) -> bool:
    return day.weekday() == MONDAY


def week_end(monday: date) -> date:
    """The Friday of the week of that Monday."""
    return monday + LAST_WORKING_DAY


def sheet_hash(content: Mapping[str, Any]) -> str:
    """The fingerprint of a closed sheet: all of its content, its marks and the seals of its signatures."""
    return canonical.digest(DIGEST_DOMAIN, dict(content))


def enumerate_names(names: Iterable[str]) -> str:
    """« A, B et C »."""
    *first, last = list(names)
    return f"{', '.join(first)} et {last}" if first else last


# What French people call the time of a place; elsewhere the name of the zone is given as it is.
ZONE_WORDS = {
    "America/Cayenne": "de la Guyane",
    "America/Guadeloupe": "de la Guadeloupe",
    "America/Marigot": "de Saint-Martin",
    "America/Martinique": "de la Martinique",
    "America/Miquelon": "de Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "de Saint-Barthélemy",
    "Indian/Mayotte": "de Mayotte",
    "Indian/Reunion": "de La Réunion",
    "Pacific/Noumea": "de Nouvelle-Calédonie",
    "Pacific/Tahiti": "de Tahiti",
    "Pacific/Wallis": "de Wallis-et-Futuna",
}


def zone_words(zone: str) -> str:
    """« (heure de La Réunion) », said only when it is not the time of Paris."""
    return "" if zone == "Europe/Paris" else f" (heure {ZONE_WORDS.get(zone, zone)})"


def clock_time(moment: datetime) -> str:
    """« 9 h 05 », « 14 h »."""
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment.minute:02d}" if moment.minute else "")
