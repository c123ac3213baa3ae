"""Double entry: every movement balances; a mistake is reversed, never erased."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from certification.funding.enums import LedgerKind
from certification.funding.errors import LedgerError
from certification.funding.models import LedgerEntry, LedgerTransaction
from certification.funding.rules import Entry, balanced, reversed_entries
from courses.api import audit
from courses.models import User
from courses.shared.clock import PARIS


@transaction.atomic
def post_entries(
    *,
    kind: LedgerKind,
    reference: str,
    entries: Sequence[Entry],
    valid_on: date,
    at: datetime,
    reverses: LedgerTransaction | None = None,
) -> LedgerTransaction:
    """Write one balanced transaction: debits positive, credits negative."""
    lines = balanced(entries)
    posted = LedgerTransaction.objects.create(
        kind=kind, reference=reference, reverses=reverses, valid_on=valid_on, known_at=at
    )
    for account, cents in lines:
        LedgerEntry.objects.create(transaction=posted, account=account, amount_cents=cents)
    return posted


@transaction.atomic
def reverse_transaction(*, transaction_id: int, reason: str, actor: User, at: datetime) -> LedgerTransaction:
    """Undo a transaction by its opposite, which names it."""
    original = LedgerTransaction.objects.select_for_update(of=("self",)).get(pk=transaction_id)
    if not reason.strip():
        raise LedgerError("Une contre-passation a un motif.", field="reason")
    if original.kind == LedgerKind.REVERSAL:
        raise LedgerError("Une contre-passation ne se contre-passe pas : écrivez une nouvelle pièce.")
    if LedgerTransaction.objects.filter(reverses=original).exists():
        raise LedgerError("Cette écriture est déjà contre-passée.")
    written = list(original.entries.order_by("pk").values_list("account", "amount_cents"))
    posted = post_entries(
        kind=LedgerKind.REVERSAL,
        reference=f"contre-passation/{original.pk}",
        entries=reversed_entries(written),
        valid_on=at.astimezone(PARIS).date(),
        at=at,
        reverses=original,
    )
    audit.record(
        "funding.ledger.reverse",
        actor=actor,
        target=posted,
        at=at,
        after={"reverses": original.pk, "reference": original.reference},
        reason=reason,
    )
    return posted
