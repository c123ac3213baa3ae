"""Who may answer a quiz, and who may see an attempt."""

from django.db.models import QuerySet

from courses.pathways.models import Enrolment
from courses.people.models import User

from .models import QuizAttempt


def own_enrolments_visible_to(user: User) -> QuerySet[Enrolment]:
    """The enrolments in which this person answers: his own, nobody else’s."""
    own = Enrolment.objects.known().filter(adviser__user=user)
    return own.select_related("adviser", "path__organisation").with_versions()


def attempts_visible_to(user: User) -> QuerySet[QuizAttempt]:
    """Whoever sees the enrolment sees its attempts."""
    return QuizAttempt.objects.known().visible_to(user).select_related(
        "enrolment__adviser", "enrolment__path_version", "quiz_version__activity__module"
    )  # fmt: skip
