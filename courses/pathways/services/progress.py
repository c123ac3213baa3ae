"""Each proof, and the progress it makes."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from courses.catalogue.enums import ActivityKind
from courses.catalogue.models import Activity, Module
from courses.pathways import statements
from courses.pathways.enums import EvidenceKind
from courses.pathways.errors import (
    EvidenceConflictError,
    NotInPathError,
    NotYourEnrolmentError,
    UnprovedMinutesError,
)
from courses.pathways.models import Enrolment, Evidence, ModuleProgress
from courses.pathways.outcome import proofs_of, refuse_locked
from courses.pathways.queries import evidence_values, held_by, is_held, modules_held, structure_of
from courses.pathways.rules import ModuleOutcome, module_outcome_through, spans_of
from courses.people.models import User
from courses.shared import clock
from courses.xapi.enums import EvidenceClass
from courses.xapi.models import Statement

_MINUTES_PROVED_BY = frozenset({EvidenceClass.E1.value, EvidenceClass.E2.value})


@transaction.atomic
def record_evidence(
    *,
    enrolment: Enrolment,
    activity: Activity,
    kind: str,
    evidence_class: str,
    minutes: int = 0,
    success: bool | None = None,
    score_percent: int | None = None,
    source_key: str,
    statement: Statement | None = None,
    valid_on: date,
    at: datetime,
) -> Evidence:
    """One proof, and the progress it makes, in one transaction. The same source twice is one proof."""
    if minutes and EvidenceClass(evidence_class).value not in _MINUTES_PROVED_BY:
        raise UnprovedMinutesError(
            "Une durée ne se prouve que par une évaluation notée ou une présence attestée.", field="minutes"
        )
    if not is_held(enrolment, activity.public_id):
        raise NotInPathError("Cette activité ne fait pas partie du parcours de cette inscription.")
    _lock_progress(enrolment, activity.module)
    proof = {
        "enrolment_id": enrolment.pk,
        "activity_id": activity.pk,
        "kind": EvidenceKind(kind).value,
        "evidence_class": EvidenceClass(evidence_class).value,
        "minutes": minutes,
        "success": success,
        "score_percent": score_percent,
        "valid_on": valid_on,
    }
    if kept := Evidence.objects.known().filter(source_key=source_key).first():
        if any(getattr(kept, name) != value for name, value in proof.items()):
            raise EvidenceConflictError("Cette origine a déjà donné une autre preuve.")
        return kept
    evidence = Evidence.objects.create(
        **proof, module_id=activity.module_id, source_key=source_key, statement=statement, known_at=at
    )
    refresh_progress(enrolment, activity.module, at)
    return evidence


@transaction.atomic
def refresh_progress(enrolment: Enrolment, module: Module, at: datetime) -> ModuleProgress:
    """Write the projection of one module again, from its known evidence."""
    progress = _lock_progress(enrolment, module)
    # Read once the row is locked: a version may have been accepted meanwhile.
    spans = spans_of(held_by(fresh(enrolment)), module.public_id)
    rows = Evidence.objects.known().filter(enrolment=enrolment, module=module).select_related("activity")
    _write(progress, module_outcome_through(evidence_values(rows), spans))
    progress.save()
    return progress


@transaction.atomic
def refresh_every_module(enrolment: Enrolment) -> None:
    """The same for all the modules ever followed, at once; the enrolment is locked by the caller."""
    held = held_by(fresh(enrolment))
    modules = modules_held(held)
    found = Module.objects.filter(public_id__in=[module.public_id for module in modules])
    lasting = {row.public_id: row for row in found}
    locked = ModuleProgress.objects.select_for_update(of=("self",)).filter(enrolment=enrolment)
    rows = {row.module_id: row for row in locked.order_by("pk")}
    # Read once the rows are locked, so that no proof slips between.
    proofs = proofs_of([enrolment.pk])[enrolment.pk]
    for module in modules:
        pk = lasting[module.public_id].pk
        progress = rows.get(pk) or ModuleProgress(enrolment=enrolment, module_id=pk)
        outcome = module_outcome_through(proofs[module.public_id], spans_of(held, module.public_id))
        if _write(progress, outcome) or progress.pk is None:
            progress.save()


def _write(progress: ModuleProgress, outcome: ModuleOutcome) -> bool:
    """Did anything change?"""
    values = {
        "state": outcome.state,
        "activities_done": outcome.activities_done,
        "activities_total": outcome.activities_total,
        # The projection knows two natures: on the spot (sessions and placements), and from afar.
        "on_site_minutes": outcome.on_site_minutes + outcome.placement_minutes,
        "remote_minutes": outcome.remote_minutes,
        "required_minutes": outcome.required_minutes,
        "completed_on": outcome.completed_on,
    }
    changed = any(getattr(progress, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(progress, name, value)
    return changed


def fresh(enrolment: Enrolment) -> Enrolment:
    """As the database has it now: a row remembers the versions it was loaded with."""
    return Enrolment.objects.with_versions().get(pk=enrolment.pk)


@transaction.atomic
def read_lesson(*, enrolment: Enrolment, activity_public_id: UUID, actor: User, at: datetime) -> Evidence:
    """The learner read a lesson to its end: a trace and a proof of class E0, once."""
    if actor.pk != enrolment.adviser.user_id:
        raise NotYourEnrolmentError("Seul le conseiller inscrit peut suivre cette leçon.")
    found = structure_of(enrolment.version).find(activity_public_id)
    if found is None or found[1].kind != ActivityKind.LESSON:
        raise NotInPathError("Cette leçon ne fait pas partie de ce parcours.")
    activity = Activity.objects.select_related("module").get(public_id=activity_public_id)
    lock_enrolment(enrolment)
    key = statements.lesson_key(enrolment, activity)
    if kept := Evidence.objects.known().filter(source_key=key).first():
        return kept
    refuse_locked(enrolment, activity.module.public_id)
    statement = statements.lesson_read(enrolment=enrolment, activity=activity, actor=actor, at=at)
    return record_evidence(
        enrolment=enrolment,
        activity=activity,
        kind=EvidenceKind.LESSON_READ,
        evidence_class=EvidenceClass.E0,
        source_key=key,
        statement=statement,
        valid_on=day_of(at),
        at=at,
    )


def lock_enrolment(enrolment: Enrolment) -> None:
    """One act at a time for one learner in one path (other rows may still refer to it meanwhile)."""
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)


def _lock_progress(enrolment: Enrolment, module: Module) -> ModuleProgress:
    ModuleProgress.objects.get_or_create(enrolment=enrolment, module=module)
    return ModuleProgress.objects.select_for_update(of=("self",)).get(enrolment=enrolment, module=module)


def day_of(at: datetime) -> date:
    """The day of an instant, in Paris."""
    return at.astimezone(clock.PARIS).date()
