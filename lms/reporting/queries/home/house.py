"""The desks of the employer, who reads, and of the administrator."""

from datetime import datetime

from courses.api import Role, heads, reconcile
from courses.models import PostAttachment, User
from courses.shared.clock import PARIS
from courses.shared.durations import spoken
from courses.templatetags.lms_format import french_date, number
from lms.reporting.links import link
from lms.reporting.queries.host import HostRow, advisers_of_host, host_rows

from .desk import Board, Desk, Figure, amount, numeric, state, to

SHOWN = 10


def host_home(user: User, now: datetime) -> Desk:
    """The advisers of the structure, those who are late first. Read only."""
    today = now.astimezone(PARIS).date()
    mine = user.rights.organisations_as(Role.HOST_MANAGER)
    posts = PostAttachment.objects.as_of(today).filter(host_structure__in=mine).count()
    rows = host_rows(advisers_of_host(user, today), today)
    late = sum(row.late for row in rows)
    listed = link("host_advisers")
    return Desk(
        role=Role.HOST_MANAGER.label,
        question="Où en sont mes conseillers\u00a0?",
        lead="Vous suivez vos postes et vos conseillers\u00a0; leurs actes leur appartiennent.",
        action="Tous mes conseillers",
        action_url=listed,
        figures=(
            Figure(number(posts), "Postes de la structure", link("post_funding")),
            Figure(number(len(rows)), "Conseillers en poste", listed),
            Figure(
                number(sum(row.certification_badge == "passed" for row in rows)), "Conseillers certifiés", listed,
                tone="success",
            ),
            Figure(number(late), "Échéances dépassées", listed, tone="warning" if late else ""),
        ),
        boards=(
            Board(
                "Mes conseillers",
                ("Conseiller", numeric("Heures prouvées"), numeric("Absences"), "Échéance", "Certification",
                 "Prochaine session"),
                tuple(_line(row) for row in rows[:SHOWN]),
                "Aucun conseiller en poste",
                "Dès qu’un conseiller est affecté sur un de vos postes, sa progression s’affiche ici.",
                noun="conseiller", count=len(rows), more_url=listed, more="Tous mes conseillers, et le fichier CSV",
            ),
        ),
    )  # fmt: skip


def _line(row: HostRow) -> tuple[object, ...]:
    hours = f"{spoken(row.proved_minutes)} sur {spoken(row.required_minutes)}"
    unexcused = f"dont {number(row.unexcused)} non justifiée{'s' if row.unexcused > 1 else ''}"
    due: object = "—"
    if row.due_on:
        words = "Dépassée le" if row.late else "Avant le"
        due = state("expired" if row.late else "planned", f"{words} {french_date(row.due_on)}")
    session = row.next_session
    return (
        to(str(row.adviser), link("host_adviser", row.adviser.number), row.path),
        amount(hours if row.enrolled else "pas d’inscription"),
        {**amount(number(row.absences)), "hint": unexcused if row.unexcused else ""},
        due,
        state(row.certification_badge, row.certification),
        {"text": french_date(session.start), "hint": session.title} if session else "—",
    )


def administrator_home(user: User, now: datetime) -> Desk:
    """The health of the house: background work, accounts, and the heads of the audit chains."""
    work = reconcile(now=now)
    chains = heads()
    return Desk(
        role=Role.ADMINISTRATOR.label,
        question="La plateforme va-t-elle bien\u00a0?",
        figures=(
            Figure(number(User.objects.filter(is_active=True).count()), "Comptes actifs"),
            Figure(number(work["posted"]), "Travaux en attente", detail=f"{number(work['late'])} en retard"),
            Figure(
                number(work["dead"]), "Travaux en échec", tone="error" if work["dead"] else "success",
                detail="à relancer" if work["dead"] else "rien à relancer",
            ),
        ),
        boards=(
            Board(
                "Têtes des chaînes d’audit",
                ("Chaîne", numeric("Dernier numéro"), "Empreinte"),
                tuple(
                    (CHAINS[name], amount(number(head["sequence"])), str(head["hash"])[:16] or "—")
                    for name, head in chains.items()
                ),
                "Aucune chaîne", "Chaque acte s’inscrit dans une chaîne d’audit.", noun="chaîne",
            ),
        ),
    )  # fmt: skip


CHAINS = {
    "jury": "Jurys et décisions",
    "money": "Argent public",
    "access": "Accès et personnes",
    "content": "Formation et contenus",
}
