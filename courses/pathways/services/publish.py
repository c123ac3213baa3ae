"""Freezing a path into versions."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from courses import audit
from courses.catalogue.models import Module
from courses.catalogue.services import upsert_activity, upsert_module
from courses.pathways.errors import StructureError
from courses.pathways.faults import faults
from courses.pathways.models import Path, PathVersion
from courses.pathways.queries import structure_of
from courses.pathways.structure import PathStructure
from courses.people.models import TrainingOrganisation, User

from .progress import day_of


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
        valid_on=day_of(at),
        known_at=at,
    )
    after = {"path": str(path.public_id), "number": version.number, "structure_hash": version.structure_hash}
    audit.record("pathways.path.publish", actor=actor, target=version, at=at, after=after)
    return version, True


def modules_of(path_version: PathVersion) -> list[Module]:
    """The lasting modules of a version, in its order."""
    ids = [module.public_id for module in structure_of(path_version).modules]
    rows = {module.public_id: module for module in Module.objects.filter(public_id__in=ids)}
    return [rows[public_id] for public_id in ids]
