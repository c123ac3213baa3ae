"""Published paths of a given length, for the tests of rights and candidacies."""

from uuid import uuid4

from courses import api
from courses.models import PathVersion, TrainingOrganisation
from tests import factories
from tests.factories import NOON


def a_version(
    kind: str = "initial",
    *,
    hours: int = 175,
    placement_hours: int = 210,
    organisation: TrainingOrganisation | None = None,
    title: str = "Parcours fictif",
) -> PathVersion:
    """One taught sequence of `hours`, and a placement when it has hours."""
    activities = [api.ActivityStructure(uuid4(), "session", "Séances", hours * 60)]
    if placement_hours:
        activities.append(api.ActivityStructure(uuid4(), "placement", "Stage", placement_hours * 60))
    minutes = (hours + placement_hours) * 60
    module = api.ModuleStructure(uuid4(), f"Module de {title}", minutes, activities=tuple(activities))
    version, _ = api.publish_path_version(
        organisation=organisation or factories.a_training_organisation(),
        path_public_id=uuid4(),
        structure=api.PathStructure(title, kind, ("Apprendre",), minutes, (module,)),
        actor=factories.root(),
        at=NOON,
    )
    return version


def a_module_version(hours: int = 7, title: str = "Module fictif") -> PathVersion:
    """A module of continuing training."""
    return a_version("continuing", hours=hours, placement_hours=0, title=title)
