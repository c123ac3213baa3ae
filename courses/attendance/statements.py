"""What happened in this room, as xAPI statements; and the rows of this room read back, as evidence."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast
from uuid import UUID, uuid5

from courses.pathways import rebuild
from courses.pathways.enums import EvidenceKind
from courses.pathways.evidence import EvidenceFact
from courses.people.models import User
from courses.xapi.enums import EvidenceClass
from courses.xapi.models import Statement
from courses.xapi.rules import Authority
from courses.xapi.services import record_statement

from .enums import Presence, SheetState
from .models import AttendanceMark, AttendanceSheet, PlacementAttestation


def mark_key(mark: AttendanceMark) -> str:
    """The origin of the evidence of one presence."""
    return f"mark:{mark.pk}"


def placement_key(attestation: PlacementAttestation) -> str:
    """The origin of the evidence of one week of placement."""
    return f"placement:{attestation.pk}"


def presence_statement_id(sheet: AttendanceSheet, registration: UUID) -> UUID:
    """One learner, one sheet, one statement: found again from both."""
    return uuid5(sheet.public_id, str(registration))


def placement_statement_id(registration: UUID, seal: str) -> UUID:
    """One attestation, one statement."""
    return uuid5(registration, seal)


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
        uuid=presence_statement_id(sheet, mark.enrolment.registration),
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
        uuid=placement_statement_id(attestation.enrolment.registration, attestation.seal),
    )


def emit() -> Iterator[EvidenceFact]:
    """Presences of closed sheets and attested weeks, from the rows of this room alone."""
    yield from _presences()
    yield from _placements()


def _presences() -> Iterator[EvidenceFact]:
    marks = (
        AttendanceMark.objects.filter(presence=Presence.PRESENT, sheet__state=SheetState.CLOSED)
        .select_related("sheet__session__activity", "enrolment")
        .order_by("pk")
    )
    traces = _traces()
    for mark in marks.iterator(chunk_size=2000):
        activity = mark.sheet.session.activity
        yield EvidenceFact(
            enrolment_id=mark.enrolment_id,
            module_id=activity.module_id,
            activity_id=activity.pk,
            kind=EvidenceKind.PRESENCE.value,
            evidence_class=EvidenceClass.E2.value,
            source_key=mark_key(mark),
            valid_on=mark.sheet.day,
            known_at=cast(
                datetime, mark.sheet.closed_at
            ),  # closed if and only if dated: the database says so
            minutes=mark.minutes,
            statement_id=traces.get(presence_statement_id(mark.sheet, mark.enrolment.registration)),
        )


def _placements() -> Iterator[EvidenceFact]:
    attestations = PlacementAttestation.objects.known().select_related("activity", "enrolment").order_by("pk")
    traces = _traces()
    for attestation in attestations.iterator(chunk_size=2000):
        activity = attestation.activity
        identity = placement_statement_id(attestation.enrolment.registration, attestation.seal)
        yield EvidenceFact(
            enrolment_id=attestation.enrolment_id,
            module_id=activity.module_id,
            activity_id=activity.pk,
            kind=EvidenceKind.PLACEMENT.value,
            evidence_class=EvidenceClass.E2.value,
            source_key=placement_key(attestation),
            valid_on=attestation.valid_on,
            known_at=attestation.known_at,
            minutes=attestation.minutes,
            statement_id=traces.get(identity),
        )


def _traces() -> dict[UUID, int]:
    """Our attested statements: identity → place in the store."""
    attested = Statement.objects.filter(evidence_class=EvidenceClass.E2, credential=None)
    return dict(attested.values_list("uuid", "seq"))


rebuild.register("attendance", emit)
