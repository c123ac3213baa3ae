"""A proof becomes a right, a right becomes a euro: once, within its ceilings, by three persons."""

import hashlib
import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from certification import api
from certification.funding.services import post_entries
from certification.funding.services.claims import write_lines
from certification.models import Claim, ClaimLine, LedgerEntry, LedgerTransaction, PurchaseOrder
from courses.api import grant_role, verify_audit
from courses.models import AuditEntry, Evidence
from courses.shared import spreadsheet
from courses.shared.errors import ConflictError
from tests.certification.money import MARCH, Money, later
from tests.factories import NOON, START, a_user, root

db = pytest.mark.django_db
TOTAL = 8960


def breaches() -> dict[str, list]:
    return {name: found for name, check in api.FUNDING_INVARIANTS.items() if (found := check())}


class TestAmount:
    @pytest.mark.parametrize(
        ("minutes", "price", "cents"),
        [(210, 1280, 4480), (1, 30, 1), (1, 29, 0), (0, 1280, 0), (7, 1285, 150)],
    )
    def test_is_quantity_times_price_rounded_half_up(self, minutes, price, cents):
        assert api.amount(minutes, price) == cents

    @given(st.integers(0, 100_000), st.integers(0, 1_000_000))
    def test_is_never_further_than_half_a_cent_from_the_exact_value(self, minutes, price):
        twice_the_error = 2 * (60 * api.amount(minutes, price) - minutes * price)

        assert -60 < twice_the_error <= 60

    @given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 100_000))
    def test_splitting_a_duration_moves_at_most_one_cent(self, one, other, price):
        split = api.amount(one, price) + api.amount(other, price)

        assert abs(split - api.amount(one + other, price)) <= 1

    @given(st.integers(0, 10_000), st.integers(0, 100_000))
    def test_whole_hours_are_exact(self, hours, price):
        assert api.amount(hours * 60, price) == hours * price

    def test_a_negative_duration_has_no_amount(self):
        with pytest.raises(ValueError, match="not negative"):
            api.amount(-1, 1280)


@db
class TestClaimable:
    def test_a_proved_and_certified_module_is_claimable_at_the_price_of_its_day(self):
        money = Money()

        lines = money.lines()

        assert [(line.minutes, line.amount_cents, line.reason_blocked) for line in lines] == [
            (210, 4480, "")
        ] * 2
        assert {line.evidence.evidence_class for line in lines} == {"E1", "E2"}

    def test_a_lesson_that_was_only_read_is_not_even_listed(self):
        money = Money()
        money.world.read()

        assert {line.evidence.evidence_class for line in money.lines()} == {"E1", "E2"}

    def test_without_a_certificate_nothing_is_billed(self):
        money = Money(certified=False)

        assert all("Pas de certificat de réalisation" in reason for reason in money.reasons())

    def test_beyond_the_quota_nothing_is_billed(self):
        money = Money(granted=False)

        assert all("Hors quota" in reason for reason in money.reasons())

    def test_past_the_financed_ceiling_the_rest_is_not_billed(self):
        money = Money(ceiling_minutes=300)

        assert [line.reason_blocked for line in money.lines()] == [
            "",
            "Plafond atteint : 5\u00a0h financées pour ce parcours.",
        ]

    def test_outside_the_period_a_proof_is_not_listed(self):
        assert api.claimable(Money().organisation, date(2026, 4, 1), date(2026, 4, 30)) == []

    def test_a_proof_older_than_the_order_is_blocked(self):
        money = Money()
        late = api.record_order(
            lot=money.lot,
            number="EJ-tard",
            committed_cents=1,
            ordered_on=date(2026, 4, 1),
            actor=root(),
            at=NOON,
        )

        assert all(
            "Antérieure au bon de commande EJ-tard" in line.reason_blocked for line in money.lines(order=late)
        )

    def test_without_a_price_on_that_day_a_proof_is_blocked(self):
        money = Money()
        contract = api.record_contract(
            number="M-sans-prix", title="Formation", organisation=money.organisation, start=date(2026, 1, 1),
            end=None, lots=["Nord"], actor=root(), at=NOON,
        )  # fmt: skip
        order = api.record_order(
            lot=contract.lots.get(), number="EJ-sans-prix", committed_cents=1, ordered_on=date(2026, 1, 1),
            actor=root(), at=NOON,
        )  # fmt: skip

        assert {line.reason_blocked for line in money.lines(order=order)} == {
            "Pas de prix à cette date pour ce lot."
        }

    def test_a_new_price_leaves_the_days_before_it_at_the_former_one(self):
        money = Money()
        api.set_price(
            lot=money.lot,
            item="training_hour",
            cents=2000,
            start=date(2026, 3, 13),
            actor=root(),
            at=later(1),
        )

        assert {line.price.cents for line in money.lines()} == {1280}

    def test_a_price_is_not_fixed_under_another(self):
        money = Money()

        with pytest.raises(ConflictError, match="Un prix existe déjà"):
            api.set_price(
                lot=money.lot, item="training_hour", cents=1, start=date(2025, 1, 1), actor=root(), at=NOON
            )

    def test_another_organisation_claims_nothing_of_it(self):
        one, other = Money(), Money()

        assert {line.learner for line in one.lines()} == {one.world.adviser}
        assert {line.learner for line in other.lines()} == {other.world.adviser}


