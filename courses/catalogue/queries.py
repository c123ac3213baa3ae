"""Reading the catalogue."""

from django.db.models import QuerySet

from courses.people.enums import Role
from courses.people.models import Membership, TrainingOrganisation, User
from courses.shared import clock

from .enums import ActivityKind
from .models import Activity


def taught_activities(organisation: TrainingOrganisation) -> QuerySet[Activity]:
    """The sequences of an organisation that take place in sessions."""
    return Activity.objects.filter(module__organisation=organisation, kind=ActivityKind.SESSION).order_by(
        "title"
    )


def trainers_of(organisation: TrainingOrganisation) -> QuerySet[User]:
    """Who trains for an organisation today."""
    held = Membership.objects.as_of(clock.today()).filter(organisation=organisation, role=Role.TRAINER)
    return User.objects.filter(pk__in=held.values("user")).order_by("last_name", "first_name")


def managed_organisation(user: User) -> TrainingOrganisation | None:
    """The organisation a manager acts for (the first, when he manages several)."""
    managed = user.rights.organisations_as(Role.ORGANISATION_MANAGER)
    return TrainingOrganisation.objects.filter(pk__in=managed).order_by("pk").first()
