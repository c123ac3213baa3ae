"""Contracts, prices from a day on, and orders with their committed amount."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from certification.funding.enums import LedgerKind, PriceItem
from certification.funding.errors import PriceError
from certification.funding.models import Contract, Lot, PurchaseOrder, UnitPrice
from certification.funding.rules import available_account, committed_account
from courses.api import audit
from courses.models import TrainingOrganisation, User
from courses.shared.errors import ConflictError

from .ledger import post_entries


@transaction.atomic
def record_contract(
    *,
    number: str,
    title: str,
    organisation: TrainingOrganisation,
    start: date,
    end: date | None,
    lots: Sequence[str],
    actor: User,
    at: datetime,
) -> Contract:
    """Record a marché and its lots: `lots` are their territories, numbered from 1."""
    if not lots:
        raise PriceError("Un marché a au moins un lot.", field="lots")
    if end is not None and end < start:
        raise PriceError("La fin ne peut pas précéder le début.", field="end")
    if Contract.objects.known().filter(number=number).exists():
        raise ConflictError("Un marché porte déjà ce numéro.", field="number")
    contract = Contract.objects.create(
        number=number, title=title, organisation=organisation, start=start, end=end, known_at=at
    )
    for position, territory in enumerate(lots, start=1):
        Lot.objects.create(contract=contract, number=position, title=territory)
    after = {"number": number, "organisation": str(organisation.public_id), "lots": list(lots)}
    audit.record("funding.contract.record", actor=actor, target=contract, at=at, after=after)
    return contract


@transaction.atomic
def set_price(*, lot: Lot, item: str, cents: int, start: date, actor: User, at: datetime) -> UnitPrice:
    """Fix the price of a unit from a day on; the price before it ends the day before."""
    Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if cents <= 0:
        raise PriceError("Un prix est un nombre entier de centimes, plus grand que zéro.", field="cents")
    prices = UnitPrice.objects.known().filter(lot=lot, item=PriceItem(item))
    if prices.filter(start__gte=start).exists():
        raise ConflictError("Un prix existe déjà à cette date ou après elle.", field="start")
    for former in prices.filter(end=None):
        former.superseded_at = at
        former.save(update_fields=["superseded_at"])
        UnitPrice.objects.create(
            lot=lot,
            item=former.item,
            cents=former.cents,
            start=former.start,
            end=start - timedelta(days=1),
            known_at=at,
        )
    price = UnitPrice.objects.create(lot=lot, item=PriceItem(item), cents=cents, start=start, known_at=at)
    after = {"lot": lot.pk, "item": str(item), "cents": cents, "start": start}
    audit.record("funding.price.set", actor=actor, target=price, at=at, after=after)
    return price


@transaction.atomic
def record_order(
    *, lot: Lot, number: str, committed_cents: int, ordered_on: date, actor: User, at: datetime
) -> PurchaseOrder:
    """Record a bon de commande: the amount that claims may not pass, from the day it was placed."""
    if committed_cents <= 0:
        raise PriceError("Le montant engagé est plus grand que zéro.", field="committed_cents")
    contract = lot.contract
    if ordered_on < contract.start or (contract.end is not None and ordered_on > contract.end):
        raise PriceError(f"Le bon de commande est hors des dates du marché {contract}.", field="ordered_on")
    if PurchaseOrder.objects.known().filter(number=number).exists():
        raise ConflictError("Un bon de commande porte déjà ce numéro d’engagement.", field="number")
    order = PurchaseOrder.objects.create(
        lot=lot, number=number, committed_cents=committed_cents, valid_on=ordered_on, known_at=at
    )
    post_entries(
        kind=LedgerKind.COMMITMENT,
        reference=f"engagement/{number}",
        entries=[(available_account(number), committed_cents), (committed_account(number), -committed_cents)],
        valid_on=ordered_on,
        at=at,
    )
    after = {"lot": lot.pk, "number": number, "committed_cents": committed_cents}
    audit.record("funding.order.record", actor=actor, target=order, at=at, after=after)
    return order
