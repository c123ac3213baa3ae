"""Hours of placement, attested week by week by the tutor."""

from datetime import date, datetime

from django.db import transaction

from courses import audit
from courses.attendance.errors import NotTheSignerError, SheetError
from courses.attendance.models import PlacementAttestation
from courses.attendance.permissions import can_attest_placement
from courses.attendance.rules import is_monday, week_end
from courses.attendance.statements import placement_attested, placement_key
from courses.catalogue.enums import ActivityKind
from courses.catalogue.models import Activity
from courses.pathways.enums import EvidenceKind
from courses.pathways.models import Enrolment
from courses.pathways.queries import is_held
from courses.pathways.services import lock_enrolment, record_evidence
from courses.people.models import User
from courses.shared import clock
from courses.shared.errors import ConflictError
from courses.xapi.enums import EvidenceClass

LONGEST_WEEK_MINUTES = 48 * 60


@transaction.atomic
def attest_placement(
    *, enrolment: Enrolment, activity: Activity, week: date, minutes: int, actor: User, at: datetime
) -> PlacementAttestation:
    """The tutor attests the hours of one week (named by its Monday), once they are done."""
    lock_enrolment(enrolment)
    today = at.astimezone(clock.PARIS).date()
    if not can_attest_placement(actor, enrolment, today):
        raise NotTheSignerError("Seul un tuteur de stage de cet organisme atteste des heures de stage.")
    _check_week(enrolment, activity, week, minutes, today)
    attestation = PlacementAttestation.objects.create(
        enrolment=enrolment,
        activity=activity,
        tutor=actor,
        week=week,
        minutes=minutes,
        valid_on=week_end(week),
        known_at=at,
    )
    _prove(attestation, at)
    audit.record(
        "attendance.placement.attest",
        actor=actor,
        target=attestation,
        at=at,
        after={"registration": str(enrolment.registration), "week": week, "minutes": minutes},
    )
    return attestation


def _check_week(enrolment: Enrolment, activity: Activity, week: date, minutes: int, today: date) -> None:
    if activity.kind != ActivityKind.PLACEMENT:
        raise SheetError("Cette activité n’est pas un stage.", field="activity")
    if not is_held(enrolment, activity.public_id):
        raise SheetError("Le parcours de ce conseiller ne comprend pas ce stage.", field="activity")
    if not is_monday(week):
        raise SheetError("Une semaine de stage se nomme par son lundi.", field="week")
    if week_end(week) > today:
        raise SheetError("Cette semaine n’est pas finie : attestez-la à partir du vendredi.", field="week")
    if not 0 < minutes <= LONGEST_WEEK_MINUTES:
        raise SheetError("Une semaine de stage compte entre 1 minute et 48 heures.", field="minutes")
    if enrolment.placements.known().filter(week=week).exists():
        raise ConflictError("Cette semaine de stage est déjà attestée.", field="week")


def _prove(attestation: PlacementAttestation, at: datetime) -> None:
    record_evidence(
        enrolment=attestation.enrolment,
        activity=attestation.activity,
        kind=EvidenceKind.PLACEMENT,
        evidence_class=EvidenceClass.E2,
        minutes=attestation.minutes,
        success=None,
        score_percent=None,
        source_key=placement_key(attestation),
        statement=placement_attested(attestation=attestation, at=at),
        valid_on=attestation.valid_on,
        at=at,
    )
