"""Closing a sheet: from then on it is evidence."""

from datetime import datetime

from django.db import transaction

from courses import audit
from courses.attendance.enums import SHEET_WORKFLOW, Presence, SheetState
from courses.attendance.errors import IncompleteSheetError, SheetClosedError
from courses.attendance.models import AttendanceSheet
from courses.attendance.queries.sheets import (
    sheet_content,
    sheets_of_organisation,
    trainer_signatures,
    what_is_missing,
)
from courses.attendance.rules import sheet_hash
from courses.attendance.statements import attended, mark_key
from courses.pathways.enums import EvidenceKind
from courses.pathways.models import Enrolment
from courses.pathways.services import record_evidence
from courses.people.models import TrainingOrganisation, User
from courses.xapi.enums import EvidenceClass


@transaction.atomic
def close_sheet(*, sheet_id: int, actor: User, at: datetime) -> AttendanceSheet:
    """Close a sheet whose lines are all settled and signed, chain it, and push what it proves."""
    sheet = (
        AttendanceSheet.objects.select_related("session__module", "session__activity")
        .select_for_update(of=("self",))
        .get(pk=sheet_id)
    )
    if sheet.state == SheetState.CLOSED:
        raise SheetClosedError("Cette feuille est déjà clôturée.", field="sheet")
    if missing := what_is_missing(sheet, at):
        raise IncompleteSheetError(" ".join(missing), field="sheet")
    _chain(sheet, at)
    _prove(sheet, at)
    audit.record(
        "attendance.sheet.close",
        actor=actor,
        target=sheet,
        at=at,
        after={"number": sheet.number, "hash": sheet.hash, "minutes": sheet.minutes},
    )
    return sheet


def _chain(sheet: AttendanceSheet, at: datetime) -> None:
    """Take the next place in the chain of the training organisation; its row is the lock of the chain."""
    organisation = TrainingOrganisation.objects.select_for_update(of=("self",), no_key=True).get(
        pk=sheet.session.module.organisation_id
    )
    last = sheets_of_organisation(organisation.pk).filter(state=SheetState.CLOSED).order_by("-number").first()
    SHEET_WORKFLOW.take("close", sheet)
    sheet.closed_at = at
    sheet.number = last.number + 1 if last and last.number else 1
    sheet.previous_hash = last.hash if last else ""
    sheet.hash = sheet_hash(sheet_content(sheet))
    sheet.save(update_fields=["state", "closed_at", "number", "previous_hash", "hash"])


def _prove(sheet: AttendanceSheet, at: datetime) -> None:
    """One proof and one statement for each learner present, vouched for by the first trainer who signed."""
    # The house's order of locks: enrolments (by key), then the store, then the audit chain.
    enrolled = list(sheet.marks.filter(presence=Presence.PRESENT).values_list("enrolment_id", flat=True))
    list(
        Enrolment.objects.filter(pk__in=enrolled).order_by("pk").select_for_update(of=("self",), no_key=True)
    )
    vouching = trainer_signatures(sheet).select_related("signer").earliest("known_at", "pk")
    present = sheet.marks.filter(presence=Presence.PRESENT).select_related("enrolment", "adviser__user")
    for mark in present.order_by("enrolment_id"):
        statement = attended(mark=mark, sheet=sheet, trainer=vouching.signer, at=at)
        record_evidence(
            enrolment=mark.enrolment,
            activity=sheet.session.activity,
            kind=EvidenceKind.PRESENCE,
            evidence_class=EvidenceClass.E2,
            minutes=mark.minutes,
            success=None,
            score_percent=None,
            source_key=mark_key(mark),
            statement=statement,
            valid_on=sheet.day,
            at=at,
        )
