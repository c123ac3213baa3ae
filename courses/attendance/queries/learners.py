"""What a learner has to sign, will attend, has attended."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from courses.attendance.enums import Presence, SheetState
from courses.attendance.models import AttendanceMark, SessionRegistration
from courses.attendance.rules import SIGNING_MARGIN
from courses.people.models import Adviser


def marks_to_sign(adviser: Adviser, at: datetime) -> QuerySet[AttendanceMark]:
    """The lines that this learner may sign right now: open sheet, half-day begun (or about to)."""
    return (
        AttendanceMark.objects.filter(
            adviser=adviser,
            presence=Presence.EXPECTED,
            sheet__state=SheetState.OPEN,
            sheet__starts_at__lte=at + SIGNING_MARGIN,
        )
        .select_related("sheet__session")
        .order_by("-sheet__starts_at", "pk")
    )


def next_registrations(adviser: Adviser, day: date) -> QuerySet[SessionRegistration]:
    """The sessions where this learner is expected, from `day` on, the nearest first."""
    return (
        SessionRegistration.objects.known()
        .filter(enrolment__adviser=adviser, session__end__gte=day)
        .select_related("session__module__organisation", "enrolment__path")
        .order_by("session__start", "pk")
    )


def past_marks(
    adviser: Adviser, day: date, *, over: timedelta = timedelta(days=365)
) -> QuerySet[AttendanceMark]:
    """The half-days of the last year, the latest first."""
    return (
        AttendanceMark.objects.filter(adviser=adviser, day__lte=day, day__gte=day - over)
        .exclude(presence=Presence.EXPECTED, sheet__state=SheetState.OPEN)
        .select_related("sheet__session")
        .order_by("-sheet__starts_at", "pk")
    )
