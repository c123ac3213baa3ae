"""Sessions for a diary: an iCalendar file (RFC 5545).

A session is days, in the zone of its place: they are written as days, which mean the same wherever the diary is. The
half-days whose sheet is open are instants: they are written in UTC. The same registration always has the same UID.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from courses.models import AttendanceSheet, SessionRegistration
from courses.shared.clock import PARIS

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LONGEST = 75  # octets of a line, its end left out


def calendar(
    registrations: Iterable[SessionRegistration], sheets: Iterable[AttendanceSheet], name: str
) -> bytes:
    """The whole file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_host()}//Sessions de formation//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for one in registrations for line in _session(one)),
        *(line for one in sheets for line in _half_day(one)),
        "END:VCALENDAR",
    ]
    return b"".join(piece for line in lines for piece in _folded(line))


def _session(registration: SessionRegistration) -> Iterator[str]:
    session = registration.session
    zone = "" if session.zone == str(PARIS) else f"\nHoraires à l’heure de {session.zone}."
    yield "BEGIN:VEVENT"
    yield f"UID:session-{session.public_id}-{registration.enrolment.registration}@{_host()}"
    yield f"DTSTAMP:{_instant(registration.known_at)}"
    yield f"DTSTART;VALUE=DATE:{_day(session.start)}"
    yield f"DTEND;VALUE=DATE:{_day(session.end + timedelta(days=1))}"
    yield f"SUMMARY:{_text(session.title)}"
    yield f"LOCATION:{_text(session.place)}"
    yield f"DESCRIPTION:{_text(f'{session.module.title}, {session.get_mode_display().lower()}.{zone}')}"
    yield f"URL:{settings.LMS_PUBLIC_URL}/mes-sessions/"
    yield "TRANSP:OPAQUE"
    yield "END:VEVENT"


def _half_day(sheet: AttendanceSheet) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:demi-journee-{sheet.public_id}@{_host()}"
    yield f"DTSTAMP:{_instant(sheet.opened_at)}"
    yield f"DTSTART:{_instant(sheet.starts_at)}"
    yield f"DTEND:{_instant(sheet.ends_at)}"
    yield f"SUMMARY:{_text(f'{sheet.session.title} ({sheet.get_half_day_display()})')}"
    yield f"LOCATION:{_text(sheet.session.place)}"
    yield "END:VEVENT"


def _host() -> str:
    return urlsplit(settings.LMS_PUBLIC_URL).hostname or "localhost"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A TEXT value: what has a meaning is escaped, a line break is written \\n."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """At most 75 octets a line, never in the middle of a letter; what follows begins with a blank."""
    rest, room, start = line, _LONGEST, b""
    while True:
        cut = len(rest)
        while len(rest[:cut].encode()) > room:
            cut -= 1
        yield start + rest[:cut].encode() + b"\r\n"
        rest, room, start = rest[cut:], _LONGEST - 1, b" "
        if not rest:
            return