@db
class TestBuildClaim:
    def test_makes_a_numbered_draft_whose_lines_each_rest_on_a_proof(self):
        claim = Money().build()

        assert (claim.number, claim.state, claim.total_cents) == ("DP-2026-00001", "draft", TOTAL)
        assert all(line.evidence_id and line.certificate_id for line in claim.lines.all())
        assert breaches() == {}

    def test_the_same_half_day_is_not_claimed_twice(self):
        money = Money()
        first = money.build()

        with pytest.raises(api.EvidenceAlreadyClaimedError) as refusal:
            money.build()

        assert refusal.value.status == 409
        assert refusal.value.field == "start"
        assert (
            f"Déjà facturée dans la demande {first.number} (12\u00a0mars\u00a02026)." in refusal.value.message
        )
        assert Claim.objects.count() == 1

    def test_nor_under_another_order(self):
        money = Money()
        money.build()

        with pytest.raises(api.EvidenceAlreadyClaimedError, match="Déjà facturée"):
            money.build(order=money.an_order(1_000_000))

    def test_the_order_is_not_passed(self):
        money = Money(committed_cents=TOTAL - 1)

        with pytest.raises(api.OrderExceededError, match="89,60\u00a0€ ; il reste 89,59\u00a0€"):
            money.build()

        assert not Claim.objects.exists()

    def test_an_empty_period_is_refused_with_its_field(self):
        money = Money()

        with pytest.raises(api.ClaimContentError, match="Aucune preuve") as refusal:
            api.build_claim(
                organisation=money.organisation, order=money.order, start=date(2026, 5, 1), end=date(2026, 5, 2),
                actor=money.manager, at=NOON,
            )  # fmt: skip

        assert (refusal.value.status, refusal.value.field) == (422, "start")

    def test_a_backward_period_is_refused(self):
        money = Money()

        with pytest.raises(api.ClaimContentError, match="précède"):
            api.build_claim(
                organisation=money.organisation, order=money.order, start=MARCH[1], end=MARCH[0],
                actor=money.manager, at=NOON,
            )  # fmt: skip

    def test_the_order_of_another_organisation_is_refused(self):
        money = Money()

        with pytest.raises(api.ClaimContentError, match="n’est pas celui de votre organisme"):
            money.build(order=Money().order)

    def test_numbers_follow_each_other(self):
        assert [Money().build().number, Money().build().number] == ["DP-2026-00001", "DP-2026-00002"]


