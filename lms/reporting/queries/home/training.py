"""The desks of those who train, author and judge."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Sum

from certification import api as certification
from certification.models import Claim, CompletionCertificate, ExamSession
from courses.api import Role
from courses.models import (
    AttendanceSheet,
    Enrolment,
    ModuleProgress,
    PathVersion,
    PlacementAttestation,
    TrainingOrganisation,
    TrainingSession,
    User,
)
from courses.shared.clock import PARIS
from courses.shared.durations import spoken
from courses.templatetags.lms_format import euros, french_date, number
from lms.reporting.links import link

from .desk import Board, Desk, Figure, amount, numeric, state, to

CLAIM_BADGES = {
    "draft": "draft",
    "submitted": "submitted",
    "returned": "refused",
    "certified": "valid",
    "paid": "paid",
    "cancelled": "cancelled",
}


def _sheet_cells(sheet: AttendanceSheet) -> tuple[object, ...]:
    return (
        to(sheet.session.title, link("sheet", sheet.public_id), sheet.session.place),
        f"{french_date(sheet.day)}, {sheet.get_half_day_display()}",
        amount(f"{sheet.signed} sur {sheet.expected}"),  # type: ignore[attr-defined]
        state("closed" if sheet.state == "closed" else "open", sheet.get_state_display()),
    )


def _counted(sheets: object) -> object:
    return sheets.select_related("session").annotate(  # type: ignore[attr-defined]
        expected=Count("marks", distinct=True),
        signed=Count("marks", filter=Q(marks__presence="present"), distinct=True),
    )


_SHEET_HEADERS = ("Session", "Demi-journée", numeric("Présents signés"), "État")


def trainer_home(user: User, now: datetime) -> Desk:
    """Today’s sheets, those of before that are still open, and what comes next."""
    today = now.astimezone(PARIS).date()
    sheets = AttendanceSheet.objects.filter(session__trainers=user).order_by("day", "-half_day")
    late = list(_counted(sheets.filter(state="open", day__lt=today)))  # type: ignore[call-overload]
    of_today = list(_counted(sheets.filter(day=today)))  # type: ignore[call-overload]
    coming = TrainingSession.objects.filter(
        trainers=user, start__gt=today, start__lte=today + timedelta(days=30)
    )
    return Desk(
        role=Role.TRAINER.label,
        question="Qui dois-je faire signer aujourd’hui ?",
        action="Mes feuilles du jour",
        action_url=link("trainer_today"),
        figures=(
            Figure(number(len(of_today)), "Feuilles du jour", link("trainer_today")),
            Figure(
                number(len(late)), "Feuilles passées à clôturer", link("trainer_today"),
                "une feuille ouverte ne prouve rien", "warning" if late else "",
            ),
            Figure(number(coming.count()), "Sessions dans les 30 jours", link("sessions")),
        ),
        boards=(
            Board(
                "Feuilles d’émargement à suivre", _SHEET_HEADERS, tuple(_sheet_cells(s) for s in [*late, *of_today]),
                "Aucune feuille aujourd’hui",
                "La feuille d’une demi-journée apparaît ici dès que vous l’ouvrez depuis votre session.",
                noun="feuille", empty_url=link("trainer_today"), empty_link="Ouvrir une feuille",
            ),
        ),
    )  # fmt: skip


def tutor_home(user: User, now: datetime) -> Desk:
    """The weeks attested so far; the work itself is on the placements’ page."""
    weeks = PlacementAttestation.objects.known().filter(tutor=user).select_related("enrolment__adviser__user")
    latest = list(weeks.order_by("-week")[:5])
    total = weeks.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    return Desk(
        role=Role.PLACEMENT_TUTOR.label,
        question="Quelles semaines de stage me reste-t-il à attester ?",
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


def manager_home(user: User, now: datetime) -> Desk:
    """Sheets that block money, certificates to issue, and what may be claimed since January."""
    today = now.astimezone(PARIS).date()
    mine = user.rights.organisations_as(Role.ORGANISATION_MANAGER)
    open_sheets = AttendanceSheet.objects.filter(
        session__module__organisation__in=mine, state="open", day__lte=today
    )
    ready = ModuleProgress.objects.filter(
        enrolment__path__organisation__in=mine, enrolment__superseded_at=None, state="done"
    ).exclude(
        Exists(
            CompletionCertificate.objects.known().filter(
                enrolment=OuterRef("enrolment"), module=OuterRef("module")
            )
        )
    )
    enrolled = Enrolment.objects.known().filter(path__organisation__in=mine)
    learners = enrolled.values("adviser").distinct().count()
    lines = [
        line
        for organisation in TrainingOrganisation.objects.filter(pk__in=mine)
        for line in certification.claimable(organisation, today.replace(month=1, day=1), today)
    ]
    free = [line for line in lines if not line.reason_blocked]
    blocked = [line for line in lines if line.reason_blocked and not line.claimed_in]
    return Desk(
        role=Role.ORGANISATION_MANAGER.label,
        question="Qu’est-ce qui attend une action de l’organisme ?",
        action="Préparer une demande de paiement",
        action_url=link("claim_new"),
        figures=(
            Figure(number(learners), "Conseillers inscrits", link("issue_certificates")),
            Figure(
                number(ready.count()), "Certificats à délivrer", link("issue_certificates"),
                "modules achevés, certificat pas encore délivré",
            ),
            Figure(
                euros(sum(line.amount_cents for line in free)), "Facturable depuis janvier", link("claim_new"),
                f"{number(len(blocked))} ligne{'s bloquées' if len(blocked) > 1 else ' bloquée'}, avec leur motif"
                if blocked
                else "rien n’est bloqué",
                "info",
            ),
        ),
        boards=(
            Board(
                "Feuilles d’émargement à clôturer", _SHEET_HEADERS,
                tuple(_sheet_cells(s) for s in _counted(open_sheets.order_by("day"))[:8]),  # type: ignore[index]
                "Toutes les feuilles passées sont clôturées",
                "Une feuille ouverte ne prouve aucune heure : elle apparaît ici tant qu’elle n’est pas clôturée.",
                noun="feuille", empty_url=link("sessions"), empty_link="Voir les sessions",
            ),
            _claims_board(Claim.objects.filter(organisation__in=mine), "Dernières demandes de paiement"),
        ),
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
        "Une demande se construit à partir des preuves d’une période ; ses états s’affichent ici.",
        noun="demande", more_url=link("claims"), more="Toutes les demandes",
        empty_url=link("claim_new"), empty_link="Préparer une demande",
    )  # fmt: skip


def author_home(user: User, now: datetime) -> Desk:
    """The versions published, and the way to the editor."""
    mine = user.rights.organisations_as(Role.AUTHOR)
    versions = (
        PathVersion.objects.known()
        .filter(path__organisation__in=mine)
        .select_related("path")
        .annotate(learners=Count("enrolments", filter=Q(enrolments__superseded_at=None)))
    )
    latest = list(versions.order_by("-known_at")[:8])
    return Desk(
        role=Role.AUTHOR.label,
        question="Qu’ai-je publié, et pour qui ?",
        lead="Une version publiée est figée : chaque inscription y reste liée.",
        action="Ouvrir l’éditeur de contenus",
        action_url=link("wagtailadmin_home"),
        boards=(
            Board(
                "Versions publiées",
                ("Parcours", "Version", "Publiée le", numeric("Inscrits")),
                tuple(
                    (v.path.title, f"version {v.number}", french_date(v.known_at.astimezone(PARIS).date()),
                     amount(number(v.learners)))
                    for v in latest
                ),
                "Aucune version publiée",
                "Rédigez un parcours et ses modules dans l’éditeur, puis publiez : la version figée s’affichera ici.",
                noun="version", empty_url=link("wagtailadmin_home"), empty_link="Ouvrir l’éditeur",
            ),
        ),
    )  # fmt: skip


def jury_home(user: User, now: datetime) -> Desk:
    """The sessions where one sits, with what is left to judge."""
    sessions = (
        ExamSession.objects.known()
        .filter(members__user=user, members__superseded_at=None)
        .select_related("centre", "block")
        .annotate(
            candidates=Count("sittings", filter=Q(sittings__superseded_at=None), distinct=True),
            decided=Count(
                "sittings__decisions",
                filter=Q(sittings__decisions__superseded_at=None, sittings__superseded_at=None),
                distinct=True,
            ),
        )
        .order_by("-opens_at")
    )
    rows = list(sessions[:8])
    left = sum(max(0, s.candidates - s.decided) for s in rows if s.closes_at >= now)
    return Desk(
        role=Role.JURY_MEMBER.label,
        question="Qui dois-je évaluer ?",
        action="Mes sessions d’examen",
        action_url=link("jury_sessions"),
        figures=(Figure(number(left), "Candidats à évaluer", link("jury_sessions"), "sessions ouvertes ou à venir"),),
        boards=(
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
                    for s in rows
                ),
                "Aucune session d’examen",
                "Le responsable du programme vous nomme membre d’un jury : ses sessions s’afficheront ici.",
                noun="session",
            ),
        ),
    )  # fmt: skip
