"""What a training organisation may claim over a period, and what blocks the rest, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from certification.completion.models import CertificateEvidence, CompletionCertificate
from certification.funding.enums import ClaimState, PriceItem
from certification.funding.models import Claim, ClaimLine, PurchaseOrder, UnitPrice
from certification.funding.rules import (
    PROVING_CLASSES,
    RETAKE_AFTER,
    TRAINING_KINDS,
    Proof,
    Window,
    amount,
    certification_refusal,
    claimed_sentence,
    training_refusal,
)
from certification.juries.enums import Outcome
from certification.juries.models import JuryDecision, JuryReport
from certification.juries.queries import reported_seals
from certification.programme.models import FundingRight
from courses.models import Adviser, AttendanceMark, Evidence, TrainingOrganisation
from courses.shared.clock import PARIS


@dataclass(frozen=True)
class ClaimableLine:
    """One proof as it would stand in a claim; `reason_blocked` says why it may not."""

    item: PriceItem
    learner: Adviser
    label: str
    valid_on: date
    minutes: int
    price: UnitPrice | None
    amount_cents: int
    evidence: Evidence | None = None
    decision: JuryDecision | None = None
    certificate: CompletionCertificate | None = None
    reason_blocked: str = ""
    claimed_in: str = ""


def orders_of(organisation: TrainingOrganisation) -> QuerySet[PurchaseOrder]:
    """The orders on which this organisation may claim, latest first."""
    return (
        PurchaseOrder.objects.known()
        .filter(lot__contract__organisation=organisation)
        .select_related("lot__contract")
        .order_by("-valid_on", "-pk")
    )


def default_order(organisation: TrainingOrganisation, start: date, end: date) -> PurchaseOrder | None:
    """The latest order placed before the end of the period, inside its contract; else the latest of all."""
    orders = orders_of(organisation)
    open_contract = Q(lot__contract__end=None) | Q(lot__contract__end__gte=start)
    return (
        orders.filter(open_contract, valid_on__lte=end, lot__contract__start__lte=end).first()
        or orders.first()
    )


def accepted_cents(order: PurchaseOrder) -> int:
    """What the live claims of an order already take from its committed amount."""
    claims = Claim.objects.filter(order=order).exclude(state=ClaimState.CANCELLED)
    return claims.aggregate(total=Sum("total_cents"))["total"] or 0


class _Market:
    """One order, with the prices of its lot."""

    def __init__(self, order: PurchaseOrder | None) -> None:
        self.prices = (
            list(UnitPrice.objects.known().filter(lot=order.lot_id).order_by("-start")) if order else []
        )
        contract = order.lot.contract if order else None
        self.window = (
            Window(order.number, order.valid_on, contract.number, contract.start, contract.end)
            if order and contract
            else None
        )

    def price(self, item: PriceItem, day: date) -> UnitPrice | None:
        """The price in force on a day."""
        return next(
            (p for p in self.prices if p.item == item and p.start <= day and (p.end is None or day <= p.end)),
            None,
        )


def claimable(
    organisation: TrainingOrganisation, start: date, end: date, order: PurchaseOrder | None = None
) -> list[ClaimableLine]:
    """Every proof of the period, both days included: those that may be billed, and those that may not and why.

    Without `order`, the latest one of the organisation gives dates and prices.
    """
    market = _Market(order or default_order(organisation, start, end))
    return [
        *_training(organisation, start, end, market),
        *_certifications(organisation, start, end, market),
        *_open_sheets(organisation, start, end),
    ]


def _claimed(lines: Iterable[ClaimLine], key: str) -> dict[int, str]:
    """Proof → « déjà facturée dans la demande N (date) »."""
    return {
        getattr(line, key): claimed_sentence(
            line.claim.number, line.claim.prepared_at.astimezone(PARIS).date()
        )
        for line in lines
    }


def _minutes_by_path(rows: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
    return {(adviser, path): minutes for adviser, path, minutes in rows}


def _training(
    organisation: TrainingOrganisation, start: date, end: date, market: _Market
) -> list[ClaimableLine]:
    proving = Evidence.objects.known().filter(
        enrolment__path__organisation=organisation, evidence_class__in=PROVING_CLASSES, minutes__gt=0
    )
    found = list(
        proving.filter(valid_on__range=(start, end))
        .select_related("enrolment__adviser__user", "enrolment__path", "module", "activity")
        .order_by("valid_on", "pk")
    )
    enrolments = {evidence.enrolment_id for evidence in found}
    rights = {r.enrolment_id: r for r in FundingRight.objects.known().filter(enrolment__in=enrolments)}
    quoting = CertificateEvidence.objects.filter(evidence__in=found, certificate__superseded_at=None)
    certificates = {link.evidence_id: link.certificate for link in quoting.select_related("certificate")}
    live = ClaimLine.objects.known()
    claimed = _claimed(live.filter(evidence__in=found).select_related("claim"), "evidence_id")
    key = ("enrolment__adviser", "enrolment__path")
    proved = _minutes_by_path(
        proving.filter(kind__in=TRAINING_KINDS).order_by().values_list(*key).annotate(total=Sum("minutes"))
    )
    billed = _minutes_by_path(
        live.filter(evidence__enrolment__path__organisation=organisation)
        .order_by()
        .values_list(*(f"evidence__{name}" for name in key))
        .annotate(total=Sum("minutes"))
    )
    lines = []
    for evidence in found:
        enrolment, right = evidence.enrolment, rights.get(evidence.enrolment_id)
        whose = (enrolment.adviser_id, enrolment.path_id)
        price = market.price(PriceItem.TRAINING_HOUR, evidence.valid_on)
        certificate = certificates.get(evidence.pk)
        refusal = training_refusal(
            Proof(
                day=evidence.valid_on,
                minutes=evidence.minutes,
                kind=evidence.kind,
                right_granted=right.granted if right else None,
                has_certificate=certificate is not None,
                claimed_in=claimed.get(evidence.pk, ""),
                window=market.window,
                has_price=price is not None,
                billed_minutes=billed.get(whose, 0),
                proved_minutes=proved.get(whose, 0),
                ceiling_minutes=right.ceiling_minutes if right else 0,
            )
        )
        if not refusal:
            billed[whose] = billed.get(whose, 0) + evidence.minutes
        lines.append(
            ClaimableLine(
                item=PriceItem.TRAINING_HOUR,
                learner=enrolment.adviser,
                label=f"{evidence.get_kind_display()} – {evidence.activity.title} ({evidence.module.title})",
                valid_on=evidence.valid_on,
                minutes=evidence.minutes,
                price=price,
                amount_cents=amount(evidence.minutes, price.cents) if price else 0,
                evidence=evidence,
                certificate=certificate,
                reason_blocked=refusal,
                claimed_in=claimed.get(evidence.pk, ""),
            )
        )
    return lines


def _certifications(
    organisation: TrainingOrganisation, start: date, end: date, market: _Market
) -> list[ClaimableLine]:
    """Favourable decisions of candidates trained here; without training (VAE), of the exam centre."""
    acquired = JuryDecision.objects.known().filter(outcome=Outcome.ACQUIRED)
    mine = Q(sitting__candidacy__enrolment__path__organisation=organisation) | Q(
        sitting__candidacy__enrolment=None, sitting__exam_session__centre=organisation
    )
    found = list(
        acquired.filter(mine, valid_on__range=(start, end))
        .select_related(
            "sitting__candidacy__adviser__user", "sitting__candidacy__block", "sitting__exam_session"
        )
        .order_by("valid_on", "pk")
    )
    claimed = _claimed(
        ClaimLine.objects.known().filter(decision__in=found).select_related("claim"), "decision_id"
    )
    lines = []
    for decision in found:
        candidacy = decision.sitting.candidacy
        same = JuryDecision.objects.known().filter(
            sitting__candidacy__adviser=candidacy.adviser_id, sitting__candidacy__block=candidacy.block_id
        )
        earlier = same.filter(
            Q(valid_on__lt=decision.valid_on) | Q(valid_on=decision.valid_on, pk__lt=decision.pk)
        )
        already = ClaimLine.objects.known().filter(decision__in=same.exclude(pk=decision.pk).values("pk"))
        price = market.price(PriceItem.FIRST_CERTIFICATION, decision.valid_on)
        lines.append(
            ClaimableLine(
                item=PriceItem.FIRST_CERTIFICATION,
                learner=candidacy.adviser,
                label=f"Première certification – {candidacy.block} (session {decision.sitting.exam_session})",
                valid_on=decision.valid_on,
                minutes=0,
                price=price,
                amount_cents=price.cents if price else 0,
                decision=decision,
                reason_blocked=certification_refusal(
                    day=decision.valid_on,
                    claimed_in=claimed.get(decision.pk, ""),
                    validated=_validated(decision),
                    retake=earlier.filter(outcome__in=RETAKE_AFTER).exists(),
                    first=not earlier.filter(outcome=Outcome.ACQUIRED).exists() and not already.exists(),
                    window=market.window,
                    has_price=price is not None,
                ),
                claimed_in=claimed.get(decision.pk, ""),
            )
        )
    return lines


def _validated(decision: JuryDecision) -> bool:
    """A validated report that froze this very decision makes it take effect."""
    reports = JuryReport.objects.filter(
        exam_session=decision.sitting.exam_session_id,
        validation__isnull=False,
        validation__superseded_at=None,
    )
    return any(reported_seals(report).get(str(decision.public_id)) == decision.seal for report in reports)


def _open_sheets(organisation: TrainingOrganisation, start: date, end: date) -> list[ClaimableLine]:
    """Learners expected or present on sheets that nobody has closed yet: hours that prove nothing so far."""
    marks = (
        AttendanceMark.objects.filter(
            sheet__session__module__organisation=organisation,
            sheet__closed_at=None,
            sheet__day__range=(start, end),
        )
        .exclude(presence__in=("absent", "excused"))
        .select_related("adviser__user", "sheet__session")
        .order_by("sheet__day", "pk")
    )
    return [
        ClaimableLine(
            item=PriceItem.TRAINING_HOUR,
            learner=mark.adviser,
            label=f"Présence – {mark.sheet.session.title} ({mark.sheet.get_half_day_display()})",
            valid_on=mark.sheet.day,
            minutes=mark.sheet.minutes,
            price=None,
            amount_cents=0,
            reason_blocked="Feuille d’émargement non clôturée : le formateur doit la clôturer.",
        )
        for mark in marks
    ]
