"""Proposing a new version to those who follow an earlier one; each accepts it for himself, or stays."""

from datetime import datetime

from django.db import transaction

from courses import audit
from courses.pathways.errors import NotYourEnrolmentError, VersionRefusedError
from courses.pathways.models import Enrolment, PathVersion, VersionAdoption, VersionOffer
from courses.pathways.outcome import path_outcome
from courses.people.models import User

from .progress import day_of, fresh, lock_enrolment, refresh_every_module


@transaction.atomic
def offer_version(*, path_version: PathVersion, impact: str, actor: User, at: datetime) -> VersionOffer:
    """Propose a version, with the effects that its author saw. Proposed twice, it is the same offer."""
    PathVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=path_version.pk)
    if kept := VersionOffer.objects.known().filter(path_version=path_version).first():
        return kept
    offer = VersionOffer.objects.create(
        path_version=path_version, impact=impact, valid_on=day_of(at), known_at=at
    )
    after = {"path": str(path_version.path.public_id), "number": path_version.number, "impact": impact}
    audit.record("pathways.version.offer", actor=actor, target=offer, at=at, after=after)
    return offer


@transaction.atomic
def adopt_version(*, enrolment: Enrolment, offer: VersionOffer, actor: User, at: datetime) -> VersionAdoption:
    """The learner follows the offered version from today; what he obtained stays, with its dates."""
    if actor.pk != enrolment.adviser.user_id:
        raise NotYourEnrolmentError("Seul le conseiller inscrit peut changer de version.")
    lock_enrolment(enrolment)
    enrolment = fresh(enrolment)
    _check(enrolment, offer)
    left = enrolment.version
    adoption = VersionAdoption.objects.create(
        enrolment=enrolment,
        path_version=offer.path_version,
        offer=offer,
        valid_on=day_of(at),
        known_at=at,
    )
    refresh_every_module(enrolment)
    audit.record(
        "pathways.version.adopt",
        actor=actor,
        target=adoption,
        at=at,
        after={
            "registration": str(enrolment.registration),
            "version": offer.path_version.number,
            "left": left.number,
        },
    )
    return adoption


def _check(enrolment: Enrolment, offer: VersionOffer) -> None:
    offered = offer.path_version
    if enrolment.superseded_at is not None:
        raise VersionRefusedError("Cette inscription a pris fin.")
    if offer.superseded_at is not None or offered.superseded_at is not None:
        raise VersionRefusedError("Cette version n’est plus proposée.")
    if offered.path_id != enrolment.path_id:
        raise VersionRefusedError("Cette version est celle d’un autre parcours.")
    if any(version.pk == offered.pk for version, _ in enrolment.held):
        raise VersionRefusedError("Vous suivez déjà cette version, ou l’avez déjà suivie.")
    if offered.number <= enrolment.version.number:
        raise VersionRefusedError(
            f"Vous suivez la version {enrolment.version.number}\u00a0: une version plus ancienne ne se reprend pas."
        )
    if path_outcome(enrolment).done:
        raise VersionRefusedError("Ce parcours est déjà terminé\u00a0: il reste acquis dans sa version.")
