"""Who may be expected in a session."""

from django.db.models import QuerySet

from courses.catalogue.models import TrainingSession
from courses.pathways.models import Enrolment
from courses.pathways.queries import structure_of


def learners_to_register(session: TrainingSession) -> QuerySet[Enrolment]:
    """Enrolments of the organisation whose version holds the sequence, and which are not expected there yet."""
    enrolments = Enrolment.objects.known().filter(path__organisation=session.module.organisation_id)
    versions = {one.path_version_id: one.path_version for one in enrolments.select_related("path_version")}
    holding = [
        pk for pk, version in versions.items() if structure_of(version).find(session.activity.public_id)
    ]
    expected = session.registrations.known().values("enrolment")
    return (
        enrolments.filter(path_version__in=holding)
        .exclude(pk__in=expected)
        .select_related("adviser__user", "path")
        .order_by("adviser__user__last_name", "adviser__user__first_name")
    )
