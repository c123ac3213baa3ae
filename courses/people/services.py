"""Acts on persons, organisations, roles and posts."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from courses.audit import record, record_system
from courses.shared.errors import ConflictError

from .enums import AwardStatus, LegalKind, OrganisationKind, Role
from .errors import IdentityError, PostConflictError, RoleError
from .models import (
    Adviser,
    Committee,
    Departement,
    HostStructure,
    Membership,
    Organisation,
    Post,
    PostAssignment,
    PostAttachment,
    TrainingOrganisation,
    User,
)
from .rules import CommitteeLine

AnOrganisation = TypeVar("AnOrganisation", bound=Organisation)
P = TypeVar("P", Membership, PostAssignment, PostAttachment)

DEPARTEMENTS = Path(__file__).parent / "data" / "departements.csv"


def load_departements() -> int:
    """The 101 départements and 8 overseas collectivities, from our own file; a second run changes nothing."""
    with DEPARTEMENTS.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        departements = [
            Departement(
                code=row["code"],
                name=row["nom"],
                region_code=row["code_region"],
                region_name=row["nom_region"],
                zone=row["zone"],
            )
            for row in rows
        ]
    known = set(Departement.objects.values_list("code", flat=True))
    Departement.objects.bulk_create(d for d in departements if d.code not in known)
    return len(departements)


@transaction.atomic
def create_user(
    *,
    username: str,
    first_name: str,
    last_name: str,
    actor: User | None,
    at: datetime,
    email: str = "",
    password: str | None = None,
) -> User:
    """Open an account. The very first one has no author but the machine."""
    if User.objects.filter(username=username).exists():
        raise ConflictError("Cet identifiant est déjà pris.", field="username")
    user = User(username=username, first_name=first_name, last_name=last_name, email=email, date_joined=at)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    if actor:
        record("people.user.create", actor=actor, target=user, at=at)
    else:
        record_system("people.user.create", object_type="courses.user", object_id=str(user.pk), at=at)
    return user


def _validated(instance: models.Model) -> None:
    """Identifiers are checked before the database sees them; the first fault is told with its field."""
    try:
        instance.full_clean(validate_constraints=True, exclude=["organisation_ptr"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise IdentityError(messages[0], field=None if field == "__all__" else field) from error


def _create_organisation(organisation: AnOrganisation, *, actor: User, at: datetime) -> AnOrganisation:
    _validated(organisation)
    organisation.save()
    record(
        "people.organisation.create",
        actor=actor,
        target=organisation,
        at=at,
        after={"kind": organisation.kind},
    )
    return organisation


@transaction.atomic
def create_training_organisation(
    *,
    name: str,
    siret: str,
    nda: str,
    departement_code: str,
    actor: User,
    at: datetime,
    approved_centre: bool = False,
) -> TrainingOrganisation:
    """Register an organisme de formation: SIRET key and NDA form are checked."""
    organisation = TrainingOrganisation(
        kind=OrganisationKind.TRAINING,
        name=name,
        siret=siret,
        nda=nda,
        departement_id=departement_code,
        approved_centre=approved_centre,
    )
    if not siret:
        raise IdentityError("Un organisme de formation a un numéro SIRET.", field="siret")
    return _create_organisation(organisation, actor=actor, at=at)


@transaction.atomic
def create_host_structure(
    *,
    name: str,
    departement_code: str,
    actor: User,
    at: datetime,
    legal_kind: str = LegalKind.PUBLIC,
    siret: str = "",
) -> HostStructure:
    """Register a structure d’accueil; its SIRET may come later."""
    structure = HostStructure(
        kind=OrganisationKind.HOST,
        name=name,
        siret=siret,
        departement_id=departement_code,
        legal_kind=legal_kind,
    )
    return _create_organisation(structure, actor=actor, at=at)


@transaction.atomic
def create_organisation(
    *, kind: str, name: str, actor: User, at: datetime, departement_code: str | None = None, siret: str = ""
) -> Organisation:
    """Register the agency, the ministry or a prefecture."""
    organisation = Organisation(kind=kind, name=name, siret=siret, departement_id=departement_code)
    return _create_organisation(organisation, actor=actor, at=at)


_PLACES = {
    Role.TRAINER: OrganisationKind.TRAINING,
    Role.PLACEMENT_TUTOR: OrganisationKind.TRAINING,
    Role.ORGANISATION_MANAGER: OrganisationKind.TRAINING,
    Role.AUTHOR: OrganisationKind.TRAINING,
    Role.HOST_MANAGER: OrganisationKind.HOST,
    Role.PROGRAMME_MANAGER: OrganisationKind.AGENCY,
    Role.AUDITOR: OrganisationKind.AGENCY,
    Role.SERVICE_CERTIFIER: OrganisationKind.AGENCY,
    Role.PAYER: OrganisationKind.AGENCY,
    Role.MINISTRY_REPRESENTATIVE: OrganisationKind.MINISTRY,
    Role.PREFECT: OrganisationKind.PREFECTURE,
}


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    start: date,
    actor: User | None,
    at: datetime,
    organisation: Organisation | None = None,
    departement_code: str | None = None,
) -> Membership:
    """Give a role, in the kind of organisation where it exists, from a day on."""
    if role == Role.ADVISER:
        raise RoleError("Un conseiller se déclare par sa fiche, non par un rôle.", field="role")
    place = _PLACES.get(Role(role))
    if place and (organisation is None or organisation.kind != place):
        raise RoleError(
            f"Ce rôle se tient dans une organisation de nature « {place.label} ».", field="organisation"
        )
    membership = Membership.objects.create(
        user=user,
        organisation=organisation,
        role=role,
        departement_id=departement_code,
        start=start,
        known_at=at,
    )
    after = {
        "user": str(user.public_id),
        "role": role,
        "organisation": organisation.pk if organisation else None,
    }
    if actor:
        record("people.membership.grant", actor=actor, target=membership, at=at, after=after)
    else:
        record_system(
            "people.membership.grant", object_type="courses.membership", object_id=str(membership.pk), at=at
        )
    return membership


@transaction.atomic
def end_role(*, membership_id: int, end: date, actor: User, at: datetime) -> Membership:
    """End a role: the former row stops being believed, a new one carries the end."""
    old = Membership.objects.select_for_update(of=("self",)).get(pk=membership_id)
    new = _close_period(old, end=end, at=at)
    record("people.membership.end", actor=actor, target=new, at=at, after={"replaces": old.pk})
    return new


def _close_period(old: P, *, end: date, at: datetime) -> P:
    if old.superseded_at is not None or old.end is not None:
        raise ConflictError("Cette période est déjà terminée.", field="end")
    if end < old.start:
        raise ConflictError("La fin ne peut pas précéder le début.", field="end")
    old.superseded_at = at
    old.save(update_fields=["superseded_at"])
    values = {name: value for name, value in old.sealed_content().items() if name not in {"end", "known_at"}}
    return type(old)._default_manager.create(**values, end=end, known_at=at)


@transaction.atomic
def create_adviser(
    *, user: User, number: int, actor: User, at: datetime, birth_date: date | None = None
) -> Adviser:
    """Open the file of a conseiller numérique; `number` is the agency’s own key."""
    if Adviser.objects.filter(number=number).exists():
        raise ConflictError("Ce numéro de conseiller existe déjà.", field="number")
    adviser = Adviser.objects.create(user=user, number=number, birth_date=birth_date)
    record("people.adviser.create", actor=actor, target=adviser, at=at)
    return adviser


@dataclass(frozen=True)
class Award:
    """So many posts to one structure."""

    host_structure: HostStructure
    posts: int


@transaction.atomic
def record_committee(
    *,
    code: str,
    wave: str,
    status: str,
    source: str,
    held_on: date,
    awards: Sequence[Award],
    actor: User,
    at: datetime,
    date_is_assumed: bool = False,
    unattributed_posts: int = 0,
) -> Committee:
    """Record a committee: its posts, each attached to its structure; the unattributed ones wait for theirs."""
    if Committee.objects.known().filter(code=code).exists():
        raise ConflictError("Ce comité est déjà enregistré.", field="code")
    committee = Committee.objects.create(
        code=code,
        wave=wave,
        status=status,
        source=source,
        date_is_assumed=date_is_assumed,
        valid_on=held_on,
        known_at=at,
    )
    places = [award.host_structure for award in awards for _ in range(award.posts)]
    for number, place in enumerate([*places, *[None] * unattributed_posts], start=1):
        post = Post.objects.create(
            number=f"{code}-{number:03d}", committee=committee, valid_on=held_on, known_at=at
        )
        record("people.post.reserve", actor=actor, target=post, at=at)
        if place is not None:
            attach_post(post=post, host_structure=place, start=held_on, actor=actor, at=at)
    after = {"posts": len(places) + unattributed_posts, "unattributed": unattributed_posts}
    record("people.committee.record", actor=actor, target=committee, at=at, after=after)
    return committee


@transaction.atomic
def import_committee(
    *,
    lines: Sequence[CommitteeLine],
    code: str,
    wave: str,
    status: str = AwardStatus.GRANTED,
    source: str,
    held_on: date,
    actor: User,
    at: datetime,
) -> Committee:
    """Record a committee from the lines of its file; a structure is found by SIRET, else by name and département."""
    awards = [Award(_host_structure(line, actor=actor, at=at), line.posts) for line in lines]
    return record_committee(
        code=code, wave=wave, status=status, source=source, held_on=held_on, awards=awards, actor=actor, at=at
    )


def _host_structure(line: CommitteeLine, *, actor: User, at: datetime) -> HostStructure:
    structures = HostStructure.objects.all()
    found = (
        structures.filter(siret=line.siret).first()
        if line.siret
        else structures.filter(name=line.structure, departement=line.departement).first()
    )
    return found or create_host_structure(
        name=line.structure,
        departement_code=line.departement,
        legal_kind=line.legal_kind,
        siret=line.siret,
        actor=actor,
        at=at,
    )


@transaction.atomic
def attach_post(
    *,
    post: Post,
    host_structure: HostStructure,
    start: date,
    actor: User,
    at: datetime,
    end: date | None = None,
) -> PostAttachment:
    """Attach a post to a structure; the database refuses two at the same dates."""
    attachment = PostAttachment.objects.create(
        post=post, host_structure=host_structure, start=start, end=end, known_at=at
    )
    record("people.post.attach", actor=actor, target=attachment, at=at, after={"post": post.number})
    return attachment


@transaction.atomic
def assign_post(
    *, post: Post, adviser: Adviser, start: date, actor: User, at: datetime, end: date | None = None
) -> PostAssignment:
    """Put an adviser on a post: the post must have a structure by then, and both must be free."""
    if not PostAttachment.objects.as_of(start).filter(post=post).exists():
        raise PostConflictError("Ce poste n’est rattaché à aucune structure à cette date.", field="post")
    Adviser.objects.select_for_update(of=("self",)).get(pk=adviser.pk)
    overlapping = (
        PostAssignment.objects.known()
        .filter(models.Q(adviser=adviser) | models.Q(post=post))
        .filter(models.Q(end=None) | models.Q(end__gte=start))
        .exclude(start__gt=end or date.max)
        .select_related("post")
        .first()
    )
    if overlapping and overlapping.adviser_id == adviser.pk:
        number, since = overlapping.post.number, f"{overlapping.start:%d/%m/%Y}"
        message = f"Ce conseiller occupe déjà le poste {number} depuis le {since}."
        raise PostConflictError(message, field="adviser")
    if overlapping:
        raise PostConflictError("Ce poste est déjà occupé à ces dates.", field="post")
    assignment = PostAssignment.objects.create(post=post, adviser=adviser, start=start, end=end, known_at=at)
    record("people.post.assign", actor=actor, target=assignment, at=at, after={"post": post.number})
    return assignment


@transaction.atomic
def release_post(*, assignment_id: int, end: date, actor: User, at: datetime) -> PostAssignment:
    """The adviser leaves the post on `end`."""
    old = PostAssignment.objects.select_for_update(of=("self",)).get(pk=assignment_id)
    new = _close_period(old, end=end, at=at)
    record("people.post.release", actor=actor, target=new, at=at, after={"replaces": old.pk})
    return new
