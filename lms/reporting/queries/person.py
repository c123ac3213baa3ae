"""One person at a moment: the header that says where he stands, and one timeline of what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from certification import api as certification
from certification.models import (
    Candidacy,
    ClaimLine,
    CompletionCertificate,
    Credential,
    CredentialRevocation,
    FundingRight,
    JuryDecision,
    Payment,
    PixResult,
    ReportValidation,
    ServiceCertification,
    Sitting,
)
from courses.api import host_structure_of
from courses.models import Adviser, Enrolment, Evidence, PostAssignment, VersionAdoption
from courses.shared.durations import spoken
from courses.templatetags.lms_format import euros
from lms.reporting.enums import ItemKind
from lms.reporting.rules import Moment


@dataclass(frozen=True)
class TimelineItem:
    """One row of the past, with the page that proves it."""

    valid_on: date
    known_at: datetime
    kind: str
    title: str
    url: str
    hash: str
    text: str = ""
    evidence_class: str = ""
    link: str = "Ouvrir la preuve"


@dataclass(frozen=True)
class PersonView:
    """The whole screen."""

    adviser: Adviser
    structure: str
    departement: str
    status: Any
    parts: tuple[dict[str, Any], ...]
    items: tuple[TimelineItem, ...]
    counts: dict[str, int]


def person_view(*, adviser: Adviser, moment: Moment, kinds: frozenset[str] = frozenset()) -> PersonView:
    """Status and timeline; `kinds` keeps some colours only (all when empty)."""
    status = certification.certification_status(adviser, as_of=moment.as_of, known_at=moment.known_at)
    structure = host_structure_of(adviser, moment.as_of, moment.known_at)
    items = sorted(_items(adviser, moment), key=lambda item: (item.valid_on, item.known_at), reverse=True)
    counts = {kind: sum(item.kind == kind for item in items) for kind in ItemKind.values}
    return PersonView(
        adviser=adviser,
        structure=structure.name if structure else "",
        departement=str(structure.departement) if structure and structure.departement else "",
        status=status,
        parts=tuple({"part": part, "badge": PART_BADGES.get(part.state, "todo")} for part in status.parts),
        items=tuple(item for item in items if not kinds or item.kind in kinds),
        counts=counts,
    )


# State of a part → the badge of the shared look.
PART_BADGES = {
    "not_candidate": "todo",
    "candidate": "in_progress",
    "summoned": "planned",
    "awaiting_validation": "waiting",
    "refused": "refused",
    "acquired": "passed",
}


def fact_url(row: Any) -> str:
    return reverse("fact", args=[row._meta.label_lower, row.pk])


def _item(row: Any, kind: str, title: str, text: str = "", evidence_class: str = "") -> TimelineItem:
    return TimelineItem(
        valid_on=getattr(row, "valid_on", None) or row.start,
        known_at=row.known_at,
        kind=kind,
        title=title,
        text=text,
        url=fact_url(row),
        hash=row.seal,
        evidence_class=evidence_class,
    )


def _items(adviser: Adviser, moment: Moment) -> Iterator[TimelineItem]:
    yield from _career(adviser, moment)
    yield from _training(adviser, moment)
    yield from _certification(adviser, moment)
    yield from _money(adviser, moment)


def _career(adviser: Adviser, moment: Moment) -> Iterator[TimelineItem]:
    assignments = PostAssignment.objects.known(moment.known_at).filter(
        adviser=adviser, start__lte=moment.as_of
    )
    for row in assignments.select_related("post"):
        until = f" jusqu’au {row.end:%d/%m/%Y}" if row.end else ""
        yield _item(row, ItemKind.FACT, f"Affectation sur le poste {row.post.number}{until}")


def _training(adviser: Adviser, moment: Moment) -> Iterator[TimelineItem]:
    day, known_at = moment.as_of, moment.known_at
    enrolments = Enrolment.objects.as_of(day, known_at).filter(adviser=adviser)
    for row in enrolments.select_related("path__organisation", "path_version"):
        text = f"{row.path.organisation.name}, version {row.path_version.number}"
        yield _item(row, ItemKind.FACT, f"Inscription : {row.path.title}", text)
    adoptions = VersionAdoption.objects.as_of(day, known_at).filter(enrolment__adviser=adviser)
    for adoption in adoptions.select_related("path_version__path"):
        text = f"version {adoption.path_version.number}, acceptée par le conseiller"
        yield _item(
            adoption, ItemKind.FACT, f"Changement de version : {adoption.path_version.path.title}", text
        )
    evidence = Evidence.objects.as_of(day, known_at).filter(enrolment__adviser=adviser)
    for proof in evidence.select_related("activity", "module"):
        counted = f"{spoken(proof.minutes)} prouvées" if proof.minutes else "aucune durée comptée"
        text = f"{proof.module.title}, {counted}"
        if proof.score_percent is not None:
            text += f", score {proof.score_percent} %"
        title = f"{proof.get_kind_display()} : {proof.activity.title}"
        yield _item(proof, ItemKind.EVIDENCE, title, text, proof.evidence_class)
    certificates = CompletionCertificate.objects.as_of(day, known_at).filter(enrolment__adviser=adviser)
    for paper in certificates.select_related("module"):
        title = f"Certificat de réalisation {paper.number}"
        yield _item(paper, ItemKind.DECISION, title, f"{paper.module.title}, {spoken(paper.minutes)}")


def _certification(adviser: Adviser, moment: Moment) -> Iterator[TimelineItem]:
    day, known_at = moment.as_of, moment.known_at
    for candidacy in Candidacy.objects.as_of(day, known_at).filter(adviser=adviser).select_related("block"):
        text = f"voie : {candidacy.get_route_display()}"
        yield _item(candidacy, ItemKind.FACT, f"Candidature : {candidacy.block.code}", text)
    sittings = Sitting.objects.as_of(day, known_at).filter(candidacy__adviser=adviser)
    for sitting in sittings.select_related("exam_session"):
        yield _item(sitting, ItemKind.FACT, f"Convocation à la session {sitting.exam_session.reference}")
    decisions = JuryDecision.objects.as_of(day, known_at).filter(sitting__candidacy__adviser=adviser)
    for decision in decisions.select_related("sitting__candidacy__block", "sitting__exam_session"):
        block = decision.sitting.candidacy.block.code
        text = f"session {decision.sitting.exam_session.reference}, règle {decision.rule}"
        if decision.correction_reason:
            text += f" ; corrige une décision antérieure : {decision.correction_reason}"
        title = f"Décision du jury, {block} : {decision.get_outcome_display()}"
        yield _item(decision, ItemKind.DECISION, title, text, "E3")
    sessions = {decision.sitting.exam_session_id for decision in decisions}
    validations = ReportValidation.objects.as_of(day, known_at).filter(report__exam_session__in=sessions)
    for validation in validations.select_related("report__exam_session"):
        reference = validation.report.exam_session.reference
        yield _item(
            validation, ItemKind.DECISION, f"Procès-verbal de la session {reference} validé par le ministère"
        )
    for result in PixResult.objects.as_of(day, known_at).filter(candidacy__adviser=adviser):
        title = f"Pix : certification {result.get_status_display().lower()}, {result.score} pix"
        text = f"{result.get_origin_display()}, {result.origin_reference}"
        yield _item(result, ItemKind.DECISION, title, text, "E4")
    for credential in Credential.objects.as_of(day, known_at).filter(adviser=adviser):
        yield _item(
            credential, ItemKind.DECISION, "Attestation de certification délivrée", f"code {credential.code}"
        )
    revocations = CredentialRevocation.objects.as_of(day, known_at).filter(credential__adviser=adviser)
    for revocation in revocations:
        yield _item(revocation, ItemKind.DECISION, "Attestation révoquée", f"motif : {revocation.reason}")


def _money(adviser: Adviser, moment: Moment) -> Iterator[TimelineItem]:
    day, known_at = moment.as_of, moment.known_at
    rights = FundingRight.objects.as_of(day, known_at).filter(adviser=adviser)
    for right in rights.select_related("rule_set"):
        word = "accordé" if right.granted else "refusé"
        text = f"règle {right.rule}, {right.rule_set} ; plafond {spoken(right.ceiling_minutes)}"
        yield _item(right, ItemKind.MONEY, f"Droit à financement {word}", text)
    mine = Q(evidence__enrolment__adviser=adviser) | Q(decision__sitting__candidacy__adviser=adviser)
    claims = {}
    for line in ClaimLine.objects.as_of(day, known_at).filter(mine).select_related("claim"):
        claims[line.claim_id] = line.claim
        title = f"{euros(line.amount_cents)} demandés, demande {line.claim.number}"
        unit = spoken(line.minutes) if line.minutes else line.get_item_display()
        yield _item(line, ItemKind.MONEY, title, unit)
    for certified in ServiceCertification.objects.as_of(day, known_at).filter(claim__in=claims):
        title = f"Service fait attesté, demande {claims[certified.claim_id].number}"
        yield _item(
            certified, ItemKind.MONEY, title, f"{euros(certified.amount_cents)} pour la demande entière"
        )
    for payment in Payment.objects.as_of(day, known_at).filter(claim__in=claims):
        title = f"Paiement {payment.reference}, demande {claims[payment.claim_id].number}"
        yield _item(payment, ItemKind.MONEY, title, f"{euros(payment.amount_cents)} pour la demande entière")