@db
class TestLifeOfAClaim:
    def test_goes_from_draft_to_paid_by_three_persons(self):
        claim = Money().paid()

        assert claim.state == "paid"
        assert len({claim.prepared_by, claim.certified_by, claim.paid_by}) == 3
        assert breaches() == {}
        assert verify_audit() == []

    def test_leaves_each_act_on_the_money_chain(self):
        claim = Money().paid()

        acts = AuditEntry.objects.filter(object_type="certification.claim", object_id=str(claim.pk))

        assert [entry.action.removeprefix("funding.claim.") for entry in acts.order_by("sequence")] == [
            "build", "submit", "certify", "pay",
        ]  # fmt: skip
        assert {entry.chain for entry in acts} == {"money"}

    def test_submission_freezes_the_lines_under_the_hash_of_their_file(self):
        money = Money()
        claim = money.submitted()

        assert hashlib.sha256(api.lines_file(claim)).hexdigest() == claim.lines_hash

    def test_after_submission_the_database_refuses_another_line(self):
        money = Money()
        claim = money.submitted()
        line = claim.lines.first()

        line.superseded_at = later(2)
        with pytest.raises(IntegrityError), transaction.atomic():
            line.save(update_fields=["superseded_at"])

        assert breaches() == {}

    def test_a_proof_corrected_since_keeps_the_draft_from_being_handed_in(self):
        money = Money()
        claim = money.build()
        evidence = Evidence.objects.filter(minutes__gt=0).first()
        evidence.superseded_at = later(1)
        evidence.save(update_fields=["superseded_at"])

        with pytest.raises(api.StaleProofError, match="corrigée depuis"):
            api.submit_claim(claim_id=claim.pk, actor=money.manager, at=later(2))

    def test_who_prepared_does_not_certify_even_with_the_role(self):
        money = Money()
        money.manager = money.certifier
        claim = money.submitted()

        with pytest.raises(api.SeparationOfDutiesError, match="Vous avez préparé cette demande") as refusal:
            api.certify_service(claim_id=claim.pk, actor=money.certifier, at=later(2))

        assert refusal.value.status == 422

    def test_who_certified_does_not_pay_even_with_the_role(self):
        money = Money()
        grant_role(
            user=money.certifier, role="payer", organisation=money.payer.memberships.get().organisation,
            start=START, actor=root(), at=NOON,
        )  # fmt: skip
        claim = money.attested()

        with pytest.raises(api.SeparationOfDutiesError, match="Vous avez attesté"):
            api.pay_claim(claim_id=claim.pk, reference="M2", actor=money.certifier, at=later(3))

    def test_only_a_certifier_certifies_and_only_a_payer_pays(self):
        money = Money()
        claim = money.submitted()

        with pytest.raises(api.SeparationOfDutiesError, match="certificateur"):
            api.certify_service(claim_id=claim.pk, actor=money.payer, at=later(2))
        api.certify_service(claim_id=claim.pk, actor=money.certifier, at=later(2))
        with pytest.raises(api.SeparationOfDutiesError, match="payeur"):
            api.pay_claim(claim_id=claim.pk, reference="M3", actor=a_user("auditor"), at=later(3))

    def test_a_claim_sent_back_says_why_then_frees_its_proofs(self):
        money = Money()
        claim = money.submitted()
        api.return_claim(
            claim_id=claim.pk, reason="La ligne 2 est illisible.", actor=money.certifier, at=later(2)
        )
        with pytest.raises(api.EvidenceAlreadyClaimedError):
            money.build(at=later(3))

        api.cancel_claim(claim_id=claim.pk, actor=money.manager, at=later(3))
        second = money.build(at=later(4))

        assert (second.number, second.total_cents) == ("DP-2026-00002", TOTAL)
        assert claim.returns.get().reason == "La ligne 2 est illisible."
        assert breaches() == {}

    def test_sending_back_needs_a_reason(self):
        money = Money()
        claim = money.submitted()

        with pytest.raises(api.ClaimContentError, match="pourquoi"):
            api.return_claim(claim_id=claim.pk, reason=" ", actor=money.certifier, at=later(2))

    def test_a_certified_claim_is_not_cancelled(self):
        money = Money()
        claim = money.attested()

        with pytest.raises(ConflictError, match="Service fait attesté"):
            api.cancel_claim(claim_id=claim.pk, actor=money.manager, at=later(3))

    def test_a_payment_reference_serves_once(self):
        Money().paid()
        other = Money()
        claim = other.attested()

        with pytest.raises(ConflictError, match="déjà prise"):
            api.pay_claim(claim_id=claim.pk, reference="MANDAT-1", actor=other.payer, at=later(3))

        claim.refresh_from_db()
        assert claim.state == "certified"


