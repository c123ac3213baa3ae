"""A training organisation with a contract, a price, an order, and a learner whose module is proved and certified."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from certification import api
from certification.models import CompletionCertificate, FundingRight, Lot, PurchaseOrder, RuleSet
from courses.models import User
from tests import factories
from tests.courses.learning import World
from tests.factories import NOON, a_user, root

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
PRICE = 1280  # domain.md § 3.2: some 12.80 € an hour


def later(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


@dataclass
class Money:
    """7 h proved (3 h 30 remote by quiz, 3 h 30 on a closed sheet) at 12.80 €/h: 89.60 €."""

    world: World = field(default_factory=World)
    committed_cents: int = 1_000_000
    granted: bool = True
    ceiling_minutes: int = 420
    certified: bool = True
    lot: Lot = field(init=False)
    order: PurchaseOrder = field(init=False)
    manager: User = field(init=False)
    certifier: User = field(init=False)
    payer: User = field(init=False)

    def __post_init__(self) -> None:
        self.manager = a_user("organisation_manager", self.organisation)
        self.certifier, self.payer = a_user("service_certifier"), a_user("payer")
        contract = api.record_contract(
            number=f"M{self.organisation.pk}", title="Formation", organisation=self.organisation,
            start=date(2026, 1, 1), end=date(2026, 12, 31), lots=["Sud"], actor=root(), at=NOON,
        )  # fmt: skip
        self.lot = contract.lots.get()
        api.set_price(
            lot=self.lot, item="training_hour", cents=PRICE, start=date(2026, 1, 1), actor=root(), at=NOON
        )
        api.set_price(
            lot=self.lot,
            item="first_certification",
            cents=32_660,
            start=date(2026, 1, 1),
            actor=root(),
            at=NOON,
        )
        self.order = self.an_order(self.committed_cents)
        self.decide_right()
        self.world.answer()
        self.world.attend(key=f"sheet:{self.world.enrolment.pk}")
        if self.certified:
            self.certify_module()

    @property
    def organisation(self):
        return self.world.organisation

    def an_order(self, cents: int) -> PurchaseOrder:
        return api.record_order(
            lot=self.lot, number=f"EJ{self.organisation.pk}-{PurchaseOrder.objects.count()}", committed_cents=cents,
            ordered_on=date(2026, 2, 1), actor=root(), at=NOON,
        )  # fmt: skip

    def decide_right(self) -> FundingRight:
        rules = RuleSet.objects.filter(code="test").first() or RuleSet.objects.create(
            code="test", version=1, content="{}", start=date(2020, 1, 1), known_at=NOON
        )
        return FundingRight.objects.create(
            adviser=self.world.adviser, enrolment=self.world.enrolment, kind="module", year=2026,
            granted=self.granted, ceiling_minutes=self.ceiling_minutes, rule_set=rules, rule="quota",
            reasons="essai", inputs="{}", valid_on=factories.DAY, known_at=NOON,
        )  # fmt: skip

    def certify_module(self) -> CompletionCertificate:
        return api.issue_certificate(
            enrolment=self.world.enrolment, module=self.world.module, actor=self.manager, at=NOON
        )

    def lines(self, **given):
        return api.claimable(self.organisation, *MARCH, **given)

    def reasons(self) -> set[str]:
        return {line.reason_blocked for line in self.lines()}

    def build(self, order=None, at=NOON, actor=None):
        return api.build_claim(
            organisation=self.organisation, order=order or self.order, start=MARCH[0], end=MARCH[1],
            actor=actor or self.manager, at=at,
        )  # fmt: skip

    def submitted(self):
        return api.submit_claim(claim_id=self.build().pk, actor=self.manager, at=later(1))

    def attested(self):
        return api.certify_service(claim_id=self.submitted().pk, actor=self.certifier, at=later(2))

    def paid(self):
        return api.pay_claim(claim_id=self.attested().pk, reference="MANDAT-1", actor=self.payer, at=later(3))
