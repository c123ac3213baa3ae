"""Who opens a candidacy, and for whom."""

from django.db.models import Q, QuerySet

from courses import api as courses
from courses.models import Adviser, Enrolment, User

from .models import Candidacy
from .services import PIX


def advisers_one_may_present(user: User) -> QuerySet[Adviser]:
    """Oneself, and the learners of the organisations that one manages."""
    managed = user.rights.organisations_as(courses.Role.ORGANISATION_MANAGER)
    learners = Enrolment.objects.known().filter(path__organisation__in=managed).values("adviser")
    return Adviser.objects.filter(Q(user=user) | Q(pk__in=learners)).select_related("user")


def enrolments_one_may_quote(user: User) -> QuerySet[Enrolment]:
    """One’s own enrolments, and those in the paths of the organisations that one manages."""
    managed = user.rights.organisations_as(courses.Role.ORGANISATION_MANAGER)
    return (
        Enrolment.objects.known()
        .filter(Q(adviser__user=user) | Q(path__organisation__in=managed))
        .select_related("adviser__user", "path")
        .order_by("adviser__user__last_name", "path__title")
    )


def pix_candidacies_visible_to(user: User) -> QuerySet[Candidacy]:
    """The candidacies to Pix among those that one sees."""
    return (
        Candidacy.objects.visible_to(user)
        .known()
        .filter(block__code=PIX)
        .select_related("adviser__user", "block__qualification")
        .order_by("adviser__user__last_name", "adviser__user__first_name")
    )
