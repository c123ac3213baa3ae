"""Time as integer minutes, and slots of a day in their own zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

MINUTES_PER_HOUR = 60


def iso(minutes: int) -> str:
    """ISO 8601 duration of whole minutes: 210 → PT3H30M."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def spoken(minutes: int) -> str:
    """As French people write it: « 3 h 30 », « 45 min »."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    sign = "−" if minutes < 0 else ""
    if not hours:
        return f"{sign}{rest}\u00a0min"
    return f"{sign}{hours}\u00a0h" + (f"\u00a0{rest:02d}" if rest else "")


def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a wall-clock time in `zone`."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes really elapsed between two instants (a daylight-saving change included)."""
    return int((end - start).total_seconds() // 60)
