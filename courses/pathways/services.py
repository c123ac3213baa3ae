"""Publishing, enrolling, and keeping progress current with each proof."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from courses import audit
from courses.catalogue.enums import ActivityKind
from courses.catalogue.models import Activity, Module
from courses.catalogue.services import upsert_activity, upsert_module
from courses.people.models import Adviser, TrainingOrganisation, User
from courses.shared import clock
from courses.xapi.enums import EvidenceClass
from courses.xapi.models import Statement

from . import statements
from .enums import EnrolmentSource, EvidenceKind
from .errors import (
    AlreadyEnrolledError,
    EvidenceConflictError,
    NotInPathError,
    NotYourEnrolmentError,
    StructureError,
    UnprovedMinutesError,
)
from .models import Enrolment, Evidence, ModuleProgress, Path, PathVersion
from .queries import evidence_values, module_structure, structure_of
from .rules import module_outcome_from
from .structure import PathStructure, faults

_MINUTES_PROVED_BY = frozenset({EvidenceClass.E1.value, EvidenceClass.E2.value})


@transaction.atomic
def publish_path_version(
    *,
    organisation: TrainingOrganisation,
    path_public_id: UUID,
    structure: PathStructure,
    actor: User,
    at: datetime,
) -> tuple[PathVersion, bool]:
    """Freeze a structure under the next number; a structure already published gives its version back."""
    if found := faults(structure):
        raise StructureError(" ".join(found), field="modules")
    path, _ = Path.objects.get_or_create(
        public_id=path_public_id,
        defaults={"organisation": organisation, "kind": structure.kind, "title": structure.title},
    )
    path = Path.objects.select_for_update(of=("self",)).get(pk=path.pk)
    if path.organisation_id != organisation.pk:
        raise StructureError("Ce parcours appartient à un autre organisme.")
    if existing := path.versions.filter(structure_hash=structure.hash).first():
        return existing, False
    for module in structure.modules:
        row = upsert_module(public_id=module.public_id, organisation=organisation, title=module.title)
        for activity in module.activities:
            upsert_activity(
                public_id=activity.public_id, module=row, kind=activity.kind, title=activity.title
            )
    path.kind, path.title = structure.kind, structure.title
    path.save(update_fields=["kind", "title"])
    version = PathVersion.objects.create(
        path=path,
        number=path.versions.count() + 1,
        structure=structure.to_json(),
        structure_hash=structure.hash,
        valid_on=_day(at),
        known_at=at,
    )
    after = {"path": str(path.public_id), "number": version.number, "structure_hash": version.structure_hash}
    audit.record("pathways.path.publish", actor=actor, target=version, at=at, after=after)
    return version, True


@transaction.atomic
def enrol(
    *, adviser: Adviser, path_version: PathVersion, source: str, actor: User, at: datetime
) -> Enrolment:
    """Bind a learner to a version. The right to it is decided above (certification.programme)."""
    if Enrolment.objects.known().filter(adviser=adviser, path=path_version.path_id).exists():
        raise AlreadyEnrolledError("Ce conseiller est déjà inscrit à ce parcours.")
    enrolment = Enrolment.objects.create(
        adviser=adviser,
        path=path_version.path,
        path_version=path_version,
        source=EnrolmentSource(source).value,
        valid_on=_day(at),
        known_at=at,
    )
    for module in modules_of(path_version):
        refresh_progress(enrolment, module, at)
    after = {
        "registration": str(enrolment.registration),
        "path_version": path_version.pk,
        "source": enrolment.source,
    }
    audit.record("pathways.enrolment.create", actor=actor, target=enrolment, at=at, after=after)
    return enrolment


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
    if structure_of(enrolment.path_version).find(activity.public_id) is None:
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
    rows = Evidence.objects.known().filter(enrolment=enrolment, module=module).select_related("activity")
    outcome = module_outcome_from(evidence_values(rows), module_structure(enrolment, module))
    progress.state = outcome.state
    progress.activities_done = outcome.activities_done
    progress.activities_total = outcome.activities_total
    # The projection knows two natures: on the spot (sessions and placements), and from afar.
    progress.on_site_minutes = outcome.on_site_minutes + outcome.placement_minutes
    progress.remote_minutes = outcome.remote_minutes
    progress.required_minutes = outcome.required_minutes
    progress.completed_on = outcome.completed_on
    progress.save()
    return progress


@transaction.atomic
def read_lesson(*, enrolment: Enrolment, activity_public_id: UUID, actor: User, at: datetime) -> Evidence:
    """The learner read a lesson to its end: a trace and a proof of class E0, once."""
    if actor.pk != enrolment.adviser.user_id:
        raise NotYourEnrolmentError("Seul le conseiller inscrit peut suivre cette leçon.")
    found = structure_of(enrolment.path_version).find(activity_public_id)
    if found is None or found[1].kind != ActivityKind.LESSON:
        raise NotInPathError("Cette leçon ne fait pas partie de ce parcours.")
    activity = Activity.objects.select_related("module").get(public_id=activity_public_id)
    lock_enrolment(enrolment)
    key = statements.lesson_key(enrolment, activity)
    if kept := Evidence.objects.known().filter(source_key=key).first():
        return kept
    statement = statements.lesson_read(enrolment=enrolment, activity=activity, actor=actor, at=at)
    return record_evidence(
        enrolment=enrolment,
        activity=activity,
        kind=EvidenceKind.LESSON_READ,
        evidence_class=EvidenceClass.E0,
        source_key=key,
        statement=statement,
        valid_on=_day(at),
        at=at,
    )


def lock_enrolment(enrolment: Enrolment) -> None:
    """One act at a time for one learner in one path (other rows may still refer to it meanwhile)."""
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)


def modules_of(path_version: PathVersion) -> list[Module]:
    """The lasting modules of a version, in its order."""
    ids = [module.public_id for module in structure_of(path_version).modules]
    rows = {module.public_id: module for module in Module.objects.filter(public_id__in=ids)}
    return [rows[public_id] for public_id in ids]


def _lock_progress(enrolment: Enrolment, module: Module) -> ModuleProgress:
    ModuleProgress.objects.get_or_create(enrolment=enrolment, module=module)
    return ModuleProgress.objects.select_for_update(of=("self",)).get(enrolment=enrolment, module=module)


def _day(at: datetime) -> date:
    return at.astimezone(clock.PARIS).date()