@db
class TestLedger:
    def test_what_was_owed_is_nought_once_paid(self):
        money = Money()
        money.paid()

        owed = LedgerEntry.objects.filter(account=f"À payer – organisme {money.organisation.siret}")

        assert sorted(owed.values_list("amount_cents", flat=True)) == [-TOTAL, TOTAL]
        assert breaches() == {}

    def test_a_transaction_is_reversed_once_and_never_erased(self):
        Money().paid()
        payment = LedgerTransaction.objects.get(kind="payment")

        api.reverse_transaction(transaction_id=payment.pk, reason="Compte erroné", actor=root(), at=later(4))

        assert breaches() == {}
        with pytest.raises(api.LedgerError, match="déjà contre-passée"):
            api.reverse_transaction(transaction_id=payment.pk, reason="Encore", actor=root(), at=later(5))
        with pytest.raises(IntegrityError), transaction.atomic():
            payment.delete()

    def test_an_unbalanced_transaction_is_refused(self):
        with pytest.raises(api.LedgerError, match="équilibrée"):
            post_entries(
                kind=api.LedgerKind.PAYMENT,
                reference="x",
                entries=[("a", 1), ("b", -2)],
                valid_on=MARCH[0],
                at=NOON,
            )

    def test_an_entry_that_breaks_the_balance_is_named(self):
        Money().paid()
        payment = LedgerTransaction.objects.get(kind="payment")
        LedgerEntry.objects.create(transaction=payment, account="Trésor", amount_cents=1)

        assert "INV-30" in breaches()


@db
class TestInvariantsSeeABreach:
    def test_a_total_that_is_not_its_lines(self):
        claim = Money().build()
        claim.total_cents += 1
        claim.save(update_fields=["total_cents"])

        assert "INV-31" in breaches()

    def test_a_state_without_its_act(self):
        claim = Money().submitted()
        claim.state = "certified"
        claim.save(update_fields=["state"])

        assert "INV-34" in breaches()

    def test_minutes_billed_without_proof(self):
        money = Money()
        money.build()
        evidence = Evidence.objects.filter(minutes__gt=0).first()
        evidence.superseded_at = later(1)
        evidence.save(update_fields=["superseded_at"])

        assert "INV-28" in breaches()


class TestSpreadsheet:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
    def test_a_formula_is_disarmed(self, text):
        assert spreadsheet.cell(text) == f"'{text}"

    def test_the_file_opens_in_french(self):
        assert spreadsheet.csv_bytes(["a", "b"], [["é;", 3]]) == '\ufeffa;b\r\n"é;";3\r\n'.encode()


