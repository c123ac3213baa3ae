"""Who may do what with public money."""

from datetime import date

from django.db.models import Q, QuerySet

from certification.funding.enums import CLAIM_WORKFLOW
from certification.funding.models import Claim
from courses.api import Role
from courses.models import Membership, Organisation, Post, PostAttachment, TrainingOrganisation, User
from courses.shared import clock


def posts_visible_to(user: User) -> QuerySet[Post]:
    """National readers, certifier and payer: all posts; a prefect: his département; a host manager: his structures."""
    posts = Post.objects.known()
    rights = user.rights
    if rights.reads_nation or rights.has(Role.PAYER, Role.SERVICE_CERTIFIER):
        return posts
    near = PostAttachment.objects.known().filter(
        Q(host_structure__in=rights.organisations_as(Role.HOST_MANAGER))
        | Q(host_structure__departement__in=rights.departements)
    )
    return posts.filter(pk__in=near.values("post"))


def sees_all_posts(user: User) -> bool:
    """Whoever sees all posts may compare them with the founding documents."""
    return user.rights.reads_nation or user.rights.has(Role.PAYER, Role.SERVICE_CERTIFIER)


def claiming_organisations(user: User) -> QuerySet[TrainingOrganisation]:
    """The training organisations for which a person may prepare claims: those he manages today."""
    managed = user.rights.organisations_as(Role.ORGANISATION_MANAGER)
    return TrainingOrganisation.objects.visible_to(user).filter(pk__in=managed)


def holds(user: User, role: str, day: date) -> bool:
    """Does this person hold a role on that day?"""
    return Membership.objects.as_of(day).filter(user=user, role=role).exists()


def belongs_to(user: User, organisation: Organisation, day: date) -> bool:
    """Any role in the organisation: who works there never certifies nor pays its claims (INV-33)."""
    return Membership.objects.as_of(day).filter(user=user, organisation=organisation.pk).exists()


def can_prepare(user: User, claim: Claim) -> bool:
    """A manager of the claiming organisation."""
    return claim.organisation_id in user.rights.organisations_as(Role.ORGANISATION_MANAGER)


def can_certify(user: User, claim: Claim) -> bool:
    """A certifier of service, who did not prepare the claim and does not work for the organisation."""
    return why_not_certify(user, claim, clock.today()) == ""


def can_pay(user: User, claim: Claim) -> bool:
    """A payer, who neither prepared nor certified the claim and does not work for the organisation."""
    return why_not_pay(user, claim, clock.today()) == ""


def why_not_certify(user: User, claim: Claim, day: date) -> str:
    """The reason in French, or nothing."""
    if not holds(user, Role.SERVICE_CERTIFIER, day):
        return "Attester le service fait revient au certificateur du service fait."
    if user.pk == claim.prepared_by_id:
        return "Vous avez préparé cette demande : une autre personne doit en attester le service fait."
    if belongs_to(user, claim.organisation, day):
        return (
            "Vous travaillez pour l’organisme qui demande : une autre personne doit attester le service fait."
        )
    return ""


def why_not_pay(user: User, claim: Claim, day: date) -> str:
    """The reason in French, or nothing."""
    if not holds(user, Role.PAYER, day):
        return "Payer une demande revient au payeur."
    if user.pk == claim.prepared_by_id:
        return "Vous avez préparé cette demande : une autre personne doit la payer."
    if user.pk == claim.certified_by_id:
        return "Vous avez attesté le service fait de cette demande : une autre personne doit la payer."
    if belongs_to(user, claim.organisation, day):
        return "Vous travaillez pour l’organisme qui demande : une autre personne doit payer."
    return ""


def open_acts(user: User, claim: Claim) -> list[str]:
    """The acts this person may do on this claim now, by name of the workflow."""
    may = {
        "submit": can_prepare,
        "cancel": can_prepare,
        "certify": can_certify,
        "return": can_certify,
        "pay": can_pay,
    }
    return [
        name
        for name, allowed in may.items()
        if CLAIM_WORKFLOW.allows(name, claim.state) and allowed(user, claim)
    ]
