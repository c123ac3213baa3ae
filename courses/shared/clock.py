"""The one place that reads the clock; acts receive their instant from here, through their caller."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present instant, UTC."""
    return timezone.now()


def today(zone: ZoneInfo = PARIS) -> date:
    """The day it is in `zone` (the programme lives on Paris time unless a session says otherwise)."""
    return now().astimezone(zone).date()
