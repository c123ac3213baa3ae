"""Who may be expected in a session."""

from django.db.models import QuerySet

from courses.catalogue.models import TrainingSession
from courses.pathways.models import Enrolment
from courses.pathways.queries import is_held


def learners_to_register(session: TrainingSession) -> QuerySet[Enrolment]:
    """Enrolments of the organisation one of whose versions holds the sequence, and which are not expected there yet."""
    enrolments = Enrolment.objects.known().filter(path__organisation=session.module.organisation_id)
    holding = [one.pk for one in enrolments.with_versions() if is_held(one, session.activity.public_id)]
    expected = session.registrations.known().values("enrolment")
    return (
        enrolments.filter(pk__in=holding)
        .exclude(pk__in=expected)
        .select_related("adviser__user", "path")
        .order_by("adviser__user__last_name", "adviser__user__first_name")
    )
