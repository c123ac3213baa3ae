"""Dates, durations, amounts and counts as French people write them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils import timezone

from courses.shared.durations import spoken

register = template.Library()

NBSP = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
SIZES = ("octets", "Ko", "Mo", "Go")


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return _local(value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return None


def _grouped(value: int) -> str:
    sign = MINUS if value < 0 else ""
    return sign + f"{abs(value):,}".replace(",", NARROW)


@register.filter
def french_date(value: Any) -> str:
    """« 12 mars 2026 », « 1er avril 2026 »."""
    day = _day(value)
    if day is None:
        return ""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


@register.filter
def french_weekday(value: Any) -> str:
    """« jeudi 12 mars 2026 »."""
    day = _day(value)
    return f"{DAYS[day.weekday()]} {french_date(day)}" if day else ""


@register.filter
def short_date(value: Any) -> str:
    """« 12/03/2026 », for dense tables."""
    day = _day(value)
    return f"{day:%d/%m/%Y}" if day else ""


@register.filter
def french_time(value: Any) -> str:
    """« 14 h », « 9 h 05 »."""
    if isinstance(value, datetime):
        value = _local(value).time()
    if not isinstance(value, time):
        return ""
    hour = f"{value.hour}{NBSP}h"
    return f"{hour}{NBSP}{value.minute:02d}" if value.minute else hour


@register.filter
def french_datetime(value: Any) -> str:
    """« 12 mars 2026 à 14 h 05 »."""
    if not isinstance(value, datetime):
        return french_date(value)
    return f"{french_date(value)} à {french_time(value)}"


@register.filter
def minutes(value: Any) -> str:
    """« 3 h 30 », « 14 h », « 45 min »."""
    if value is None or value == "":
        return ""
    total = int(value)
    if total == 0:
        return f"0{NBSP}h"
    hours = abs(total) // 60
    return spoken(total).replace(str(hours), _grouped(hours), 1) if hours >= 1000 else spoken(total)


@register.filter
def euros(cents: Any) -> str:
    """Cents → « 1 250,00 € »."""
    if cents is None or cents == "":
        return ""
    total = int(cents)
    sign = MINUS if total < 0 else ""
    whole, rest = divmod(abs(total), 100)
    return f"{sign}{_grouped(whole)},{rest:02d}{NBSP}€"


@register.filter
def euros_short(cents: Any) -> str:
    """Cents → « 350 000 € » when there are no cents to show, else as `euros`."""
    if cents is None or cents == "":
        return ""
    whole, rest = divmod(int(cents), 100)
    return euros(cents) if rest else f"{_grouped(whole)}{NBSP}€"


@register.filter
def number(value: Any) -> str:
    """« 12 345 »."""
    return "" if value is None or value == "" else _grouped(int(value))


@register.filter
def percent_of(part: Any, whole: Any) -> str:
    """`{{ 3|percent_of:8 }}` → « 38 % », rounded half up on integers; « — » when there is no whole."""
    if not whole or part is None:
        return "—"
    return f"{(int(part) * 200 + int(whole)) // (int(whole) * 2)}{NBSP}%"


@register.filter
def plural(count: Any, endings: str = "s") -> str:
    """French plural from two on: `dossier{{ n|plural }}`, `{{ n|plural:"cheval,chevaux" }}`."""
    one, _, many = endings.partition(",") if "," in endings else ("", ",", endings)
    return many if abs(int(count or 0)) >= 2 else one


@register.filter
def file_size(size: Any) -> str:
    """« 840 octets », « 1,2 Mo »."""
    if size is None or size == "":
        return ""
    tenths, unit = int(size) * 10, 0
    while tenths >= 10240 and unit < len(SIZES) - 1:
        tenths, unit = (tenths + 512) // 1024, unit + 1
    whole, rest = divmod(tenths, 10)
    text = f"{whole},{rest}" if rest and unit else _grouped(whole)
    return f"{text}{NBSP}{SIZES[unit]}"


@register.filter
def short_hash(value: Any) -> str:
    """The first twelve signs of a fingerprint, in groups of four: « 3f2a 91bc 04de »."""
    text = value.hex() if isinstance(value, (bytes, memoryview)) else str(value or "")
    text = text.removeprefix("sha256:")[:12]
    return NBSP.join(text[i : i + 4] for i in range(0, len(text), 4))


@register.filter
def or_dash(value: Any) -> Any:
    """« — » for an empty cell, so that no cell is silent."""
    return "—" if value is None or value == "" else value
