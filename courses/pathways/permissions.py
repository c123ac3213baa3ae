"""What those who teach may know of those they teach."""

from django.db.models import Q, QuerySet

from courses.people.enums import Role
from courses.people.models import Accommodation, User

from .models import Enrolment


def accommodations_visible_to(user: User) -> QuerySet[Accommodation]:
    """One’s own; those of the learners enrolled where one teaches or manages. Nobody else needs them."""
    staff = user.rights.organisations_as(Role.ORGANISATION_MANAGER, Role.TRAINER)
    taught = Enrolment.objects.known().filter(path__organisation__in=staff).values("adviser")
    return Accommodation.objects.known().filter(Q(adviser__user=user) | Q(adviser__in=taught))
