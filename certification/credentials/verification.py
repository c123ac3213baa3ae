"""The public check of a code: what it says is all that anyone may learn."""

import json
from dataclasses import dataclass
from datetime import date

from certification.juries.rules import day_of

from . import keys
from .codes import grouped, is_well_formed, normalise
from .enums import RevocationReason, VerificationState
from .models import Credential, CredentialRevocation
from .payload import differences


@dataclass(frozen=True)
class Verification:
    """The answer: state, and for a known code what the paper itself says. Never more (R-54)."""

    state: VerificationState
    code: str = ""
    holder: str = ""
    title: str = ""
    issued_on: date | None = None
    revoked_on: date | None = None
    revocation_reason: str = ""
    issuer: str = ""
    key_id: str = ""

    @property
    def printed_code(self) -> str:
        return grouped(self.code)


UNKNOWN = Verification(VerificationState.UNKNOWN)


def verify_code(code: str) -> Verification:
    """Is this credential valid today? Checks the signature, and that the signed text equals our rows (INV-24)."""
    wanted = normalise(code)
    if not is_well_formed(wanted):
        return UNKNOWN
    credential = (
        Credential.objects.filter(code=wanted).select_related("decision", "pix_result__candidacy").first()
    )
    return verify(credential) if credential else UNKNOWN


def verify(credential: Credential) -> Verification:
    """The answer for one credential."""
    signed = keys.signed_payload(credential.signature, credential.key_id)
    if signed is None or signed != credential.payload or credential.computed_seal() != credential.seal:
        return Verification(VerificationState.ALTERED, code=credential.code)
    content = json.loads(signed)
    if differences(content, credential):
        return Verification(VerificationState.ALTERED, code=credential.code)
    revoked_on, reason = _revocation(credential)
    return Verification(
        state=VerificationState.REVOKED if revoked_on else VerificationState.VALID,
        code=credential.code,
        holder=content["holder"],
        title=content["title"],
        issued_on=credential.valid_on,
        revoked_on=revoked_on,
        revocation_reason=reason,
        issuer=content["issuer"]["name"],
        key_id=credential.key_id,
    )


def _revocation(credential: Credential) -> tuple[date | None, str]:
    """Since when, and the category of the reason; a ground that was corrected revokes by itself."""
    revocation = CredentialRevocation.objects.filter(credential=credential).first()
    if revocation:
        known = revocation.reason in RevocationReason.values
        reason = RevocationReason(revocation.reason) if known else RevocationReason.OTHER
        return revocation.valid_on, str(reason.label)
    for ground in (credential.decision, credential.pix_result):
        if ground.superseded_at is not None:
            return day_of(ground.superseded_at), str(RevocationReason.DECISION_CORRECTED.label)
    return None, ""
