"""What must always hold of the money (promises.md, INV-27 to INV-34), read on live data: each returns its breaches."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from certification.funding.enums import CLAIM_WORKFLOW, ClaimState, LedgerKind, PriceItem
from certification.funding.models import (
    Claim,
    ClaimLine,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    PurchaseOrder,
    ServiceCertification,
    UnitPrice,
)
from certification.funding.permissions import belongs_to
from certification.funding.queries.claimable import accepted_cents
from certification.funding.queries.claims import lines_file
from certification.funding.rules import PROVING_CLASSES, TRAINING_KINDS, amount
from certification.programme.models import FundingRight
from courses.models import AuditEntry, Evidence
from courses.shared import canonical
from courses.shared.clock import PARIS
from courses.shared.errors import ConflictError

HANDED_IN = (ClaimState.SUBMITTED, ClaimState.RETURNED, ClaimState.CERTIFIED, ClaimState.PAID)
AUDITED_STEPS = {f"funding.claim.{step}": step for step in CLAIM_WORKFLOW.steps}


@dataclass(frozen=True)
class Breach:
    """One thing that does not hold: the object, and why (French)."""

    object: str
    message: str


def proofs_billed_once() -> list[Breach]:
    """INV-27: a proof stands in at most one live line; a cancelled claim holds none."""
    live = ClaimLine.objects.known()
    breaches = []
    for key in ("evidence", "decision"):
        rows = live.filter(**{f"{key}__isnull": False}).order_by().values(key)
        twice = rows.annotate(n=Count("pk")).filter(n__gt=1)
        breaches += [Breach(f"{key} {row[key]}", f"Facturée {row['n']} fois.") for row in twice]
    for line in live.filter(claim__state=ClaimState.CANCELLED):
        breaches.append(Breach(f"ligne {line.pk}", "Une demande annulée tient encore une preuve."))
    for line in ClaimLine.objects.exclude(superseded_at=None).exclude(claim__state=ClaimState.CANCELLED):
        breaches.append(
            Breach(f"ligne {line.pk}", "Une preuve est libérée sans que la demande soit annulée.")
        )
    return breaches


def billed_within_proved_and_ceiling() -> list[Breach]:
    """INV-28: by learner and path, billed minutes pass neither the proved minutes nor the financed ceiling."""
    key = ("enrolment__adviser", "enrolment__path")
    billed = (
        ClaimLine.objects.known()
        .filter(evidence__isnull=False)
        .order_by()
        .values_list(*(f"evidence__{name}" for name in key))
        .annotate(total=Sum("minutes"))
    )
    proving = Evidence.objects.known().filter(kind__in=TRAINING_KINDS, evidence_class__in=PROVING_CLASSES)
    proved = {(a, p): m for a, p, m in proving.order_by().values_list(*key).annotate(total=Sum("minutes"))}
    granted = (
        FundingRight.objects.known()
        .filter(granted=True)
        .values_list("adviser", "enrolment__path", "ceiling_minutes")
    )
    ceilings: dict[tuple[int, int], int] = defaultdict(int)
    for adviser, path, ceiling in granted:
        ceilings[adviser, path] += ceiling
    breaches = []
    for adviser, path, minutes in billed:
        name, most = f"conseiller {adviser}, parcours {path}", proved.get((adviser, path), 0)
        if minutes > most:
            breaches.append(Breach(name, f"{minutes} minutes facturées pour {most} prouvées."))
        if minutes > ceilings[adviser, path]:
            breaches.append(
                Breach(name, f"{minutes} minutes facturées pour {ceilings[adviser, path]} financées.")
            )
    lines = ClaimLine.objects.known().filter(evidence__isnull=False).exclude(minutes=F("evidence__minutes"))
    return breaches + [
        Breach(f"ligne {line.pk}", "Ses minutes ne sont pas celles de sa preuve.") for line in lines
    ]


def orders_not_passed() -> list[Breach]:
    """INV-29: claims stay within the committed amount; each amount is quantity × the price in force that day."""
    breaches = [
        Breach(
            f"bon de commande {order}", f"{accepted} centimes acceptés pour {order.committed_cents} engagés."
        )
        for order in PurchaseOrder.objects.known()
        if (accepted := accepted_cents(order)) > order.committed_cents
    ]
    for line in ClaimLine.objects.select_related("price", "claim__order").iterator(2000):
        breaches += _price_breaches(line)
    return breaches


def _price_breaches(line: ClaimLine) -> Iterator[Breach]:
    name, price = f"ligne {line.pk}", line.price
    in_force = (
        UnitPrice.objects.as_of(line.valid_on, line.known_at)
        .filter(lot=line.claim.order.lot_id, item=line.item)
        .order_by("-start")
        .first()
    )
    if in_force is None or in_force.pk != price.pk:
        yield Breach(name, "Son prix n’est pas celui qui était en force ce jour-là.")
    hourly = line.item == PriceItem.TRAINING_HOUR
    expected = amount(line.minutes, price.cents) if hourly else price.cents
    if line.amount_cents != expected:
        yield Breach(name, f"{line.amount_cents} centimes au lieu de {expected}.")


def ledger_balances() -> list[Breach]:
    """INV-30: each transaction sums to zero and is not empty; a reversal is the exact opposite of what it names."""
    sums = LedgerTransaction.objects.order_by("pk").annotate(
        total=Sum("entries__amount_cents"), n=Count("entries")
    )
    breaches = [
        Breach(f"écriture {posted.reference}", f"Somme de {posted.total} centimes sur {posted.n} lignes.")
        for posted in sums.filter(Q(n__lt=2) | ~Q(total=0))
    ]
    reversals = LedgerTransaction.objects.filter(kind=LedgerKind.REVERSAL).select_related("reverses")
    return breaches + [
        Breach(f"écriture {reversal.reference}", "N’est pas l’opposé de l’écriture qu’elle cite.")
        for reversal in reversals
        if reversal.reverses is None
        or _sides(reversal) != sorted((account, -cents) for account, cents in _sides(reversal.reverses))
    ]


def _sides(posted: LedgerTransaction) -> list[tuple[str, int]]:
    return sorted(posted.entries.values_list("account", "amount_cents"))


def totals_equal_lines() -> list[Breach]:
    """INV-31: the total of a claim is the sum of its lines; once handed in, its file has the recorded fingerprint."""
    breaches = []
    for claim in Claim.objects.annotate(sum=Sum("lines__amount_cents"), n=Count("lines")).iterator(500):
        if (claim.sum or 0) != claim.total_cents or not claim.n:
            breaches.append(
                Breach(f"demande {claim}", f"Total de {claim.total_cents}, lignes de {claim.sum} centimes.")
            )
        if claim.submitted_at and canonical.sha256(lines_file(claim)) != claim.lines_hash:
            breaches.append(
                Breach(f"demande {claim}", "Le fichier des lignes n’a plus l’empreinte du dépôt.")
            )
    return breaches


def lines_frozen_after_submission() -> list[Breach]:
    """INV-32: no line is written after the claim was handed in; a reversed payment is answered by its reversal only."""
    late = ClaimLine.objects.filter(known_at__gt=F("claim__submitted_at")).select_related("claim")
    breaches = [
        Breach(f"ligne {line.pk}", f"Ajoutée après le dépôt de la demande {line.claim}.") for line in late
    ]
    for claim in Claim.objects.filter(state__in=(ClaimState.CERTIFIED, ClaimState.PAID)):
        for step, kind in (
            ("service-fait", LedgerKind.SERVICE),
            ("paiement", LedgerKind.PAYMENT),
        ):
            if kind == LedgerKind.PAYMENT and claim.state != ClaimState.PAID:
                continue
            posted = LedgerTransaction.objects.filter(reference=f"{claim.number}/{step}", kind=kind).first()
            debit = LedgerEntry.objects.filter(transaction=posted, amount_cents__gt=0).aggregate(
                s=Sum("amount_cents")
            )
            if posted is None or debit["s"] != claim.total_cents:
                breaches.append(Breach(f"demande {claim}", f"Pas d’écriture de {step} de son montant."))
    return breaches


def three_persons() -> list[Breach]:
    """INV-33: who prepares, who certifies and who pays differ; none of ANCT’s two works for the organisation."""
    breaches = []
    for claim in Claim.objects.select_related("organisation", "certified_by", "paid_by"):
        persons = [claim.prepared_by_id, claim.certified_by_id, claim.paid_by_id]
        acted = [person for person in persons if person]
        if len(set(acted)) < len(acted):
            breaches.append(Breach(f"demande {claim}", "Deux de ses actes sont de la même personne."))
        for person, instant in ((claim.certified_by, claim.certified_at), (claim.paid_by, claim.paid_at)):
            if (
                person
                and instant
                and belongs_to(person, claim.organisation, instant.astimezone(PARIS).date())
            ):
                breaches.append(Breach(f"demande {claim}", "Attestée ou payée par l’organisme qui demande."))
    certified = ServiceCertification.objects.exclude(certified_by=F("claim__certified_by")).select_related(
        "claim"
    )
    paid = Payment.objects.exclude(paid_by=F("claim__paid_by")).select_related("claim")
    misnamed = [act.claim for act in certified] + [act.claim for act in paid]
    return breaches + [
        Breach(f"demande {claim}", "L’acte et la demande nomment deux personnes différentes.")
        for claim in misnamed
    ]


def life_follows_the_graph() -> list[Breach]:
    """INV-34: the audited steps of each claim lead along the graph to its state, with dates in order."""
    steps: dict[str, list[str]] = defaultdict(list)
    entries = AuditEntry.objects.filter(action__in=AUDITED_STEPS, object_type=Claim._meta.label_lower)
    for action, pk in entries.order_by("sequence").values_list("action", "object_id"):
        steps[pk].append(AUDITED_STEPS[action])
    breaches: list[Breach] = []
    for claim in Claim.objects.all():
        breaches += _life_breaches(claim, steps[str(claim.pk)])
    return breaches


def _life_breaches(claim: Claim, steps: list[str]) -> Iterator[Breach]:
    name, replay = f"demande {claim}", Claim(state=ClaimState.DRAFT)
    try:
        for step in steps:
            CLAIM_WORKFLOW.take(step, replay)
    except ConflictError:
        yield Breach(name, "Son histoire sort du graphe des états.")
    else:
        if replay.state != claim.state:
            yield Breach(name, f"État « {claim.get_state_display()} » sans l’acte qui y mène.")
    dates = [claim.prepared_at, claim.submitted_at, claim.certified_at, claim.paid_at]
    told = [instant for instant in dates if instant]
    if told != sorted(told):
        yield Breach(name, "Ses dates ne se suivent pas.")


INVARIANTS: dict[str, Callable[[], list[Breach]]] = {
    "INV-27": proofs_billed_once,
    "INV-28": billed_within_proved_and_ceiling,
    "INV-29": orders_not_passed,
    "INV-30": ledger_balances,
    "INV-31": totals_equal_lines,
    "INV-32": lines_frozen_after_submission,
    "INV-33": three_persons,
    "INV-34": life_follows_the_graph,
}
