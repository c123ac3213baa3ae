"""The main job, end to end, through the services: a proof becomes a right, a right becomes a euro."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from certification import api as certification
from courses import api as courses
from courses.models import Evidence, Statement
from lms.operations.invariants import check_all
from tests import factories
from tests.world import MONDAY, Line, Organisation, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return Line(Organisation())


def test_the_whole_line_holds_from_enrolment_to_payment(line, settings, tmp_path):
    # Each proof is known by its class, and only E1 and E2 carry minutes.
    proofs = {
        e.kind: (e.evidence_class, e.minutes) for e in Evidence.objects.filter(enrolment=line.enrolment)
    }
    assert proofs == {
        "lesson_read": ("E0", 0),
        "quiz_graded": ("E1", 10_290),
        "presence": ("E2", 210),
        "placement": ("E2", 2_100),
    }
    assert Statement.objects.filter(registration=line.enrolment.registration).count() >= 4
    assert line.certificate.minutes == 10_500

    # The status is the fold of decisions, and says why.
    status = certification.certification_status(line.adviser, as_of=MONDAY + timedelta(days=60))
    assert status.state == "certified"
    before = certification.certification_status(
        line.adviser, as_of=MONDAY + timedelta(days=60), known_at=at(line.exam_day, 13)
    )
    assert before.state != "certified"

    # The credential is valid for anyone.
    assert certification.verify_code(line.credential.code).state == "valid"

    # 175 h at 10,00 € and a first certification at 300,00 €: every cent rests on a proof.
    assert line.claim_row.total_cents == 175 * 1_000 + 30_000
    day = line.exam_day + timedelta(days=12)
    manager = line.organisation.manager
    certification.submit_claim(claim_id=line.claim_row.pk, actor=manager, at=at(day))
    certification.certify_service(
        claim_id=line.claim_row.pk, actor=factories.a_user("service_certifier"), at=at(day, 11)
    )
    paid = certification.pay_claim(
        claim_id=line.claim_row.pk, reference="VIR-1", actor=factories.a_user("payer"), at=at(day, 12)
    )
    assert paid.state == "paid"

    settings.MEDIA_ROOT = settings.LMS_VAR_DIR / "media"
    courses.drain()
    assert [(r.id, r.breaches) for r in check_all() if not r.ok] == []

    pack = tmp_path / "pack"
    call_command(
        "audit_pack",
        f"--as-of={MONDAY + timedelta(days=60)}",
        f"--known-at={at(day, 13).isoformat()}",
        f"--out={pack}",
    )
    assert (pack / "manifest.json").exists()


def test_no_proof_is_billed_twice(line):
    with pytest.raises(certification.EvidenceAlreadyClaimedError, match="deux fois"):
        certification.build_claim(
            organisation=line.organisation.training,
            order=line.organisation.order,
            start=MONDAY,
            end=MONDAY + timedelta(days=40),
            actor=line.organisation.manager,
            at=at(line.exam_day + timedelta(days=11)),
        )
