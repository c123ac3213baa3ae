"""Who may read and do what around a jury."""

from courses.api import Role
from courses.models import User

from .models import ExamSession, JuryMember, JuryOpinion, JuryReport, Sitting, SittingQuerySet
from .queries import decision_of, seat_of

SESSION_READERS = {
    Role.JURY_MEMBER,
    Role.ORGANISATION_MANAGER,
    Role.MINISTRY_REPRESENTATIVE,
    Role.PROGRAMME_MANAGER,
    Role.AUDITOR,
}
FILE_READERS = {Role.JURY_MEMBER, Role.PROGRAMME_MANAGER, Role.AUDITOR}


def sittings_visible_to(user: User) -> SittingQuerySet:
    """The sittings a member or a national reader may open; never one’s own."""
    seats = JuryMember.objects.known().filter(user=user)
    visible = Sitting.objects.visible_to(user).exclude(candidacy__adviser__user=user)
    return (
        visible if user.rights.reads_nation else visible.filter(exam_session__in=seats.values("exam_session"))
    )


def opinions_readable_by(user: User, sitting: Sitting) -> list[JuryOpinion]:
    """A member reads the others’ opinions once he gave his own; a national reader once the decision is signed."""
    opinions = (
        JuryOpinion.objects.known().filter(sitting=sitting).select_related("member__user").order_by("pk")
    )
    seat = seat_of(sitting.exam_session, user)
    if seat and opinions.filter(member=seat).exists():
        return list(opinions)
    if decision_of(sitting) and (seat or user.rights.reads_nation):
        return list(opinions)
    return []


def can_close_report(user: User, session: ExamSession) -> bool:
    """A member of the jury, or the programme manager."""
    return seat_of(session, user) is not None or user.rights.has(Role.PROGRAMME_MANAGER)


def can_validate_report(user: User, report: JuryReport) -> bool:
    """A representative of the ministry who does not sit on this jury."""
    return user.rights.has(Role.MINISTRY_REPRESENTATIVE) and seat_of(report.exam_session, user) is None


def can_manage_session(user: User) -> bool:
    """The programme manager opens sessions, appoints and summons."""
    return user.rights.has(Role.PROGRAMME_MANAGER)
