"""What must hold of certifications and credentials on live data (promises.md, INV-19, INV-23, INV-24)."""

from collections.abc import Iterator
from datetime import date, datetime

from courses.models import Adviser, Statement

from .enums import VerificationState
from .models import Credential
from .status import certification_status, certified_advisers
from .verification import verify

Fault = tuple[str, str]  # which object, and what is wrong (French)


def weak_certifications(today: date, known_at: datetime | None = None) -> Iterator[Fault]:
    """INV-19: each certified person rests on an effective jury decision (E3) and an official Pix result."""
    certified = certified_advisers(today, known_at)
    for adviser in Adviser.objects.filter(pk__in=certified).order_by("pk").iterator(500):
        status = certification_status(adviser, as_of=today, known_at=known_at)
        if not status.certified or status.since != certified[adviser.pk]:
            yield str(adviser.number), "Le statut individuel diffère du décompte national."
            continue
        proofs = [proof for part in status.parts for proof in part.evidence]
        if any(proof.evidence_class == "E0" for proof in proofs):
            yield str(adviser.number), "Une certification repose sur une simple déclaration (E0)."
        decision = next((proof for proof in proofs if proof.kind == "decision"), None)
        if decision is None or not _told_by_a_jury(decision.reference):
            yield str(adviser.number), "La décision du jury n’a pas sa trace E3."


def _told_by_a_jury(decision: str) -> bool:
    statement = (
        Statement.objects.filter(uuid=decision, evidence_class="E3").select_related("authority").first()
    )
    return statement is not None and "jury/" in statement.authority.ifi


def false_credentials() -> Iterator[Fault]:
    """INV-23, INV-24: each credential verifies against the published key and equals its rows."""
    for credential in Credential.objects.select_related("decision", "pix_result__candidacy").iterator(500):
        if verify(credential).state == VerificationState.ALTERED:
            yield credential.code[:4] + "…", "Le contenu signé diffère de la base ou de sa signature."
        if credential.decision.outcome != "acquired":
            yield credential.code[:4] + "…", "Attestation fondée sur une décision défavorable."
