"""Who issues certificates."""

from django.db.models import QuerySet

from courses import api as courses
from courses.models import Enrolment, User

# Whoever may read a certificate, among those who see its enrolment.
READERS = frozenset(
    {
        courses.Role.ADVISER,
        courses.Role.ORGANISATION_MANAGER,
        courses.Role.HOST_MANAGER,
        courses.Role.PREFECT,
        courses.Role.PROGRAMME_MANAGER,
        courses.Role.AUDITOR,
    }
)


def enrolments_to_certify_visible_to(user: User) -> QuerySet[Enrolment]:
    """The enrolments in the paths of the organisations that this person manages."""
    managed = user.rights.organisations_as(courses.Role.ORGANISATION_MANAGER)
    return (
        Enrolment.objects.known()
        .filter(path__organisation__in=managed)
        .select_related("adviser__user", "path")
        .with_versions()
    )
