"""Expecting learners, and opening the sheet of a half-day."""

from datetime import date, datetime, time

from django.db import transaction

from courses import audit
from courses.attendance.enums import HalfDay, SheetState
from courses.attendance.errors import SheetError
from courses.attendance.models import AttendanceMark, AttendanceSheet, SessionRegistration
from courses.attendance.rules import LONGEST_HALF_DAY_MINUTES, Slot
from courses.catalogue.models import TrainingSession
from courses.pathways.models import Enrolment
from courses.pathways.queries import is_held
from courses.people.models import User
from courses.shared import clock
from courses.shared.durations import instant, minutes_between, spoken
from courses.shared.errors import ConflictError


@transaction.atomic
def register_learner(
    *, session: TrainingSession, enrolment: Enrolment, actor: User, at: datetime
) -> SessionRegistration:
    """Expect a learner in a session: on its sheets still open, and on those to come."""
    TrainingSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    _check_registration(session, enrolment)
    registration = SessionRegistration.objects.create(
        session=session,
        enrolment=enrolment,
        valid_on=at.astimezone(clock.PARIS).date(),
        known_at=at,
    )
    for sheet in session.sheets.filter(state=SheetState.OPEN):
        _expect(sheet, enrolment)
    audit.record(
        "catalogue.session.register",
        actor=actor,
        target=registration,
        at=at,
        after={"session": str(session.public_id), "registration": str(enrolment.registration)},
    )
    return registration


def _check_registration(session: TrainingSession, enrolment: Enrolment) -> None:
    if enrolment.superseded_at is not None:
        raise SheetError("Cette inscription au parcours a pris fin.", field="enrolment")
    if not is_held(enrolment, session.activity.public_id):
        raise SheetError("Le parcours de ce conseiller ne comprend pas cette séance.", field="enrolment")
    if session.trainers.filter(pk=enrolment.adviser.user_id).exists():
        raise SheetError("Une personne ne peut pas être formée par elle-même.", field="enrolment")
    registered = session.registrations.known().filter(enrolment__adviser=enrolment.adviser_id)
    if registered.exists():
        raise ConflictError("Ce conseiller est déjà inscrit à cette session.", field="enrolment")


@transaction.atomic
def open_sheet(
    *, session: TrainingSession, day: date, half_day: str, starts: time, ends: time, actor: User, at: datetime
) -> AttendanceSheet:
    """Open the sheet of one half-day: wall-clock times in the session’s zone, minutes that really elapse."""
    TrainingSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    slot = Slot(instant(day, starts, session.zone), instant(day, ends, session.zone))
    minutes = minutes_between(slot.starts_at, slot.ends_at)
    _check_slot(session, day, half_day, slot, minutes)
    sheet = AttendanceSheet.objects.create(
        session=session,
        day=day,
        half_day=half_day,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        minutes=minutes,
        opened_at=at,
    )
    for registration in session.registrations.known().select_related("enrolment"):
        _expect(sheet, registration.enrolment)
    audit.record(
        "attendance.sheet.open",
        actor=actor,
        target=sheet,
        at=at,
        after={"session": str(session.public_id), "day": day, "half_day": half_day, "minutes": minutes},
    )
    return sheet


def _check_slot(session: TrainingSession, day: date, half_day: str, slot: Slot, minutes: int) -> None:
    if half_day not in HalfDay.values:
        raise SheetError("Une demi-journée est un matin ou un après-midi.", field="half_day")
    if not session.start <= day <= session.end:
        raise SheetError(
            f"La session a lieu du {session.start:%d/%m/%Y} au {session.end:%d/%m/%Y} : choisissez un de ces jours.",
            field="day",
        )
    if minutes <= 0:
        raise SheetError("Une demi-journée finit après avoir commencé.", field="ends")
    if minutes > LONGEST_HALF_DAY_MINUTES:
        longest = spoken(LONGEST_HALF_DAY_MINUTES)
        raise SheetError(f"Une demi-journée dure au plus {longest} : ouvrez deux feuilles.", field="ends")
    for other in session.sheets.all():
        if other.day == day and other.half_day == half_day:
            raise ConflictError("Une feuille existe déjà pour cette demi-journée.", field="half_day")
        if slot.overlaps(Slot(other.starts_at, other.ends_at)):
            raise ConflictError(f"Cet horaire chevauche la feuille du {other.day:%d/%m/%Y} "
                                f"({other.get_half_day_display()}).", field="starts")  # fmt: skip


def _expect(sheet: AttendanceSheet, enrolment: Enrolment) -> AttendanceMark:
    return AttendanceMark.objects.create(
        sheet=sheet,
        enrolment=enrolment,
        adviser_id=enrolment.adviser_id,
        day=sheet.day,
        half_day=sheet.half_day,
    )
