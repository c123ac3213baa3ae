"""What is read of sheets when one signs or closes: who is where, what is missing, what the fingerprint covers."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.formats import date_format

from courses.attendance.enums import Presence, SignerRole
from courses.attendance.models import AttendanceMark, AttendanceSheet, Signature
from courses.attendance.rules import Slot, clock_time, enumerate_names, zone_words


def spoken_day(day: date) -> str:
    """« 12 mars 2026 », « 1er avril 2026 »."""
    return f"{'1er' if day.day == 1 else day.day}\u00a0{date_format(day, 'F Y')}"


def slot_of(sheet: AttendanceSheet) -> Slot:
    return Slot(sheet.starts_at, sheet.ends_at)


def local_moment(sheet: AttendanceSheet, *, day: bool = True) -> str:
    """« le 12 mars 2026 de 9 h 00 à 12 h 30 (heure de La Réunion) », in the session’s own zone."""
    zone = ZoneInfo(sheet.session.zone)
    starts, ends = (clock_time(moment.astimezone(zone)) for moment in (sheet.starts_at, sheet.ends_at))
    text = f"de {starts} à {ends}{zone_words(sheet.session.zone)}"
    return f"le {spoken_day(sheet.day)} {text}" if day else text


def present_elsewhere(mark: AttendanceMark) -> AttendanceSheet | None:
    """The sheet where this learner is already present at the same time, all organisations together (INV-25).

    Instants are compared, so zones do not matter; and one half-day is counted once for one person.
    """
    others = AttendanceSheet.objects.filter(
        marks__adviser=mark.adviser_id, marks__presence=Presence.PRESENT
    ).exclude(pk=mark.sheet_id)
    overlapping = Q(starts_at__lt=mark.sheet.ends_at, ends_at__gt=mark.sheet.starts_at)
    same_half_day = Q(day=mark.day, half_day=mark.half_day)
    found = others.filter(overlapping | same_half_day).select_related("session")
    return found.order_by("starts_at", "pk").first()


def trainer_signatures(sheet: AttendanceSheet) -> QuerySet[Signature]:
    """The trainers’ signatures that stand."""
    return Signature.objects.known().filter(sheet=sheet, role=SignerRole.TRAINER)


def what_is_missing(sheet: AttendanceSheet, at: datetime) -> list[str]:
    """What keeps a sheet from being closed, in sentences that name people; empty when nothing does."""
    missing = []
    marks = list(sheet.marks.select_related("adviser__user").order_by("adviser__user__last_name", "pk"))
    signed = set(Signature.objects.known().filter(sheet=sheet).values_list("mark_id", flat=True))
    waiting = [str(mark.adviser) for mark in marks if mark.presence == Presence.EXPECTED]
    unsigned = [str(m.adviser) for m in marks if m.presence == Presence.PRESENT and m.pk not in signed]
    if not marks:
        missing.append("Personne n’est inscrit à cette session : une feuille vide ne prouve rien.")
    if waiting:
        missing.append(f"Ni signature ni absence notée pour {enumerate_names(waiting)}.")
    if unsigned:
        missing.append(f"Il manque la signature de {enumerate_names(unsigned)}.")
    if not trainer_signatures(sheet).exists():
        missing.append("Il manque la signature du formateur.")
    if at < slot_of(sheet).closing_opens_at:
        closing = slot_of(sheet).closing_opens_at.astimezone(ZoneInfo(sheet.session.zone))
        missing.append(
            "La demi-journée n’est pas finie : la clôture ouvre "
            f"le {spoken_day(closing.date())} à {clock_time(closing)}{zone_words(sheet.session.zone)}."
        )
    return missing


def sheets_of_organisation(organisation_id: int) -> QuerySet[AttendanceSheet]:
    """The sheets that make one chain."""
    return AttendanceSheet.objects.filter(session__module__organisation=organisation_id)


def sheet_content(sheet: AttendanceSheet) -> dict[str, Any]:
    """All that the fingerprint of a closed sheet covers."""
    session = sheet.session
    signatures = list(Signature.objects.filter(sheet=sheet).select_related("signer").order_by("pk"))
    marks = sheet.marks.select_related("enrolment", "adviser").order_by("pk")
    return {
        "number": sheet.number,
        "previous_hash": sheet.previous_hash,
        "sheet": sheet.public_id,
        "session": session.public_id,
        "activity": session.activity.iri,
        "organisation": session.module.organisation.public_id,
        "zone": session.zone,
        "day": sheet.day,
        "half_day": sheet.half_day,
        "starts_at": sheet.starts_at,
        "ends_at": sheet.ends_at,
        "minutes": sheet.minutes,
        "opened_at": sheet.opened_at,
        "closed_at": sheet.closed_at,
        "marks": [
            {
                "mark": mark.pk,
                "registration": mark.enrolment.registration,
                "adviser": mark.adviser.number,
                "day": mark.day,
                "half_day": mark.half_day,
                "presence": mark.presence,
                "minutes": mark.minutes,
                "absence_reason": mark.absence_reason,
            }
            for mark in marks
        ],
        "signatures": [
            {
                "mark": signature.mark_id,
                "role": signature.role,
                "signer": signature.signer.public_id,
                "seal": signature.seal,
                "superseded_at": signature.superseded_at,
            }
            for signature in signatures
        ],
    }
