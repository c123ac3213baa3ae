"""What happened in this room, as xAPI statements."""

from datetime import datetime

from courses.people.models import User
from courses.xapi.enums import EvidenceClass
from courses.xapi.models import Statement
from courses.xapi.rules import Authority
from courses.xapi.services import record_statement

from .models import AttendanceMark, AttendanceSheet, PlacementAttestation


def attended(*, mark: AttendanceMark, sheet: AttendanceSheet, trainer: User, at: datetime) -> Statement:
    """« A été présent »: vouched for by the trainer who signed the sheet; dated by the end of the half-day."""
    session = sheet.session
    organisation = session.module.organisation
    return record_statement(
        verb="attended",
        actor=mark.adviser.user,
        object_iri=session.activity.iri,
        object_name=session.activity.title,
        object_type="meeting",
        registration=mark.enrolment.registration,
        evidence_class=EvidenceClass.E2,
        authority=Authority.person(trainer, organisation),
        organisation=organisation,
        at=at,
        timestamp=min(sheet.ends_at, at),
        minutes=mark.minutes,
    )


def placement_attested(*, attestation: PlacementAttestation, at: datetime) -> Statement:
    """« A été présent » in placement, vouched for by the tutor."""
    organisation = attestation.enrolment.path.organisation
    return record_statement(
        verb="attended",
        actor=attestation.enrolment.adviser.user,
        object_iri=attestation.activity.iri,
        object_name=attestation.activity.title,
        object_type="placement",
        registration=attestation.enrolment.registration,
        evidence_class=EvidenceClass.E2,
        authority=Authority.person(attestation.tutor, organisation),
        organisation=organisation,
        at=at,
        minutes=attestation.minutes,
    )
