"""What the screens of the émargement show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from courses.attendance.enums import AbsenceReason, HalfDay, Presence, SheetState
from courses.attendance.models import AttendanceMark, AttendanceSheet, PlacementAttestation, Signature
from courses.attendance.rules import clock_time
from courses.catalogue.enums import ActivityKind
from courses.catalogue.models import Activity, TrainingSession
from courses.pathways.models import Enrolment
from courses.pathways.queries import held_by, modules_held

from .sheets import trainer_signatures, what_is_missing

# State of a line → the badge that says it, by word, shape, then colour.
BADGES = {
    Presence.EXPECTED: ("waiting", "Attendu"),
    Presence.PRESENT: ("signed", "Présent, a signé"),
    Presence.ABSENT: ("absent", "Absent"),
    Presence.EXCUSED: ("excused", "Absence justifiée"),
}


@dataclass(frozen=True)
class Line:
    """A learner on a sheet, as his trainer sees him."""

    mark: AttendanceMark
    name: str
    badge: str
    label: str
    detail: str


@dataclass(frozen=True)
class Counter:
    """How many have signed, of how many."""

    signed: int
    waiting: int
    absent: int
    trainers: int
    closed: bool

    @property
    def total(self) -> int:
        return self.signed + self.waiting

    @property
    def version(self) -> str:
        """Changes whenever something of the sheet does."""
        return f"{self.signed}-{self.waiting}-{self.absent}-{self.trainers}-{int(self.closed)}"


@dataclass(frozen=True)
class HalfDayPlan:
    """One half-day of a session on the trainer’s day: its sheet, or the place of one."""

    half_day: HalfDay
    sheet: AttendanceSheet | None


@dataclass(frozen=True)
class SessionOfDay:
    """A session on one day."""

    session: TrainingSession
    learners: int
    half_days: tuple[HalfDayPlan, ...]


def counter_of(sheet: AttendanceSheet) -> Counter:
    counts = dict(sheet.marks.values_list("presence").annotate(Count("pk")).order_by())
    return Counter(
        signed=counts.get(Presence.PRESENT.value, 0),
        waiting=counts.get(Presence.EXPECTED.value, 0),
        absent=counts.get(Presence.ABSENT.value, 0) + counts.get(Presence.EXCUSED.value, 0),
        trainers=trainer_signatures(sheet).count(),
        closed=sheet.state == SheetState.CLOSED,
    )


def lines_of(sheet: AttendanceSheet) -> list[Line]:
    """Everyone expected, in the order of a roll call."""
    zone = ZoneInfo(sheet.session.zone)
    signed = dict(
        Signature.objects.known().filter(sheet=sheet, mark__isnull=False).values_list("mark_id", "known_at")
    )
    marks = sheet.marks.select_related("adviser__user").order_by(
        "adviser__user__last_name", "adviser__user__first_name", "pk"
    )
    return [_line(mark, signed.get(mark.pk), zone) for mark in marks]


def _line(mark: AttendanceMark, signed_at: datetime | None, zone: ZoneInfo) -> Line:
    badge, label = BADGES[Presence(mark.presence)]
    detail = ""
    if signed_at:
        detail = f"Signé à {clock_time(signed_at.astimezone(zone))}"
    elif mark.absence_reason:
        detail = AbsenceReason(mark.absence_reason).label
    return Line(mark=mark, name=str(mark.adviser), badge=badge, label=label, detail=detail)


def sessions_of_day(sessions: QuerySet[TrainingSession], day: date) -> list[SessionOfDay]:
    """The sessions that take place on `day`, in order, with their half-days."""
    found = (
        sessions.filter(start__lte=day, end__gte=day)
        .select_related("module__organisation")
        .order_by("start", "title", "pk")
    )
    return [_session_of_day(session, day) for session in found]


def _session_of_day(session: TrainingSession, day: date) -> SessionOfDay:
    sheets = {sheet.half_day: sheet for sheet in session.sheets.filter(day=day)}
    plans = tuple(HalfDayPlan(half_day, sheets.get(half_day)) for half_day in HalfDay)
    return SessionOfDay(session, session.registrations.known().count(), plans)


def neighbours(sessions: QuerySet[TrainingSession], day: date) -> tuple[date | None, date | None]:
    """The nearest days, before and after, on which something takes place."""
    before = sessions.filter(start__lt=day).order_by("-end").first()
    after = sessions.filter(end__gt=day).order_by("start").first()
    one = date.resolution
    return (
        min(before.end, day - one) if before else None,
        max(after.start, day + one) if after else None,
    )


def missing_of(sheet: AttendanceSheet, at: datetime) -> list[str]:
    """What still keeps an open sheet from being closed."""
    return [] if sheet.state == SheetState.CLOSED else what_is_missing(sheet, at)


@dataclass(frozen=True)
class Placement:
    """A learner and his placement: what was attested of what is required."""

    enrolment: Enrolment
    activity: Activity
    attested: int
    required: int
    weeks: tuple[PlacementAttestation, ...]


def placements_of(enrolments: Iterable[Enrolment]) -> list[Placement]:
    """The placements that these enrolments hold, by name of learner."""
    found = []
    for enrolment in enrolments:
        for public_id, minutes in _planned(enrolment).items():
            activity = Activity.objects.filter(public_id=public_id).first()
            if activity:
                found.append(_placement(enrolment, activity, minutes))
    return sorted(found, key=lambda placement: str(placement.enrolment.adviser))


def placement_of(enrolment: Enrolment, activity_id: Any) -> Placement | None:
    """That placement of that enrolment."""
    return next((p for p in placements_of([enrolment]) if p.activity.public_id == activity_id), None)


def _planned(enrolment: Enrolment) -> dict[Any, int]:
    return {
        activity.public_id: activity.minutes
        for module in modules_held(held_by(enrolment))
        for activity in module.activities
        if activity.kind == ActivityKind.PLACEMENT
    }


def _placement(enrolment: Enrolment, activity: Activity, required: int) -> Placement:
    weeks = tuple(
        PlacementAttestation.objects.known()
        .filter(enrolment=enrolment, activity=activity)
        .select_related("tutor")
        .order_by("-week")
    )
    return Placement(enrolment, activity, sum(week.minutes for week in weeks), required, weeks)
