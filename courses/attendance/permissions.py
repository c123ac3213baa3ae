"""Who may see, keep and sign a sheet; who attests a placement."""

from datetime import date

from django.db.models import Q, QuerySet

from courses.catalogue.models import TrainingSession
from courses.pathways.models import Enrolment, EnrolmentQuerySet
from courses.people.enums import Role
from courses.people.models import Membership, Organisation, User

from .models import AttendanceMark, AttendanceSheet

SHEET_READERS = (Role.TRAINER, Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR)
SHEET_KEEPERS = (Role.TRAINER, Role.ORGANISATION_MANAGER)


def can_keep_sheets(user: User, session: TrainingSession) -> bool:
    """Open, mark and close: a trainer of the session, or a manager of its training organisation."""
    return sessions_kept_by(user).filter(pk=session.pk).exists()


def can_register(user: User, session: TrainingSession) -> bool:
    """Add learners to a session: a manager of its training organisation."""
    return session.module.organisation_id in user.rights.organisations_as(Role.ORGANISATION_MANAGER)


def can_sign_as_trainer(user: User, session: TrainingSession, day: date) -> bool:
    """A trainer of that very session, who holds the role in its organisation on that day."""
    if not session.trainers.filter(pk=user.pk).exists():
        return False
    return holds(user, Role.TRAINER, session.module.organisation_id, day)


def can_attest_placement(user: User, enrolment: Enrolment, day: date) -> bool:
    """A placement tutor of the organisation of the path, on that day; never the learner himself."""
    if enrolment.adviser.user_id == user.pk:
        return False
    return holds(user, Role.PLACEMENT_TUTOR, enrolment.path.organisation_id, day)


def holds(user: User, role: str, organisation_id: int, day: date) -> bool:
    """That role, in that organisation, on that day."""
    held = Membership.objects.as_of(day).filter(user=user, role=role, organisation_id=organisation_id)
    return held.exists()


def sessions_kept_by(user: User) -> QuerySet[TrainingSession]:
    """The sessions one trains, and all those of the organisations one manages."""
    rights = user.rights
    visible = TrainingSession.objects.visible_to(user)
    managed = rights.organisations_as(Role.ORGANISATION_MANAGER)
    trained = TrainingSession.objects.filter(
        trainers=user, module__organisation__in=rights.organisations_as(Role.TRAINER)
    ).values("pk")
    return visible.filter(Q(pk__in=trained) | Q(module__organisation__in=managed))


def staff_sheets_visible_to(user: User) -> QuerySet[AttendanceSheet]:
    """Whole sheets, with everyone’s line: whoever sees the session. A learner sees his own line only."""
    sessions = TrainingSession.objects.visible_to(user).values("pk")
    return AttendanceSheet.objects.visible_to(user).filter(session__in=sessions)


def marks_of_learner(user: User) -> QuerySet[AttendanceMark]:
    """The lines one signs oneself."""
    return AttendanceMark.objects.filter(adviser__user=user)


def tutored_enrolments_visible_to(user: User) -> EnrolmentQuerySet:
    """The enrolments of the organisations where one is a placement tutor; not one’s own."""
    organisations: set[int] = user.rights.organisations_as(Role.PLACEMENT_TUTOR)
    tutored = Organisation.objects.filter(pk__in=organisations).values("pk")
    visible = Enrolment.objects.visible_to(user).known()
    return visible.filter(path__organisation__in=tutored).exclude(adviser__user=user)
