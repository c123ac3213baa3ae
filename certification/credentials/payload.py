"""What is signed: the canonical JSON that a credential is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from certification.candidacies.models import PixResult
from certification.completion.models import CompletionCertificate
from certification.juries.models import JuryDecision
from courses.models import Adviser, Evidence
from courses.shared import canonical

from .models import Credential
from .rules import CertificationStatus

VERSION = 1
PROVING = ("E1", "E2")


def payload(
    *,
    code: str,
    public_id: UUID,
    adviser: Adviser,
    decision: JuryDecision,
    pix_result: PixResult,
    status: CertificationStatus,
    key_id: str,
    at: datetime,
    issued_on: date,
) -> str:
    """Every word of the credential, frozen: whoever holds the public key can read and check it without us."""
    block = decision.sitting.candidacy.block
    pix_block = pix_result.candidacy.block
    return canonical.dumps(
        {
            "version": VERSION,
            "id": public_id,
            "code": code,
            "issuer": {"name": settings.LMS_SITE_NAME, "url": settings.LMS_PUBLIC_URL},
            "holder": adviser.user.get_full_name(),
            "title": f"{block.qualification.title} – {block.code} {block.title}",
            "blocks": [{"code": block.code, "title": block.title}, {"code": pix_block.code, "title": pix_block.title}],
            "decision": {"id": decision.public_id, "seal": decision.seal, "on": decision.valid_on},
            "pix": {
                "number": pix_result.certification_number, "score": pix_result.score,
                "max_reachable": pix_result.max_reachable, "on": pix_result.valid_on, "seal": pix_result.seal,
            },
            "certified_on": status.since,
            "issued_on": issued_on,
            "issued_at": at,
            "rule": {"code": status.rule, "version": status.rule_version},
            "evidence": sorted({*(row.seal for part in status.parts for row in part.evidence), *_training(decision)}),
            "key_id": key_id,
        }
    )  # fmt: skip


def _training(decision: JuryDecision) -> Iterable[str]:
    """The seals of the graded and attested evidence, and of the certificates, behind the candidacy."""
    enrolment = decision.sitting.candidacy.enrolment_id
    if enrolment is None:
        return []
    evidence = Evidence.objects.known().filter(enrolment=enrolment, evidence_class__in=PROVING)
    certificates = CompletionCertificate.objects.known().filter(enrolment=enrolment)
    return [*evidence.values_list("seal", flat=True), *certificates.values_list("seal", flat=True)]


def differences(content: dict[str, Any], credential: Credential) -> list[str]:
    """Names of the signed values that differ from the rows of the database; empty when they are equal."""
    decision, pix = credential.decision, credential.pix_result
    expected = {
        "id": str(credential.public_id),
        "code": credential.code,
        "key_id": credential.key_id,
        "decision": {"id": str(decision.public_id), "seal": decision.seal, "on": decision.valid_on.isoformat()},
        "pix": {
            "number": pix.certification_number, "score": pix.score, "max_reachable": pix.max_reachable,
            "on": pix.valid_on.isoformat(), "seal": pix.seal,
        },
        "issued_on": credential.valid_on.isoformat(),
    }  # fmt: skip
    found = [name for name, value in expected.items() if content.get(name) != value]
    found += ["decision.seal"] if decision.computed_seal() != decision.seal else []
    found += ["pix.seal"] if pix.computed_seal() != pix.seal else []
    return found
