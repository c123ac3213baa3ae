"""Claims as the shared tables, steps and timelines want them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from certification.funding.enums import ClaimState
from certification.funding.models import Claim, ClaimLine
from certification.funding.queries import who_did
from certification.funding.rules import french_day, french_euros
from courses.shared.clock import PARIS
from courses.shared.durations import spoken

# state → (badge of the shared look, its words)
STATE_BADGES = {
    ClaimState.DRAFT: ("draft", "Brouillon"),
    ClaimState.SUBMITTED: ("waiting", "En attente du certificateur"),
    ClaimState.RETURNED: ("refused", "Renvoyée pour correction"),
    ClaimState.CERTIFIED: ("waiting", "En attente du payeur"),
    ClaimState.PAID: ("paid", "Payée"),
    ClaimState.CANCELLED: ("cancelled", "Annulée"),
}


def claim_rows(claims: Iterable[Claim], age_from: date | None = None) -> list[list[Any]]:
    """Rows of the shared table: number, organisation, period, amount, then state or age."""
    rows = []
    for claim in claims:
        badge, words = STATE_BADGES[ClaimState(claim.state)]
        last: Any = {"state": badge, "label": words}
        since = claim.certified_at or claim.submitted_at
        if age_from and since:
            days = (age_from - since.astimezone(PARIS).date()).days
            last = f"depuis {days} jour{'s' if days > 1 else ''}" if days else "depuis aujourd’hui"
        rows.append(
            [
                {"text": claim.number, "url": reverse("claim", args=[claim.public_id])},
                claim.organisation.name,
                f"{claim.start:%d/%m/%Y} – {claim.end:%d/%m/%Y}",
                claim.order.number,
                {"text": french_euros(claim.total_cents), "numeric": True},
                last,
            ]
        )
    return rows


def life_steps(claim: Claim) -> list[dict[str, str]]:
    """Brouillon → dépôt → service fait → paiement, as the shared steps."""
    reached = {
        ClaimState.DRAFT: 0, ClaimState.SUBMITTED: 1, ClaimState.RETURNED: 1, ClaimState.CERTIFIED: 2,
        ClaimState.PAID: 3,
    }.get(ClaimState(claim.state), -1)  # fmt: skip
    labels = ("Préparée", "Déposée", "Service fait attesté", "Payée")
    dates = (claim.prepared_at, claim.submitted_at, claim.certified_at, claim.paid_at)
    steps = []
    for position, (label, instant) in enumerate(zip(labels, dates, strict=True)):
        state = "done" if instant else "current" if position == reached + 1 else "todo"
        if claim.state == ClaimState.RETURNED and position == 2:
            label, state = "Renvoyée", "refused"
        detail = french_day(instant.astimezone(PARIS).date()) if instant else ""
        steps.append({"label": label, "state": state, "detail": detail})
    return steps


def life_timeline(claim: Claim) -> list[dict[str, Any]]:
    """Every act on the claim, the latest first."""
    acts: list[tuple[Any, str, Any, str]] = [
        (claim.prepared_at, "Demande préparée", claim.prepared_by, ""),
        (claim.submitted_at, "Demande déposée", who_did(claim, "submit"), "Ses lignes ne changent plus."),
        (claim.certified_at, "Service fait attesté", claim.certified_by, ""),
    ]
    acts += [
        (back.known_at, "Demande renvoyée", back.returned_by, back.reason) for back in claim.returns.all()
    ]
    payment = getattr(claim, "payment", None)
    if payment:
        acts.append((claim.paid_at, "Demande payée", claim.paid_by, f"Référence {payment.reference}"))
    freed = claim.lines.exclude(superseded_at=None).order_by("-superseded_at").first()
    if freed:
        acts.append(
            (
                freed.superseded_at,
                "Demande annulée",
                who_did(claim, "cancel"),
                "Ses preuves peuvent de nouveau être facturées.",
            )
        )
    happened = sorted((act for act in acts if act[0]), key=lambda act: act[0], reverse=True)
    return [
        {
            "valid_on": instant,
            "title": title,
            "kind": "money",
            "actor": str(actor) if actor else "",
            "text": text,
        }
        for instant, title, actor, text in happened
    ]


def claim_facts(claim: Claim) -> list[tuple[str, str]]:
    """Who claims, over which period, on which order of which contract."""
    order = claim.order
    return [
        ("Organisme de formation", f"{claim.organisation.name} (SIRET {claim.organisation.siret or '—'})"),
        ("Période", f"du {french_day(claim.start)} au {french_day(claim.end)}"),
        ("Bon de commande", f"{order.number}, {french_euros(order.committed_cents)} engagés"),
        ("Marché", f"{order.lot.contract.number}, lot {order.lot.number} ({order.lot.title})"),
    ]


def line_rows(line: ClaimLine) -> list[tuple[str, str]]:
    """The line as arithmetic: quantity × price = amount."""
    if line.minutes:
        quantity = [("Durée", spoken(line.minutes)), ("Prix de l’heure", french_euros(line.price.cents))]
    else:
        quantity = [("Quantité", "1 certification"), ("Prix", french_euros(line.price.cents))]
    since = f"en vigueur depuis le {french_day(line.price.start)}"
    return [
        ("Conseiller", f"{line.learner} (n° {line.learner.number})"),
        ("Unité", line.get_item_display()),
        *quantity,
        ("Ce prix", since),
        ("Montant", f"{french_euros(line.amount_cents)}, arrondi une fois, au centime le plus proche"),
    ]


def proof_rows(line: ClaimLine) -> list[tuple[str, str]]:
    """What happened, when, and which paper says so."""
    if line.evidence is not None:
        evidence = line.evidence
        rows = [
            ("Nature", evidence.get_kind_display()),
            ("Séquence", evidence.activity.title),
            ("Module", evidence.module.title),
            ("Date", french_day(evidence.valid_on)),
            ("Origine", evidence.source_key),
            ("Certificat de réalisation", line.certificate.number if line.certificate else "—"),
        ]
        return rows if evidence.superseded_at is None else [*rows, ("État", "Corrigée depuis")]
    decision = line.decision
    if decision is None:
        return []
    return [
        ("Nature", "Décision de jury"),
        ("Bloc", str(decision.sitting.candidacy.block)),
        ("Session d’examen", str(decision.sitting.exam_session)),
        ("Décision", decision.get_outcome_display()),
        ("Date", french_day(decision.valid_on)),
    ]
