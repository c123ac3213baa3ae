"""The desks of a training organisation’s office: its manager, its authors."""

from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from certification import api as certification
from certification.models import Claim, CompletionCertificate
from cms import api as cms
from cms.api import EditorLine
from courses.api import Role
from courses.models import (
    AttendanceSheet,
    ModuleProgress,
    PathVersion,
    TrainingOrganisation,
    TrainingSession,
    User,
)
from courses.shared.clock import PARIS
from courses.shared.durations import spoken
from courses.templatetags.lms_format import euros, french_date, number
from lms.reporting.links import link
from lms.reporting.queries.satisfaction import satisfaction_figure

from .deadlines import AtRisk, learners_at_risk
from .desk import Board, Desk, Figure, age, amount, numeric, state, to
from .sheets import SHEET_HEADERS, counted, sheet_cells

CLAIM_BADGES = {
    "draft": "draft",
    "submitted": "submitted",
    "returned": "refused",
    "certified": "valid",
    "paid": "paid",
    "cancelled": "cancelled",
}
SHOWN = 8


def manager_home(user: User, now: datetime) -> Desk:
    """The month’s sessions, what blocks money, deadlines, approvals, opinions; one figure for each."""
    today = now.astimezone(PARIS).date()
    mine = user.rights.organisations_as(Role.ORGANISATION_MANAGER)
    late = AttendanceSheet.objects.filter(
        session__module__organisation__in=mine, state="open", day__lte=today
    )
    sheets = list(counted(late.order_by("day", "-half_day", "pk")))
    at_risk, waiting = learners_at_risk(mine, today), cms.pages_to_approve(user)
    opinion = satisfaction_figure(user)
    return Desk(
        role=Role.ORGANISATION_MANAGER.label,
        question="Qu’est-ce qui attend une action de l’organisme\u00a0?",
        action="Préparer une demande de paiement",
        action_url=link("claim_new"),
        figures=(
            Figure(number(_sessions_of_month(mine, today)), "Sessions ce mois-ci", link("sessions")),
            Figure(
                number(len(sheets)), "Feuilles non clôturées", "#feuilles", "une feuille ouverte ne prouve rien",
                "warning" if sheets else "",
            ),
            Figure(
                number(len(at_risk)), "Échéances proches ou dépassées", "#echeances", "dans les 30 jours",
                "warning" if at_risk else "",
            ),
            Figure(
                number(_to_issue(mine).count()), "Certificats à délivrer", link("issue_certificates"),
                "modules achevés, certificat pas encore délivré",
            ),
            _claimable(mine, today),
            Figure(number(len(waiting)), "Pages à approuver", "#approbations", "les auteurs attendent votre accord"),
            Figure(opinion.text, "Satisfaction sur 5", link("satisfaction"), opinion.detail),
        ),
        boards=(
            Board(
                "Feuilles d’émargement à clôturer", SHEET_HEADERS,
                tuple(sheet_cells(sheet) for sheet in sheets[:SHOWN]),
                "Toutes les feuilles passées sont clôturées",
                "Une feuille ouverte ne prouve aucune heure\u00a0: elle apparaît ici tant qu’elle n’est pas clôturée.",
                noun="feuille", count=len(sheets), empty_url=link("sessions"), empty_link="Voir les sessions",
                anchor="feuilles",
            ),
            _deadlines_board(at_risk),
            approvals_board(waiting, now),
            _claims_board(Claim.objects.filter(organisation__in=mine), "Dernières demandes de paiement"),
        ),
    )  # fmt: skip


def _sessions_of_month(organisations: set[int], today: date) -> int:
    first = today.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return TrainingSession.objects.filter(
        module__organisation__in=organisations, start__lt=following, end__gte=first
    ).count()


def _to_issue(organisations: set[int]) -> QuerySet[ModuleProgress]:
    issued = CompletionCertificate.objects.known().filter(
        enrolment=OuterRef("enrolment"), module=OuterRef("module")
    )
    return ModuleProgress.objects.filter(
        enrolment__path__organisation__in=organisations, enrolment__superseded_at=None, state="done"
    ).exclude(Exists(issued))


def _claimable(organisations: set[int], today: date) -> Figure:
    """What may be billed since January, and how much is held back."""
    lines = [
        line
        for organisation in TrainingOrganisation.objects.filter(pk__in=organisations)
        for line in certification.claimable(organisation, today.replace(month=1, day=1), today)
    ]
    free = sum(line.amount_cents for line in lines if not line.reason_blocked)
    blocked = sum(1 for line in lines if line.reason_blocked and not line.claimed_in)
    detail = "rien n’est bloqué"
    if blocked:
        detail = f"{number(blocked)} ligne{'s bloquées' if blocked > 1 else ' bloquée'}, avec leur motif"
    return Figure(euros(free), "Facturable depuis janvier", link("claim_new"), detail, "info")


