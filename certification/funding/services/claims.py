"""The life of a claim: prepare, hand in, send back, certify, pay, cancel. Each act locks, checks, changes, traces."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from certification.funding import permissions
from certification.funding.enums import CLAIM_WORKFLOW, ClaimState, LedgerKind
from certification.funding.errors import (
    ClaimContentError,
    EvidenceAlreadyClaimedError,
    OrderExceededError,
    SeparationOfDutiesError,
    StaleProofError,
)
from certification.funding.models import (
    Claim,
    ClaimLine,
    ClaimReturn,
    Payment,
    PurchaseOrder,
    ServiceCertification,
)
from certification.funding.queries.claimable import ClaimableLine, accepted_cents, claimable
from certification.funding.queries.claims import lines_file, proofs_hold
from certification.funding.rules import (
    claimed_sentence,
    french_euros,
    payable_account,
    training_account,
    treasury_account,
)
from certification.programme.models import FundingRight
from courses.api import audit
from courses.models import AuditChain, Enrolment, TrainingOrganisation, User
from courses.shared import canonical
from courses.shared.clock import PARIS
from courses.shared.errors import ConflictError
from courses.shared.refusals import from_integrity_error

from .ledger import post_entries


@transaction.atomic
def build_claim(
    *,
    organisation: TrainingOrganisation,
    order: PurchaseOrder,
    start: date,
    end: date,
    actor: User,
    at: datetime,
) -> Claim:
    """Prepare a draft with every line that may be billed over the period, within the order’s committed amount.

    The order and the rights of the learners are locked first, so that two managers at once cannot pass a ceiling;
    the unique constraint on proofs stands behind, whatever the order or the organisation.
    """
    if end < start:
        raise ClaimContentError("La fin de la période précède son début.", field="end")
    locked = _lock_order(order.pk)
    if locked.lot.contract.organisation_id != organisation.pk:
        raise ClaimContentError("Ce bon de commande n’est pas celui de votre organisme.", field="order")
    _lock_rights(organisation)
    lines = claimable(organisation, start, end, locked)
    free = [line for line in lines if not line.reason_blocked]
    if not free:
        raise _nothing_to_claim(lines)
    total = sum(line.amount_cents for line in free)
    left = locked.committed_cents - accepted_cents(locked)
    if total > left:
        raise OrderExceededError(
            f"Cette demande s’élève à {french_euros(total)} ; il reste {french_euros(max(left, 0))} "
            f"sur le bon de commande {locked.number}.",
            field="order",
        )
    claim = Claim.objects.create(
        number=_next_number(at.astimezone(PARIS).year),
        organisation=organisation,
        order=locked,
        start=start,
        end=end,
        total_cents=total,
        prepared_by=actor,
        prepared_at=at,
    )
    write_lines(claim, free, at)
    after = {
        "number": claim.number,
        "order": locked.number,
        "start": start,
        "end": end,
        "lines": len(free),
        "total_cents": total,
    }
    audit.record("funding.claim.build", actor=actor, target=claim, at=at, after=after)
    return claim


def _lock_order(order_id: int) -> PurchaseOrder:
    orders = PurchaseOrder.objects.known().select_related("lot__contract")
    return orders.select_for_update(of=("self",), no_key=True).get(pk=order_id)


def _lock_rights(organisation: TrainingOrganisation) -> None:
    """The parents of the ceilings, in key order (R-18)."""
    enrolments = Enrolment.objects.filter(path__organisation=organisation).values("pk")
    rights = FundingRight.objects.known().filter(enrolment__in=enrolments).order_by("pk")
    list(rights.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _nothing_to_claim(lines: Sequence[ClaimableLine]) -> ClaimContentError | EvidenceAlreadyClaimedError:
    if claimed := next((line.claimed_in for line in lines if line.claimed_in), ""):
        return EvidenceAlreadyClaimedError(
            f"{claimed} Une preuve ne peut pas être facturée deux fois.", field="start"
        )
    if lines:
        return ClaimContentError(
            f"Aucune ligne n’est facturable sur cette période. {lines[0].reason_blocked}", field="start"
        )
    return ClaimContentError("Aucune preuve n’a été enregistrée sur cette période.", field="start")


def _next_number(year: int) -> str:
    """Claims queue behind the chain that their audit entry needs anyway: no number is skipped or doubled."""
    AuditChain.objects.select_for_update().filter(name="money").first()
    prefix = f"DP-{year}-"
    last = Claim.objects.filter(number__startswith=prefix).aggregate(last=Max("number"))["last"]
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"


def write_lines(claim: Claim, lines: Sequence[ClaimableLine], at: datetime) -> None:
    """Write the lines in the order of their proofs; a proof that another claim holds is refused by the database."""
    line = lines[0]
    try:
        with transaction.atomic():
            for line in sorted(lines, key=_proof_order):
                if line.price is None:
                    raise ClaimContentError("Une ligne sans prix ne se facture pas.")
                ClaimLine.objects.create(
                    claim=claim,
                    item=line.item,
                    evidence=line.evidence,
                    certificate=line.certificate,
                    decision=line.decision,
                    minutes=line.minutes,
                    price=line.price,
                    amount_cents=line.amount_cents,
                    valid_on=line.valid_on,
                    known_at=at,
                )
    except IntegrityError as error:
        message = from_integrity_error(error)
        if message is None:
            raise
        raise EvidenceAlreadyClaimedError(_where_claimed(line) or message, field="start") from error


def _proof_order(line: ClaimableLine) -> tuple[int, int]:
    proof = line.evidence or line.decision
    return (0 if line.evidence else 1, proof.pk if proof else 0)


def _where_claimed(line: ClaimableLine) -> str:
    """Which other claim holds the proof."""
    lines = ClaimLine.objects.known().filter(evidence=line.evidence, decision=line.decision)
    other = lines.select_related("claim").first()
    if other is None:
        return ""
    day = other.claim.prepared_at.astimezone(PARIS).date()
    return f"{claimed_sentence(other.claim.number, day)} Une preuve ne peut pas être facturée deux fois."


def _lock_claim(claim_id: int) -> Claim:
    claims = Claim.objects.select_related("organisation", "order__lot__contract")
    return claims.select_for_update(of=("self",), no_key=True).get(pk=claim_id)


@transaction.atomic
def submit_claim(*, claim_id: int, actor: User, at: datetime) -> Claim:
    """Hand in a draft: from now on no line changes, and the fingerprint of its file says so."""
    claim = _lock_claim(claim_id)
    CLAIM_WORKFLOW.take("submit", claim)
    _refuse_corrected(claim)
    claim.submitted_at = at
    claim.lines_hash = canonical.sha256(lines_file(claim))
    claim.save(update_fields=["state", "submitted_at", "lines_hash"])
    after = {"state": claim.state, "lines_hash": claim.lines_hash, "total_cents": claim.total_cents}
    audit.record("funding.claim.submit", actor=actor, target=claim, at=at, after=after)
    return claim


@transaction.atomic
def return_claim(*, claim_id: int, reason: str, actor: User, at: datetime) -> Claim:
    """Send a claim back to its organisation, which cancels it and prepares another."""
    claim = _lock_claim(claim_id)
    _refuse(permissions.why_not_certify(actor, claim, _day(at)))
    if not reason.strip():
        raise ClaimContentError("Dites pourquoi la demande est renvoyée.", field="reason")
    CLAIM_WORKFLOW.take("return", claim)
    claim.save(update_fields=["state"])
    ClaimReturn.objects.create(
        claim=claim, returned_by=actor, reason=reason.strip(), valid_on=_day(at), known_at=at
    )
    audit.record(
        "funding.claim.return", actor=actor, target=claim, at=at, after={"state": claim.state}, reason=reason
    )
    return claim


@transaction.atomic
def certify_service(*, claim_id: int, actor: User, at: datetime) -> Claim:
    """Attest the service fait: what is claimed was delivered. The debt enters the ledger."""
    claim = _lock_claim(claim_id)
    _refuse(permissions.why_not_certify(actor, claim, _day(at)))
    CLAIM_WORKFLOW.take("certify", claim)
    _refuse_altered(claim)
    _refuse_corrected(claim)
    claim.certified_by, claim.certified_at = actor, at
    claim.save(update_fields=["state", "certified_by", "certified_at"])
    ServiceCertification.objects.create(
        claim=claim, certified_by=actor, amount_cents=claim.total_cents, valid_on=_day(at), known_at=at
    )
    lot = claim.order.lot
    post_entries(
        kind=LedgerKind.SERVICE,
        reference=f"{claim.number}/service-fait",
        entries=[
            (training_account(lot.contract.number, lot.number), claim.total_cents),
            (payable_account(claim.organisation.siret), -claim.total_cents),
        ],
        valid_on=_day(at),
        at=at,
    )
    after = {"state": claim.state, "amount_cents": claim.total_cents, "lines_hash": claim.lines_hash}
    audit.record("funding.claim.certify", actor=actor, target=claim, at=at, after=after)
    return claim


@transaction.atomic
def pay_claim(*, claim_id: int, reference: str, actor: User, at: datetime) -> Claim:
    """Record the payment of a certified claim, by a third person, under a reference of its own."""
    claim = _lock_claim(claim_id)
    _refuse(permissions.why_not_pay(actor, claim, _day(at)))
    reference = reference.strip()
    if not reference:
        raise ClaimContentError("Indiquez la référence du paiement.", field="reference")
    CLAIM_WORKFLOW.take("pay", claim)
    _refuse_altered(claim)
    claim.paid_by, claim.paid_at = actor, at
    claim.save(update_fields=["state", "paid_by", "paid_at"])
    try:
        with transaction.atomic():
            Payment.objects.create(
                claim=claim,
                paid_by=actor,
                amount_cents=claim.total_cents,
                reference=reference,
                valid_on=_day(at),
                known_at=at,
            )
    except IntegrityError as error:
        raise ConflictError("Cette référence de paiement est déjà prise.", field="reference") from error
    post_entries(
        kind=LedgerKind.PAYMENT,
        reference=f"{claim.number}/paiement",
        entries=[
            (payable_account(claim.organisation.siret), claim.total_cents),
            (treasury_account(), -claim.total_cents),
        ],
        valid_on=_day(at),
        at=at,
    )
    after = {"state": claim.state, "amount_cents": claim.total_cents, "reference": reference}
    audit.record("funding.claim.pay", actor=actor, target=claim, at=at, after=after)
    return claim


@transaction.atomic
def cancel_claim(*, claim_id: int, actor: User, at: datetime) -> Claim:
    """Cancel a draft or a claim sent back: its proofs are free again."""
    claim = _lock_claim(claim_id)
    CLAIM_WORKFLOW.take("cancel", claim)
    freed = 0
    for line in ClaimLine.objects.known().filter(claim=claim).order_by("pk"):
        line.superseded_at = at
        line.save(update_fields=["superseded_at"])
        freed += 1
    claim.save(update_fields=["state"])
    audit.record(
        "funding.claim.cancel",
        actor=actor,
        target=claim,
        at=at,
        after={"state": ClaimState.CANCELLED, "lines": freed},
    )
    return claim


def _day(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def _refuse(reason: str) -> None:
    if reason:
        raise SeparationOfDutiesError(reason)


def _refuse_altered(claim: Claim) -> None:
    if canonical.sha256(lines_file(claim)) != claim.lines_hash:
        raise StaleProofError("Les lignes de cette demande ne correspondent plus à leur empreinte de dépôt.")


def _refuse_corrected(claim: Claim) -> None:
    if not proofs_hold(claim):
        raise StaleProofError(
            "Une preuve de cette demande a été corrigée depuis sa préparation : annulez-la et préparez-en une autre."
        )
