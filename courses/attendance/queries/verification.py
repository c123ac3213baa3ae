"""Does every closed sheet still say what it said? And the invariants of this room."""

from collections.abc import Iterator

from django.db.models import F

from courses.attendance.enums import Presence, SheetState
from courses.attendance.models import AttendanceMark, AttendanceSheet, Signature
from courses.attendance.rules import sheet_hash
from courses.audit.queries import Breach
from courses.people.models import TrainingOrganisation
from courses.shared.durations import minutes_between

from .sheets import sheet_content, sheets_of_organisation


def verify_sheets() -> list[Breach]:
    """Recompute the fingerprint of every closed sheet and walk each organisation’s chain; name what does not hold."""
    breaches: list[Breach] = []
    for organisation in TrainingOrganisation.objects.order_by("pk"):
        breaches += _walk(organisation)
    return breaches


def _walk(organisation: TrainingOrganisation) -> Iterator[Breach]:
    closed = sheets_of_organisation(organisation.pk).filter(state=SheetState.CLOSED)
    previous, expected = "", 1
    for sheet in closed.select_related(
        "session__module__organisation", "session__activity"
    ).order_by("number", "pk"):  # fmt: skip
        for message in _faults(sheet, previous, expected):
            text = f"Feuille n° {sheet.number} de {organisation.name} ({sheet}) : {message}"
            yield Breach("attendance", sheet.number or 0, text, f"courses.attendancesheet {sheet.public_id}")
        previous, expected = sheet.hash, (sheet.number or 0) + 1


def _faults(sheet: AttendanceSheet, previous: str, expected: int) -> Iterator[str]:
    if sheet.number != expected:
        yield f"le numéro {expected} était attendu dans la chaîne."
    if sheet.previous_hash != previous:
        yield "elle ne suit pas la feuille précédente de la chaîne."
    if sheet_hash(sheet_content(sheet)) != sheet.hash:
        yield "son contenu ne correspond plus à son empreinte."
    for signature in Signature.objects.filter(sheet=sheet).order_by("pk"):
        if signature.computed_seal() != signature.seal:
            yield f"la signature {signature.pk} a été altérée."


def overlapping_presences() -> list[Breach]:
    """INV-25: one person present in two slots that overlap."""
    marks = AttendanceMark.objects.filter(presence=Presence.PRESENT).select_related(
        "sheet__session", "adviser"
    )
    breaches, last = [], None
    for mark in marks.order_by("adviser_id", "sheet__starts_at", "pk").iterator(2000):
        if last and last.adviser_id == mark.adviser_id and last.sheet.ends_at > mark.sheet.starts_at:
            text = f"Conseiller {mark.adviser.number} : présent à la fois à « {last.sheet} » et à « {mark.sheet} »."
            breaches.append(Breach("attendance", 0, text, f"courses.attendancemark {mark.pk}"))
        if last is None or last.adviser_id != mark.adviser_id or mark.sheet.ends_at >= last.sheet.ends_at:
            last = mark
    return breaches


def impossible_minutes() -> list[Breach]:
    """INV-26: more minutes than the slot really lasts, or a slot that is not as long as it says."""
    breaches = []
    for mark in AttendanceMark.objects.filter(minutes__gt=F("sheet__minutes")).select_related(
        "sheet__session"
    ):
        text = f"Ligne {mark.pk} de « {mark.sheet} » : plus de minutes que la demi-journée."
        breaches.append(Breach("attendance", 0, text, f"courses.attendancemark {mark.pk}"))
    for sheet in AttendanceSheet.objects.select_related("session").order_by("pk").iterator(2000):
        if minutes_between(sheet.starts_at, sheet.ends_at) != sheet.minutes:
            text = f"« {sheet} » : la durée écrite n’est pas celle de l’horaire."
            breaches.append(Breach("attendance", 0, text, f"courses.attendancesheet {sheet.public_id}"))
    return breaches
