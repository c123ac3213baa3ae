"""Issuing and revoking."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from certification.candidacies.models import PixResult
from certification.juries.models import JuryDecision
from certification.juries.queries import holds_role
from certification.juries.rules import day_of
from courses.api import Role, audit, outbox
from courses.models import Adviser, User

from . import keys
from .codes import new_code
from .enums import RevocationReason
from .errors import CredentialExistsError, NotCertifiedError, RevocationDeniedError, RevocationError
from .models import Credential, CredentialRevocation
from .payload import payload
from .rules import CertificationStatus
from .status import certification_status

RENDER = "credentials.render"


@transaction.atomic
def issue_credential(*, adviser: Adviser, actor: User, at: datetime) -> Credential:
    """Freeze and sign what a certified adviser may show (INV-23: only upon an effective favourable decision)."""
    Adviser.objects.select_for_update(of=("self",)).get(pk=adviser.pk)
    day = day_of(at)
    status = certification_status(adviser, as_of=day, known_at=at)
    if not status.certified:
        reasons = " ".join(part.reason for part in status.parts if part.state != "acquired")
        raise NotCertifiedError(f"L’attestation ne peut pas encore être délivrée. {reasons}")
    decision, pix_result = _grounds(status)
    _make_room(decision, at)
    key, code, public_id = keys.signing_key(), new_code(), uuid4()
    content = payload(
        code=code, public_id=public_id, adviser=adviser, decision=decision, pix_result=pix_result, status=status,
        key_id=key.thumbprint(), at=at, issued_on=day,
    )  # fmt: skip
    credential = Credential.objects.create(
        public_id=public_id, code=code, adviser=adviser, decision=decision, pix_result=pix_result, payload=content,
        signature=keys.sign(content, key), key_id=key.thumbprint(), valid_on=day, known_at=at,
    )  # fmt: skip
    after = {"adviser": adviser.number, "decision": str(decision.public_id), "key": credential.key_id}
    audit.record("credentials.credential.issue", actor=actor, target=credential, at=at, after=after)
    outbox.post(RENDER, key=str(credential.pk), at=at)
    return credential


@transaction.atomic
def revoke_credential(
    *, credential: Credential, reason: str, actor: User, at: datetime, detail: str = ""
) -> CredentialRevocation:
    """Say that a credential no longer holds, since when and why; its code shows « révoquée » from then on.

    `reason` is a RevocationReason value (anything else shows publicly as « autre motif »); `detail` stays in the
    audit trail.
    """
    if not holds_role(actor, Role.PROGRAMME_MANAGER, day_of(at)):
        raise RevocationDeniedError("Seul le responsable du programme révoque une attestation.")
    if not reason.strip():
        raise RevocationError("Une révocation porte son motif.", field="reason")
    Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if CredentialRevocation.objects.filter(credential=credential).exists():
        raise RevocationError("Cette attestation est déjà révoquée.")
    return _revoke(credential, reason.strip(), detail.strip(), actor, at)


@transaction.atomic
def revoke_for_correction(*, decision_id: int, actor: User, at: datetime) -> None:
    """A corrected decision takes its credential with it (INV-23), whoever corrected it."""
    for credential in Credential.objects.select_for_update(of=("self",)).filter(decision=decision_id):
        if not CredentialRevocation.objects.filter(credential=credential).exists():
            _revoke(credential, RevocationReason.DECISION_CORRECTED.value, "", actor, at)


def _revoke(
    credential: Credential, reason: str, detail: str, actor: User, at: datetime
) -> CredentialRevocation:
    revocation = CredentialRevocation.objects.create(
        credential=credential, reason=reason, revoked_by=actor, valid_on=day_of(at), known_at=at
    )
    after = {"credential": str(credential.public_id)}
    why = " – ".join(filter(None, [reason, detail]))
    audit.record(
        "credentials.credential.revoke", actor=actor, target=revocation, at=at, after=after, reason=why
    )
    return revocation


def _grounds(status: CertificationStatus) -> tuple[JuryDecision, PixResult]:
    """The decision and the result that the status rests on."""
    proofs = {proof.kind: proof for part in status.parts for proof in part.evidence}
    decision = JuryDecision.objects.known().get(public_id=proofs["decision"].reference)
    pix_result = PixResult.objects.known().get(certification_number=proofs["pix"].reference)
    return decision, pix_result


def _make_room(decision: JuryDecision, at: datetime) -> None:
    """One credential holds for a decision; a revoked one gives way to the next, under another code."""
    former = Credential.objects.known().filter(decision=decision).first()
    if former is None:
        return
    if not CredentialRevocation.objects.filter(credential=former).exists():
        raise CredentialExistsError("Votre attestation est déjà délivrée : vous pouvez la télécharger.")
    former.superseded_at = at
    former.save(update_fields=["superseded_at"])
