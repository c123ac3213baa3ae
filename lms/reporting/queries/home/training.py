"""The desks of those who train and those who tutor."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum

from courses.api import HalfDay, Role, accommodations_visible_to
from courses.models import (
    AttendanceSheet,
    PlacementAttestation,
    SessionRegistration,
    TrainingSession,
    User,
)
from courses.shared.clock import PARIS
from courses.shared.durations import spoken
from courses.templatetags.lms_format import french_date, number
from lms.reporting.links import link
from lms.reporting.queries.satisfaction import satisfaction_figure

from .desk import Board, Desk, Figure, amount, numeric, state, to
from .sheets import SHEET_HEADERS, counted, sheet_cells


def trainer_home(user: User, now: datetime) -> Desk:
    """Today’s sessions in order, each half-day with its sheet; the sheets of before that are still open."""
    today = now.astimezone(PARIS).date()
    mine = TrainingSession.objects.filter(
        trainers=user, module__organisation__in=user.rights.organisations_as(Role.TRAINER)
    )
    of_today = list(
        mine.filter(start__lte=today, end__gte=today)
        .annotate(learners=Count("registrations", filter=Q(registrations__superseded_at=None)))
        .order_by("start", "title", "pk")
    )
    sheets = list(
        counted(
            AttendanceSheet.objects.filter(session__in=mine.values("pk"))
            .filter(Q(day=today) | Q(day__lt=today, state="open"))
            .order_by("day", "-half_day", "pk")
        )
    )
    late = [sheet for sheet in sheets if sheet.day < today]
    held = {(sheet.session_id, sheet.half_day): sheet for sheet in sheets if sheet.day == today}
    coming = mine.filter(start__gt=today, start__lte=today + timedelta(days=30)).count()
    opinion = satisfaction_figure(user)
    return Desk(
        role=Role.TRAINER.label,
        question="Qui dois-je faire signer aujourd’hui\u00a0?",
        lead="Les questionnaires sont notés par la plateforme\u00a0: vous n’avez aucun travail à corriger.",
        action="Mes feuilles du jour",
        action_url=link("trainer_today"),
        figures=(
            Figure(number(len(of_today)), "Sessions aujourd’hui", link("trainer_today")),
            Figure(
                number(len(late)), "Feuilles passées à clôturer", "#mes-feuilles", "une feuille ouverte ne prouve rien",
                "warning" if late else "",
            ),
            Figure(number(coming), "Sessions dans les 30 jours", link("sessions")),
            Figure(opinion.text, "Satisfaction sur 5", link("satisfaction"), opinion.detail),
        ),
        boards=(
            Board(
                "Aujourd’hui, dans l’ordre", ("Demi-journée", numeric("Présents signés"), "État"),
                tuple(
                    _half_day(session, half_day, held.get((session.pk, half_day.value)), today)
                    for session in of_today
                    for half_day in HalfDay
                ),
                "Aucune session aujourd’hui",
                "Les sessions que vous animez s’affichent ici le jour venu, avec la feuille de chaque demi-journée.",
                noun="demi-journée", empty_url=link("sessions"), empty_link="Mes sessions",
            ),
            *_accommodations(of_today, user, today),
            Board(
                "Feuilles passées à clôturer", SHEET_HEADERS, tuple(sheet_cells(sheet) for sheet in late[:8]),
                "Toutes vos feuilles passées sont clôturées",
                "Une feuille qui reste ouverte après sa demi-journée s’affiche ici jusqu’à sa clôture.",
                noun="feuille", count=len(late), anchor="mes-feuilles",
            ),
        ),
    )  # fmt: skip


_OF = {HalfDay.MORNING: "du matin", HalfDay.AFTERNOON: "de l’après-midi"}


def _half_day(
    session: TrainingSession, half_day: HalfDay, sheet: AttendanceSheet | None, today: date
) -> tuple[object, ...]:
    """A half-day of today: its sheet, or the way to open it, first on the line for a phone."""
    hint = session.title
    if sheet is None:
        address = f"{link('open_sheet', session.public_id)}?jour={today}&demi_journee={half_day.value}"
        expected = amount(f"0 sur {session.learners}")  # type: ignore[attr-defined]
        return to(f"Ouvrir la feuille {_OF[half_day]}", address, hint), expected, state("todo", "À ouvrir")
    is_open = sheet.state == "open"
    verb = "Faire signer" if is_open else "Relire"
    signed = amount(f"{sheet.signed} sur {sheet.expected}")  # type: ignore[attr-defined]
    opened = to(f"{verb} la feuille {_OF[half_day]}", link("sheet", sheet.public_id), hint)
    return opened, signed, state("open" if is_open else "closed", sheet.get_state_display())


def _accommodations(sessions: Iterable[TrainingSession], user: User, today: date) -> tuple[Board, ...]:
    """What the learners of today’s sessions asked to be arranged; nothing is drawn when nobody did."""
    keys = [session.pk for session in sessions]
    if not keys:
        return ()
    expected = SessionRegistration.objects.known().filter(session__in=keys).values("enrolment__adviser")
    needed = accommodations_visible_to(user).filter(adviser__in=expected, start__lte=today)
    found = list(
        needed.filter(Q(end=None) | Q(end__gte=today))
        .select_related("adviser__user")
        .order_by("adviser__user__last_name", "pk")
    )
    if not found:
        return ()
    return (
        Board(
            "Aménagements à prévoir aujourd’hui", ("Apprenant", "Aménagement", "Précision"),
            tuple((str(row.adviser), row.get_kind_display(), row.detail) for row in found), "", "",
            noun="aménagement", count=len(found),
        ),
    )  # fmt: skip


def tutor_home(user: User, now: datetime) -> Desk:
    """The weeks attested so far; the work itself is on the placements’ page."""
    weeks = PlacementAttestation.objects.known().filter(tutor=user).select_related("enrolment__adviser__user")
    latest = list(weeks.order_by("-week")[:5])
    total = weeks.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    return Desk(
        role=Role.PLACEMENT_TUTOR.label,
        question="Quelles semaines de stage me reste-t-il à attester\u00a0?",
        action="Attester une semaine",
        action_url=link("placements"),
        figures=(Figure(spoken(total), "Stage déjà attesté par vous", link("placements")),),
        boards=(
            Board(
                "Dernières semaines attestées",
                ("Conseiller", "Semaine du", numeric("Durée")),
                tuple(
                    (to(str(w.enrolment.adviser), link("placements")), french_date(w.week), amount(spoken(w.minutes)))
                    for w in latest
                ),
                "Aucune semaine attestée",
                "Chaque semaine de stage que vous attestez s’inscrit ici, avec sa durée.",
                noun="semaine", empty_url=link("placements"), empty_link="Voir mes stagiaires",
            ),
        ),
    )  # fmt: skip
