"""The one place that reads the clock; acts receive their instant from here, through their caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")
_elsewhen: ContextVar[datetime | None] = ContextVar("elsewhen", default=None)


def now() -> datetime:
    """The present instant, UTC."""
    return _elsewhen.get() or timezone.now()


def today(zone: ZoneInfo = PARIS) -> date:
    """The day it is in `zone` (the programme lives on Paris time unless a session says otherwise)."""
    return now().astimezone(zone).date()


@contextmanager
def travel(instant: datetime) -> Iterator[None]:
    """Live at another instant, in this context only: for the demonstration and the tests, never from a request."""
    token = _elsewhen.set(instant)
    try:
        yield
    finally:
        _elsewhen.reset(token)
