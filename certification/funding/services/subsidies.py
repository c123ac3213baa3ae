"""What the State grants for a post."""

from datetime import date, datetime

from django.db import transaction

from certification.funding.enums import LedgerKind
from certification.funding.errors import PriceError
from certification.funding.models import Envelope, PostSubsidy
from certification.funding.rules import subsidy_account, subsidy_payable_account
from courses.api import AwardStatus, audit
from courses.models import Post, User
from courses.shared.errors import ConflictError

from .ledger import post_entries


@transaction.atomic
def record_envelope(
    *, code: str, title: str, source: str, valid_on: date, actor: User, at: datetime
) -> Envelope:
    """Record where post subsidies come from."""
    if Envelope.objects.known().filter(code=code).exists():
        raise ConflictError("Une enveloppe porte déjà ce code.", field="code")
    envelope = Envelope.objects.create(code=code, title=title, source=source, valid_on=valid_on, known_at=at)
    audit.record("funding.envelope.record", actor=actor, target=envelope, at=at, after={"code": code})
    return envelope


@transaction.atomic
def grant_post_subsidy(
    *,
    post: Post,
    envelope: Envelope,
    amount_cents: int,
    source: str,
    valid_on: date,
    actor: User,
    at: datetime,
) -> PostSubsidy:
    """Grant an amount for one post, once in an envelope. An agreement in principle owes nothing yet: no entry."""
    if amount_cents <= 0:
        raise PriceError("Le montant d’une subvention est plus grand que zéro.", field="amount_cents")
    subsidy = PostSubsidy.objects.create(
        post=post, envelope=envelope, amount_cents=amount_cents, source=source, valid_on=valid_on, known_at=at
    )
    if post.committee.status == AwardStatus.GRANTED:
        post_entries(
            kind=LedgerKind.SUBSIDY,
            reference=f"sub/{subsidy.pk}",
            entries=[
                (subsidy_account(envelope.code), amount_cents),
                (subsidy_payable_account(envelope.code), -amount_cents),
            ],
            valid_on=valid_on,
            at=at,
        )
    after = {"post": post.number, "envelope": envelope.code, "amount_cents": amount_cents}
    audit.record("funding.subsidy.grant", actor=actor, target=subsidy, at=at, after=after)
    return subsidy
