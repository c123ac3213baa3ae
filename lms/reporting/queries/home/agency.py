"""The desks of the State: programme, audit, service fait, payment, prefecture, ministry."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum

from certification import api as certification
from certification.models import Candidacy, Claim, ExamSession, JuryReport, PixResult
from cms import api as cms
from courses.api import Role
from courses.models import Adviser, Committee, Post, PostAssignment, PostAttachment, User
from courses.shared.clock import PARIS
from courses.templatetags.lms_format import euros, french_date, number
from lms.reporting.enums import Stage
from lms.reporting.links import link
from lms.reporting.queries.satisfaction import satisfaction_figure

from .desk import Board, Desk, Figure, age, amount, numeric, state, to
from .organisation import approvals_board


def _today(now: datetime) -> date:
    return now.astimezone(PARIS).date()


def _persons(stage: Stage, **narrower: str) -> str:
    return f"{link('persons')}?{urlencode({'etape': stage.value, **narrower})}"


def ministry_home(user: User, now: datetime) -> Desk:
    """Reports that wait for a validation: until then their decisions have no effect."""
    waiting = (
        JuryReport.objects.known()
        .filter(validation=None)
        .select_related("exam_session__centre", "exam_session__block")
        .order_by("valid_on")
    )
    rows = list(waiting[:10])
    return Desk(
        role=Role.MINISTRY_REPRESENTATIVE.label,
        question="Quels procès-verbaux attendent ma validation\u00a0?",
        lead="Une décision de jury prend effet quand son procès-verbal est validé.",
        action="Procès-verbaux",
        action_url=link("jury_reports"),
        figures=(Figure(number(len(rows)), "Procès-verbaux à valider", link("jury_reports"), tone="info"),),
        boards=(
            Board(
                "Procès-verbaux à valider",
                ("Session", "Centre", "Établi le", "État"),
                tuple(
                    (
                        to(f"{r.exam_session.reference} – {r.exam_session.block.code}",
                           link("exam_session", r.exam_session.public_id)),
                        str(r.exam_session.centre),
                        french_date(r.valid_on),
                        state("waiting", "En attente du ministère"),
                    )
                    for r in rows
                ),
                "Aucun procès-verbal en attente",
                "Un jury établit son procès-verbal en fin de session\u00a0; il s’affiche ici jusqu’à votre validation.",
                noun="procès-verbal",
            ),
        ),
    )  # fmt: skip


def programme_home(user: User, now: datetime) -> Desk:
    """Posts, advisers, and what waits: juries to hold, Pix results to record."""
    today = _today(now)
    reserved = Post.objects.known().count()
    attached = PostAttachment.objects.as_of(today).values("post").distinct().count()
    in_post = PostAssignment.objects.as_of(today).count()
    committees = Committee.objects.known().order_by("-valid_on").annotate(
        reserved=Count("posts", filter=Q(posts__superseded_at=None))
    )  # fmt: skip
    results = PixResult.objects.known().values("candidacy")
    without_pix = Candidacy.objects.known().filter(block__code="PIX").exclude(pk__in=results)
    to_record = list(without_pix.select_related("adviser__user").order_by("known_at", "pk"))
    waiting, opinion = cms.pages_to_approve(user), satisfaction_figure(user)
    coming = list(
        ExamSession.objects.known()
        .filter(closes_at__gte=now)
        .select_related("block", "centre")
        .order_by("opens_at")[:5]
    )
    return Desk(
        role=Role.PROGRAMME_MANAGER.label,
        question="Où en est le programme\u00a0?",
        action="Vue nationale",
        action_url=link("national"),
        figures=(
            Figure(number(reserved), "Postes réservés", link("post_funding") or link("committees"),
                   f"dont {number(reserved - attached)} sans structure"),
            Figure(number(in_post), "Conseillers en poste", _persons(Stage.IN_POST)),
            Figure(number(len(certification.certified_advisers(today))), "Conseillers certifiés",
                   _persons(Stage.CERTIFIED), tone="success"),
            Figure(number(len(to_record)), "Résultats Pix à enregistrer", link("pix_results")),
            Figure(number(len(waiting)), "Pages à approuver", "#accords", "parcours nationaux"),
            Figure(opinion.text, "Satisfaction sur 5", link("satisfaction"), opinion.detail),
        ),
        boards=(
            approvals_board(waiting, now, "accords"),
            Board(
                "Résultats Pix à enregistrer",
                ("Conseiller", "Candidat depuis"),
                tuple((to(str(c.adviser), link("pix_results")), age(c.known_at, now)) for c in to_record[:5]),
                "Aucun résultat Pix à enregistrer",
                "Un conseiller candidat à Pix attend ici son résultat officiel, le plus ancien d’abord.",
                noun="conseiller", count=len(to_record), more_url=link("pix_results"), more="Tous les résultats",
            ),
            Board(
                "Sessions d’examen ouvertes ou à venir",
                ("Session", "Centre", "Dates"),
                tuple(
                    (to(f"{s.reference} – {s.block.code}", link("exam_session", s.public_id)), str(s.centre),
                     f"{french_date(s.opens_at)} au {french_date(s.closes_at)}")
                    for s in coming
                ),
                "Aucune session d’examen à venir",
                "Ouvrez une session dans un centre agréé, nommez son jury, puis convoquez les candidats.",
                noun="session", empty_url=link("jury_sessions"), empty_link="Sessions d’examen",
            ),
            Board(
                "Derniers comités de sélection",
                ("Comité", "Vague", "Date", numeric("Postes")),
                tuple(
                    (to(c.code, link("committee", c.code)), c.wave, french_date(c.valid_on), amount(number(c.reserved)))
                    for c in committees[:5]
                ),
                "Aucun comité enregistré",
                "Un comité réserve des postes\u00a0; enregistrez son fichier pour les rattacher aux structures.",
                noun="comité", more_url=link("committees"), more="Tous les comités",
                empty_url=link("committee_new"), empty_link="Enregistrer un comité",
            ),
        ),
    )  # fmt: skip


def auditor_home(user: User, now: datetime) -> Desk:
    """The national figures of today, and the two ways on: the view and the files."""
    today = _today(now)
    in_post = PostAssignment.objects.as_of(today).count()
    paid = Claim.objects.filter(state="paid").aggregate(total=Sum("total_cents"))["total"] or 0
    opinion = satisfaction_figure(user)
    return Desk(
        role=Role.AUDITOR.label,
        question="Que puis-je prouver aujourd’hui\u00a0?",
        lead="Chaque chiffre mène à sa liste, chaque liste à la personne, chaque personne à la preuve.",
        action="Vue nationale",
        action_url=link("national"),
        figures=(
            Figure(number(in_post), "Conseillers en poste", _persons(Stage.IN_POST)),
            Figure(number(len(certification.certified_advisers(today))), "Conseillers certifiés",
                   _persons(Stage.CERTIFIED), tone="success"),
            Figure(euros(paid), "Payé aux organismes", link("claims")),
            Figure(opinion.text, "Satisfaction sur 5", link("satisfaction"), opinion.detail),
            Figure("Dossier", "Dossier d’audit", link("audit_pack"), "CSV, XLSX et empreintes SHA-256"),
        ),
    )  # fmt: skip


def _queue(claims: QuerySet[Claim], since: str, now: datetime, caption: str, empty: tuple[str, str]) -> Board:
    rows = claims.select_related("organisation").order_by(since)[:10]
    return Board(
        caption,
        ("Demande", "Organisme", "Depuis", numeric("Montant")),
        tuple(
            (
                to(claim.number, link("claim", claim.public_id)),
                str(claim.organisation),
                age(getattr(claim, since), now),
                amount(euros(claim.total_cents)),
            )
            for claim in rows
        ),
        *empty,
        noun="demande",
        more_url=link("claims"),
        more="Toutes les demandes",
    )


def _claims_desk(
    role: Role,
    question: str,
    stage: str,
    since: str,
    route: str,
    words: tuple[str, str, str, str],
    now: datetime,
) -> Desk:
    caption, label, empty_title, empty_text = words
    claims = Claim.objects.filter(state=stage)
    totals = claims.aggregate(count=Count("pk"), total=Sum("total_cents"))
    paid = Claim.objects.filter(state="paid").aggregate(total=Sum("total_cents"))["total"] or 0
    url = link(route) or link("claims")
    return Desk(
        role=role.label,
        question=question,
        action=label,
        action_url=url,
        figures=(
            Figure(number(totals["count"]), "Demandes en attente", url),
            Figure(euros(totals["total"] or 0), "Montant en attente", url),
            Figure(euros(paid), "Payé aux organismes", link("claims"), "France entière, depuis le début"),
        ),
        boards=(_queue(claims, since, now, caption, (empty_title, empty_text)),),
    )


def certifier_home(user: User, now: datetime) -> Desk:
    """Claims handed in, the oldest first."""
    words = (
        "Demandes à contrôler", "File du service fait", "Aucune demande à contrôler",
        "Une demande déposée par un organisme s’affichera ici jusqu’à votre attestation du service fait.",
    )  # fmt: skip
    question = "Quels services faits dois-je attester\u00a0?"
    return _claims_desk(
        Role.SERVICE_CERTIFIER, question, "submitted", "submitted_at", "claims_to_certify", words, now
    )


def payer_home(user: User, now: datetime) -> Desk:
    """Claims whose service is certified, the oldest first."""
    words = (
        "Demandes à payer", "File des paiements", "Aucune demande à payer",
        "Une demande dont le service fait est attesté s’affichera ici jusqu’à son paiement.",
    )  # fmt: skip
    question = "Quelles demandes dois-je payer\u00a0?"
    return _claims_desk(Role.PAYER, question, "certified", "certified_at", "claims_to_pay", words, now)


def prefect_home(user: User, now: datetime) -> Desk:
    """The advisers of one’s département."""
    today = _today(now)
    seen = set(Adviser.objects.visible_to(user).values_list("pk", flat=True))
    certified = len(seen & set(certification.certified_advisers(today)))
    codes = sorted(user.rights.departements)
    return Desk(
        role=Role.PREFECT.label,
        question="Où en sont les conseillers de mon département\u00a0?",
        lead=f"Département{'s' if len(codes) > 1 else ''}\u00a0: {', '.join(codes)}.",
        action="Voir mon département",
        action_url=link("national"),
        figures=(
            Figure(number(len(seen)), "Conseillers en poste", _persons(Stage.IN_POST)),
            Figure(number(certified), "Conseillers certifiés", _persons(Stage.CERTIFIED), tone="success"),
        ),
    )  # fmt: skip