def _deadlines_board(rows: list[AtRisk]) -> Board:
    return Board(
        "Conseillers proches d’une échéance",
        ("Conseiller", "Parcours", numeric("Heures prouvées"), "Échéance"),
        tuple(
            (
                to(str(row.enrolment.adviser), link("enrolment", row.enrolment.registration)),
                row.enrolment.path.title,
                amount(f"{spoken(row.proved_minutes)} sur {spoken(row.required_minutes)}"),
                state("expired", f"Dépassée le {french_date(row.due_on)}")
                if row.late
                else state("waiting", f"Avant le {french_date(row.due_on)}"),
            )
            for row in rows[:SHOWN]
        ),
        "Aucune échéance dans les 30 jours",
        "Un parcours ou un module peut se faire dans un délai\u00a0: ceux qui en approchent s’affichent ici.",
        noun="conseiller", count=len(rows), anchor="echeances",
    )  # fmt: skip


def approvals_board(rows: list[EditorLine], now: datetime, anchor: str = "approbations") -> Board:
    """Pages that wait for an agreement, the oldest first."""
    return Board(
        "Pages qui attendent votre accord",
        ("Page", "Nature", "Demandé par", "Attend depuis"),
        tuple((to(row.title, row.url), row.kind, row.by, age(row.at, now)) for row in rows[:SHOWN]),
        "Aucune page n’attend votre accord",
        "Quand un auteur demande la publication d’une page, elle s’affiche ici jusqu’à votre réponse.",
        noun="page", count=len(rows), empty_url=link("wagtailadmin_home"), empty_link="Ouvrir l’éditeur",
        anchor=anchor,
    )  # fmt: skip


def _claims_board(claims: object, caption: str) -> Board:
    rows = claims.select_related("organisation").order_by("-prepared_at")[:5]  # type: ignore[attr-defined]
    return Board(
        caption,
        ("Demande", "Période", numeric("Montant"), "État"),
        tuple(
            (
                to(claim.number, link("claim", claim.public_id)),
                f"du {french_date(claim.start)} au {french_date(claim.end)}",
                amount(euros(claim.total_cents)),
                state(CLAIM_BADGES[claim.state], claim.get_state_display()),
            )
            for claim in rows
        ),
        "Aucune demande de paiement",
        "Une demande se construit à partir des preuves d’une période\u00a0; ses états s’affichent ici.",
        noun="demande", more_url=link("claims"), more="Toutes les demandes",
        empty_url=link("claim_new"), empty_link="Préparer une demande",
    )  # fmt: skip


def author_home(user: User, now: datetime) -> Desk:
    """My drafts, what was sent back to me, what my organisation published lately."""
    mine = user.rights.organisations_as(Role.AUTHOR)
    versions = (
        PathVersion.objects.known()
        .filter(path__organisation__in=mine)
        .select_related("path")
        .annotate(learners=Count("enrolments", filter=Q(enrolments__superseded_at=None)))
    )
    drafts, returned = cms.drafts_of(user), cms.sent_back_to(user)
    return Desk(
        role=Role.AUTHOR.label,
        question="Que me reste-t-il à écrire\u00a0?",
        lead="Une version publiée est figée\u00a0: chaque inscription y reste liée.",
        action="Ouvrir l’éditeur de contenus",
        action_url=link("wagtailadmin_home"),
        figures=(
            Figure(
                number(len(returned)), "Pages à reprendre", "#reprendre", "renvoyées avec une remarque",
                "warning" if returned else "",
            ),
            Figure(number(len(drafts)), "Mes brouillons", "#brouillons", "jamais publiés, ou modifiés depuis"),
        ),
        boards=(
            Board(
                "Pages à reprendre", ("Page", "Nature", "Remarque", "Renvoyée depuis"),
                tuple(
                    (to(row.title, row.url, f"par {row.by}" if row.by else ""), row.kind, row.said, age(row.at, now))
                    for row in returned[:SHOWN]
                ),
                "Rien ne vous a été renvoyé",
                "Une page que votre responsable vous demande de reprendre s’affiche ici, avec sa remarque.",
                noun="page", count=len(returned), anchor="reprendre",
            ),
            Board(
                "Mes brouillons", ("Page", "Nature", "Modifiée le"),
                tuple(
                    (to(row.title, row.url), row.kind, french_date(row.at.astimezone(PARIS).date()))
                    for row in drafts[:SHOWN]
                ),
                "Aucun brouillon",
                "Ce que vous écrivez s’affiche ici jusqu’à sa publication.",
                noun="page", count=len(drafts), anchor="brouillons",
            ),
            Board(
                "Dernières versions publiées",
                ("Parcours", "Version", "Publiée le", numeric("Inscrits")),
                tuple(
                    (v.path.title, f"version {v.number}", french_date(v.known_at.astimezone(PARIS).date()),
                     amount(number(v.learners)))
                    for v in versions.order_by("-known_at", "-pk")[:SHOWN]
                ),
                "Aucune version publiée",
                "Rédigez un parcours et ses modules dans l’éditeur, puis publiez\u00a0: la version s’affichera ici.",
                noun="version", empty_url=link("wagtailadmin_home"), empty_link="Ouvrir l’éditeur",
            ),
        ),
    )  # fmt: skip
