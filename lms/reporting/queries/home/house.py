"""The desks of the employer, who reads, and of the administrator."""

from datetime import datetime

from django.db.models import Count, Q, Sum

from certification import api as certification
from courses.api import Role, heads, reconcile
from courses.models import Adviser, ModuleProgress, PostAttachment, User
from courses.shared.clock import PARIS
from courses.shared.durations import spoken
from courses.templatetags.lms_format import number

from .desk import Board, Desk, Figure, amount, numeric, state


def host_home(user: User, now: datetime) -> Desk:
    """The posts of the structure, and its advisers: hours, absences, certification. Read only."""
    today = now.astimezone(PARIS).date()
    mine = user.rights.organisations_as(Role.HOST_MANAGER)
    posts = PostAttachment.objects.as_of(today).filter(host_structure__in=mine)
    advisers = list(
        Adviser.objects.visible_to(user)
        .exclude(user=user)
        .select_related("user")
        .annotate(absences=Count("marks", filter=Q(marks__presence__in=["absent", "excused"]), distinct=True))
    )
    hours = {
        adviser: (done or 0, required or 0)
        for adviser, done, required in ModuleProgress.objects.filter(
            enrolment__adviser__in=advisers, enrolment__superseded_at=None
        )
        .values_list("enrolment__adviser")
        .annotate(done=Sum("on_site_minutes") + Sum("remote_minutes"), required=Sum("required_minutes"))
    }
    certified = certification.certified_advisers(today)
    return Desk(
        role=Role.HOST_MANAGER.label,
        question="Où en sont mes conseillers ?",
        lead="Vous suivez vos postes et vos conseillers ; leurs actes leur appartiennent.",
        figures=(
            Figure(number(posts.count()), "Postes de la structure"),
            Figure(number(len(advisers)), "Conseillers en poste"),
            Figure(number(sum(a.pk in certified for a in advisers)), "Conseillers certifiés", tone="success"),
        ),
        boards=(
            Board(
                "Mes conseillers",
                ("Conseiller", numeric("Heures prouvées"), numeric("Absences"), "Certification"),
                tuple(
                    (
                        {"text": str(adviser), "hint": f"n° {adviser.number}"},
                        amount(_hours(*hours.get(adviser.pk, (0, 0)))),
                        amount(number(adviser.absences)),
                        _certified(adviser.pk in certified),
                    )
                    for adviser in advisers
                ),
                "Aucun conseiller en poste",
                "Dès qu’un conseiller est affecté sur un de vos postes, sa progression s’affiche ici.",
                noun="conseiller",
            ),
        ),
    )  # fmt: skip


def _certified(certified: bool) -> dict[str, object]:
    return state("passed", "Certifié") if certified else state("in_progress", "Non certifié")


def _hours(done: int, required: int) -> str:
    return f"{spoken(done)} sur {spoken(required)}" if required else "pas d’inscription"


def administrator_home(user: User, now: datetime) -> Desk:
    """The health of the house: background work, accounts, and the heads of the audit chains."""
    work = reconcile(now=now)
    chains = heads()
    return Desk(
        role=Role.ADMINISTRATOR.label,
        question="La plateforme va-t-elle bien ?",
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