@db
class TestScreens:
    def test_the_manager_goes_from_period_to_draft_to_submission(self, client_for):
        money = Money()
        client = client_for(money.manager)
        asked = {"order": money.order.pk, "start": "2026-03-01", "end": "2026-03-31"}

        page = client.get("/demandes/nouvelle/", asked)
        made = client.post("/demandes/nouvelle/", asked | {"idempotency_key": str(uuid4())})
        claim = Claim.objects.get()
        sent = client.post(f"/demandes/{claim.public_id}/deposer/", {"idempotency_key": str(uuid4())})

        assert "89,60\u00a0€" in page.content.decode()
        assert made.headers["Location"] == f"/demandes/{claim.public_id}/"
        assert sent.status_code == 302
        claim.refresh_from_db()
        assert claim.state == "submitted"

    def test_the_same_form_sent_twice_makes_one_claim(self, client_for):
        money = Money()
        client = client_for(money.manager)
        form = {
            "order": money.order.pk, "start": "2026-03-01", "end": "2026-03-31", "idempotency_key": str(uuid4()),
        }  # fmt: skip

        answers = [client.post("/demandes/nouvelle/", form) for _ in range(2)]

        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert Claim.objects.count() == 1

    def test_a_refusal_is_told_on_the_field(self, client_for):
        money = Money()
        money.build()

        answer = client_for(money.manager).post(
            "/demandes/nouvelle/",
            {
                "order": money.order.pk,
                "start": "2026-03-01",
                "end": "2026-03-31",
                "idempotency_key": str(uuid4()),
            },
        )

        assert "Déjà facturée dans la demande DP-2026-00001" in answer.content.decode()
        assert Claim.objects.count() == 1

    def test_another_organisation_does_not_see_the_claim(self, client_for):
        claim = Money().build()
        stranger = client_for(a_user("organisation_manager"))

        for path in ("", "lignes.csv", "deposer/", f"lignes/{claim.lines.first().pk}/"):
            assert stranger.get(f"/demandes/{claim.public_id}/{path}").status_code == 404
        assert claim.number not in stranger.get("/demandes/").content.decode()

    def test_certifier_then_payer_find_the_claim_in_their_queue_and_act(self, client_for):
        money = Money()
        claim = money.submitted()
        certifier, payer = client_for(money.certifier), client_for(money.payer)
        url = f"/demandes/{claim.public_id}/"

        assert claim.number in certifier.get("/demandes/service-fait/").content.decode()
        assert payer.get("/demandes/service-fait/").status_code == 404
        assert "Attester le service fait" in certifier.get(url).content.decode()
        assert certifier.get(f"{url}attester/").status_code == 200
        certifier.post(f"{url}attester/", {"idempotency_key": str(uuid4())})
        assert claim.number in payer.get("/demandes/a-payer/").content.decode()
        payer.post(f"{url}payer/", {"idempotency_key": str(uuid4()), "reference": "M-9"})

        claim.refresh_from_db()
        assert claim.state == "paid"
        assert breaches() == {}

    def test_the_auditor_reads_the_claim_down_to_the_proof_and_changes_nothing(self, client_for):
        claim = Money().submitted()
        auditor = client_for(a_user("auditor"))
        line = claim.lines.select_related("evidence", "certificate").first()

        proof = auditor.get(f"/demandes/{claim.public_id}/lignes/{line.pk}/").content.decode()

        assert line.evidence.source_key in proof
        assert line.certificate.number in proof
        assert auditor.get("/demandes/").status_code == 200
        answer = auditor.post(f"/demandes/{claim.public_id}/attester/", {"idempotency_key": str(uuid4())})
        assert answer.status_code in (403, 404)

    def test_the_list_is_exported_with_its_filters(self, client_for):
        money = Money()
        claim = money.build()
        client = client_for(money.manager)

        assert claim.number in client.get("/demandes/export.csv").content.decode("utf-8-sig")
        assert claim.number not in client.get("/demandes/export.csv?etat=paid").content.decode("utf-8-sig")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestTwoManagersAtOnce:
    """The same proofs, read by both before either writes."""

    def race(self) -> list[str]:
        money = Money()
        orders = [money.order.pk, money.an_order(1_000_000).pk]
        read, told = threading.Barrier(2, timeout=20), []

        def claim_all(rank: int) -> None:
            try:
                with transaction.atomic():
                    order = PurchaseOrder.objects.select_related("lot__contract").get(pk=orders[rank])
                    lines = api.claimable(money.organisation, *MARCH, order)
                    read.wait()
                    claim = Claim.objects.create(
                        number=f"course-{rank}", organisation=money.organisation, order=order, start=MARCH[0],
                        end=MARCH[1], total_cents=TOTAL, prepared_by=money.manager, prepared_at=NOON,
                    )  # fmt: skip
                    write_lines(claim, lines, NOON)
                told.append("fait")
            except api.EvidenceAlreadyClaimedError as refusal:
                told.append(refusal.message)
            finally:
                connection.close()

        threads = [threading.Thread(target=claim_all, args=(rank,)) for rank in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return sorted(told, key=len)

    def test_one_wins_and_the_other_is_told_where(self):
        won, refused = self.race()

        assert won == "fait"
        assert "Déjà facturée dans la demande course-" in refused
        assert ClaimLine.objects.count() == 2
        assert Claim.objects.count() == 1

    def test_without_the_constraint_both_would_win(self):
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX claim_line_evidence_once")

        assert self.race() == ["fait", "fait"]
        assert "INV-27" in breaches()

    def test_two_whole_acts_at_once_make_one_claim(self):
        money = Money()
        orders, told = [money.order, money.an_order(1_000_000)], []

        def build(order) -> None:
            try:
                told.append(money.build(order=order).number)
            except api.EvidenceAlreadyClaimedError as refusal:
                told.append(refusal.message)
            finally:
                connection.close()

        threads = [threading.Thread(target=build, args=(order,)) for order in orders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert sorted(len(message) > 20 for message in told) == [False, True]
        assert Claim.objects.count() == 1
        assert breaches() == {}
