"""The desk of a jury member: one session, its candidates in order, and what waits for him."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from certification.models import ConflictOfInterest, ExamSession, JuryDecision, JuryOpinion, Sitting
from courses.api import Role
from courses.models import User
from courses.templatetags.lms_format import french_date, number
from lms.reporting.links import link

from .desk import Board, Desk, Figure, amount, numeric, state, to


def jury_home(user: User, now: datetime) -> Desk:
    """The session under way, else the next one, else the last."""
    sessions = list(_sessions(user)[:8])
    current = [session for session in sessions if session.closes_at >= now]
    mine = min(current, key=lambda session: session.opens_at) if current else None
    sittings = list(_sittings(current, user))
    to_give = [sitting for sitting in sittings if _mine(sitting) == "todo"]
    to_decide = [sitting for sitting in sittings if _mine(sitting) == "submitted"]
    return Desk(
        role=Role.JURY_MEMBER.label,
        question="Qui dois-je évaluer\u00a0?",
        lead=_lead(mine, now),
        action="Ouvrir ma session" if mine else "Mes sessions d’examen",
        action_url=link("exam_session", mine.public_id) if mine else link("jury_sessions"),
        figures=(
            Figure(number(len(to_give)), "Avis à rendre", "#candidats", "sessions ouvertes ou à venir",
                   "warning" if to_give else ""),
            Figure(number(len(to_decide)), "Décisions à signer", "#candidats", "votre avis est rendu"),
        ),
        boards=(
            Board(
                "Candidats, dans l’ordre de leur convocation",
                ("Candidat", "Session", numeric("Avis rendus"), "Pour vous"),
                tuple(_candidate(sitting, user) for sitting in sittings),
                "Aucun candidat à évaluer",
                "Quand des candidats sont convoqués à une de vos sessions, ils s’affichent ici dans l’ordre.",
                noun="candidat", anchor="candidats",
            ),
            Board(
                "Mes sessions d’examen",
                ("Session", "Ouverte du", numeric("Candidats"), numeric("Décisions")),
                tuple(
                    (
                        to(f"{s.reference} – {s.block.code}", link("exam_session", s.public_id), str(s.centre)),
                        f"{french_date(s.opens_at)} au {french_date(s.closes_at)}",
                        amount(number(s.candidates)),
                        amount(number(s.decided)),
                    )
                    for s in sessions
                ),
                "Aucune session d’examen",
                "Le responsable du programme vous nomme membre d’un jury\u00a0: ses sessions s’afficheront ici.",
                noun="session",
            ),
        ),
    )  # fmt: skip


def _lead(session: ExamSession | None, now: datetime) -> str:
    if session is None:
        return "Aucune de vos sessions n’est ouverte ni à venir."
    when = "ouverte jusqu’au" if session.opens_at <= now else "à partir du"
    day = session.closes_at if session.opens_at <= now else session.opens_at
    return f"Session {session.reference}, {session.place}, {when} {french_date(day)}."


def _sessions(user: User) -> Any:
    standing = Q(sittings__decisions__superseded_at=None, sittings__superseded_at=None)
    return (
        ExamSession.objects.known()
        .filter(members__user=user, members__superseded_at=None)
        .select_related("centre", "block")
        .annotate(
            candidates=Count("sittings", filter=Q(sittings__superseded_at=None), distinct=True),
            decided=Count("sittings__decisions", filter=standing, distinct=True),
        )
        .order_by("-opens_at")
    )


def _sittings(sessions: list[ExamSession], user: User) -> QuerySet[Sitting]:
    """The candidates of these sessions, each with what he still waits for."""
    opinions = JuryOpinion.objects.known().filter(sitting=OuterRef("pk"), member__user=user)
    decisions = JuryDecision.objects.known().filter(sitting=OuterRef("pk"))
    conflicts = ConflictOfInterest.objects.known().filter(
        candidacy=OuterRef("candidacy"), member__user=user, member__exam_session=OuterRef("exam_session")
    )
    return (
        Sitting.objects.known()
        .filter(exam_session__in=sessions)
        .select_related("candidacy__adviser__user", "exam_session")
        .annotate(
            heard=Count("opinions", filter=Q(opinions__superseded_at=None), distinct=True),
            given=Exists(opinions),
            decided=Exists(decisions),
            conflict=Exists(conflicts),
        )
        .order_by("exam_session__opens_at", "pk")
    )


_WORDS = {
    "passed": "Décision signée",
    "closed": "Vous ne jugez pas ce candidat",
    "submitted": "Décision à signer",
    "todo": "Avis à rendre",
}


def _mine(sitting: Sitting) -> str:
    if sitting.decided:  # type: ignore[attr-defined]
        return "passed"
    if sitting.conflict:  # type: ignore[attr-defined]
        return "closed"
    return "submitted" if sitting.given else "todo"  # type: ignore[attr-defined]


def _candidate(sitting: Sitting, user: User) -> tuple[object, ...]:
    adviser = sitting.candidacy.adviser
    badge = _mine(sitting)
    address = "" if adviser.user_id == user.pk else link("sitting", sitting.public_id)
    return (
        to(str(adviser), address),
        sitting.exam_session.reference,
        amount(number(sitting.heard)),  # type: ignore[attr-defined]
        state(badge, _WORDS[badge]),
    )
