"""What is to be arranged for the learners of a session."""

from collections import defaultdict

from django.db.models import Q

from courses.catalogue.models import TrainingSession
from courses.pathways.permissions import accommodations_visible_to
from courses.people.models import Accommodation, User


def needs_of(session: TrainingSession, user: User) -> dict[int, list[Accommodation]]:
    """Adviser → what is to be arranged for him on the days of this session, as far as `user` may know it."""
    needs: dict[int, list[Accommodation]] = defaultdict(list)
    expected = session.registrations.known().values("enrolment__adviser")
    seen = accommodations_visible_to(user).filter(adviser__in=expected, start__lte=session.end)
    for need in seen.filter(Q(end=None) | Q(end__gte=session.start)).order_by("start", "pk"):
        needs[need.adviser_id].append(need)
    return dict(needs)
