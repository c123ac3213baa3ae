"""Identities of modules and activities, and opening sessions."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import transaction

from courses.audit import record
from courses.people.enums import Role
from courses.people.models import TrainingOrganisation, User
from courses.shared.errors import ConflictError, DomainError

from .enums import ActivityKind
from .models import Activity, Module, TrainingSession


class SessionError(DomainError):
    """The session cannot be opened as asked."""


@transaction.atomic
def upsert_module(*, public_id: UUID, organisation: TrainingOrganisation, title: str) -> Module:
    """The lasting module of that id; its title follows the last publication."""
    module, _ = Module.objects.update_or_create(
        public_id=public_id,
        defaults={"title": title},
        create_defaults={"title": title, "organisation": organisation},
    )
    if module.organisation_id != organisation.pk:
        raise ConflictError("Ce module appartient à un autre organisme.")
    return module


@transaction.atomic
def upsert_activity(*, public_id: UUID, module: Module, kind: str, title: str) -> Activity:
    """The lasting activity of that id. Its IRI never changes."""
    activity, _ = Activity.objects.update_or_create(
        public_id=public_id,
        defaults={"title": title},
        create_defaults={
            "title": title,
            "module": module,
            "kind": kind,
            "iri": f"{settings.LMS_PUBLIC_URL}/xapi/activites/{public_id}",
        },
    )
    if activity.module_id != module.pk or activity.kind != kind:
        raise ConflictError("Cette activité a changé de module ou de nature : recréez-la.")
    return activity


@transaction.atomic
def open_session(
    *,
    organisation: TrainingOrganisation,
    activity: Activity,
    title: str,
    mode: str,
    place: str,
    zone: str,
    start: date,
    end: date,
    trainers: Sequence[User],
    actor: User,
    at: datetime,
) -> TrainingSession:
    """Open a session of a taught sequence of one’s own organisation."""
    module = activity.module
    if module.organisation_id != organisation.pk:
        raise SessionError("Ce module appartient à un autre organisme.", field="activity")
    if activity.kind != ActivityKind.SESSION:
        raise SessionError("Seule une séance avec un formateur s’organise en session.", field="activity")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SessionError("Ce fuseau horaire n’existe pas.", field="zone") from error
    if end < start:
        raise SessionError("La fin ne peut pas précéder le début.", field="end")
    if not trainers:
        raise SessionError("Une session a au moins un formateur.", field="trainers")
    for trainer in trainers:
        if organisation.pk not in trainer.rights.organisations_as(Role.TRAINER):
            raise SessionError(f"{trainer} n’est pas formateur de cet organisme.", field="trainers")
    session = TrainingSession.objects.create(
        module=module, activity=activity, title=title, mode=mode, place=place, zone=zone, start=start, end=end
    )
    session.trainers.set(trainers)
    record(
        "catalogue.session.open", actor=actor, target=session, at=at, after={"module": str(module.public_id)}
    )
    return session
