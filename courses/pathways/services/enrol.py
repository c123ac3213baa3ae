"""Binding a learner to a path version."""

from datetime import datetime

from django.db import transaction

from courses import audit
from courses.pathways.enums import EnrolmentSource
from courses.pathways.errors import AlreadyEnrolledError
from courses.pathways.models import Enrolment, PathVersion
from courses.people.models import Adviser, User

from .progress import day_of, refresh_every_module


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
        valid_on=day_of(at),
        known_at=at,
    )
    refresh_every_module(enrolment)
    after = {
        "registration": str(enrolment.registration),
        "path_version": path_version.pk,
        "source": enrolment.source,
    }
    audit.record("pathways.enrolment.create", actor=actor, target=enrolment, at=at, after=after)
    return enrolment
