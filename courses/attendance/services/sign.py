"""Presences, absences and signatures on an open sheet."""

from datetime import datetime

from django.db import transaction

from courses import audit
from courses.attendance.enums import (
    EXCUSED_REASONS,
    UNEXCUSED_REASONS,
    AbsenceReason,
    Presence,
    SheetState,
    SignerRole,
)
from courses.attendance.errors import (
    AlreadySignedError,
    NotTheSignerError,
    PresentElsewhereError,
    SheetClosedError,
    SheetError,
    SigningWindowError,
)
from courses.attendance.models import AttendanceMark, AttendanceSheet, Signature
from courses.attendance.permissions import can_sign_as_trainer
from courses.attendance.queries.sheets import local_moment, present_elsewhere, slot_of
from courses.people.models import Adviser, User
from courses.shared.errors import ConflictError


@transaction.atomic
def sign_presence(*, sheet_id: int, actor: User, at: datetime) -> Signature:
    """The learner attests, from his own account, that he is there; his line then carries the minutes of the slot."""
    sheet = _lock_open(sheet_id)
    mark = sheet.marks.select_related("adviser", "enrolment").filter(adviser__user=actor).first()
    if mark is None:
        raise NotTheSignerError("Vous ne figurez pas sur cette feuille : seul l’apprenant attendu y signe.")
    _check_signing_is_open(sheet, at)
    if mark.presence == Presence.PRESENT:
        raise AlreadySignedError("Vous avez déjà signé cette feuille.", field="sheet")
    if mark.presence != Presence.EXPECTED:
        raise ConflictError(
            "Le formateur vous a noté absent : s’il s’est trompé, demandez-lui de vous remettre « attendu ».",
            field="sheet",
        )
    # Two sheets of two organisations share no row but the person: the lock is on him.
    Adviser.objects.select_for_update(of=("self",), no_key=True).get(pk=mark.adviser_id)
    if other := present_elsewhere(mark):
        raise PresentElsewhereError(
            f"Vous êtes déjà présent à la session « {other.session.title} » "
            f"({local_moment(other)}) : on ne peut pas être à deux endroits à la fois.",
            field="sheet",
        )
    mark.presence, mark.minutes = Presence.PRESENT, sheet.minutes
    mark.save(update_fields=["presence", "minutes"])
    return _sign(sheet, actor, SignerRole.LEARNER, at, mark=mark)


@transaction.atomic
def sign_as_trainer(*, sheet_id: int, actor: User, at: datetime) -> Signature:
    """A trainer of the session attests the whole sheet."""
    sheet = _lock_open(sheet_id)
    if not can_sign_as_trainer(actor, sheet.session, at.date()):
        raise NotTheSignerError("Seul un formateur de cette session signe sa feuille.")
    if sheet.marks.filter(adviser__user=actor).exists():
        raise NotTheSignerError(
            "Vous figurez sur cette feuille comme apprenant : un autre formateur la signe."
        )
    _check_signing_is_open(sheet, at)
    if sheet.signatures.known().filter(role=SignerRole.TRAINER, signer=actor).exists():
        raise AlreadySignedError("Vous avez déjà signé cette feuille.", field="sheet")
    return _sign(sheet, actor, SignerRole.TRAINER, at)


@transaction.atomic
def mark_absence(
    *, sheet_id: int, mark_id: int, presence: str, reason: str, actor: User, at: datetime
) -> AttendanceMark:
    """Note a learner absent or excused (the kind of proof, never the paper), or expect him again.

    A signature already given is set aside only as contested: it stays readable, and the trail says by whom.
    """
    sheet = _lock_open(sheet_id)
    mark = sheet.marks.select_for_update(of=("self",)).filter(pk=mark_id).first()
    if mark is None:
        raise SheetError("Cette personne ne figure pas sur la feuille.", field="mark")
    reason = _checked_reason(presence, reason)
    if mark.presence == Presence.PRESENT:
        if reason != AbsenceReason.CONTESTED:
            raise ConflictError(
                "Cette personne a signé sa présence. Pour la noter absente, contestez sa signature.",
                field="reason",
            )
        _set_aside(mark, at)
    elif reason == AbsenceReason.CONTESTED:
        raise SheetError("Il n’y a pas de signature à contester.", field="reason")
    mark.presence, mark.minutes, mark.absence_reason = presence, 0, reason
    mark.save(update_fields=["presence", "minutes", "absence_reason"])
    audit.record(
        "attendance.sheet.mark",
        actor=actor,
        target=mark,
        at=at,
        after={"sheet": str(sheet.public_id), "presence": presence},
        reason=reason,
    )
    return mark


def _checked_reason(presence: str, reason: str) -> str:
    if presence == Presence.EXPECTED:
        return ""
    if presence == Presence.EXCUSED:
        if reason not in EXCUSED_REASONS:
            raise SheetError("Une absence justifiée indique la nature du justificatif vu.", field="reason")
        return reason
    if presence != Presence.ABSENT:
        raise SheetError("Seul l’apprenant atteste sa présence, par sa signature.", field="presence")
    if reason and reason not in UNEXCUSED_REASONS:
        raise SheetError("Ce motif ne va pas avec une absence sans justificatif.", field="reason")
    return reason or AbsenceReason.NO_NEWS.value


def _set_aside(mark: AttendanceMark, at: datetime) -> None:
    for signature in mark.signatures.known():
        signature.superseded_at = at
        signature.save(update_fields=["superseded_at"])


def _lock_open(sheet_id: int) -> AttendanceSheet:
    sheets = AttendanceSheet.objects.select_related("session__module").select_for_update(of=("self",))
    sheet = sheets.get(pk=sheet_id)
    if sheet.state != SheetState.OPEN:
        raise SheetClosedError("Cette feuille est clôturée : on n’y signe plus.", field="sheet")
    return sheet


def _check_signing_is_open(sheet: AttendanceSheet, at: datetime) -> None:
    if at < slot_of(sheet).signing_opens_at:
        raise SigningWindowError(
            f"La demi-journée a lieu {local_moment(sheet)} : la signature ouvre 15 minutes avant.",
            field="sheet",
        )


def _sign(
    sheet: AttendanceSheet, signer: User, role: str, at: datetime, mark: AttendanceMark | None = None
) -> Signature:
    signature = Signature.objects.create(
        sheet=sheet, mark=mark, signer=signer, role=role, valid_on=sheet.day, known_at=at
    )
    audit.record(
        "attendance.sheet.sign",
        actor=signer,
        target=signature,
        at=at,
        after={"sheet": str(sheet.public_id), "mark": mark.pk if mark else None},
        role=role,
    )
    return signature
