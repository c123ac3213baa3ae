"""The PDF of a credential: drawn from the signed payload, stored once."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from courses.shared import documents

from .codes import grouped
from .models import Credential, CredentialDocument
from .qr import qr_svg

TEMPLATE = Path(__file__).parent / "credential.typ"


@transaction.atomic
def render_document(*, credential_id: int, at: datetime) -> CredentialDocument:
    """Draw the paper of one credential; drawn twice, it is stored once."""
    credential = Credential.objects.select_for_update(of=("self",)).get(pk=credential_id)
    drawn = CredentialDocument.objects.filter(credential=credential).first()
    if drawn is not None:
        return drawn
    pdf = documents.render_pdf(TEMPLATE, paper(credential))
    file = documents.store(pdf, documents.PDF, at)
    return CredentialDocument.objects.create(
        credential=credential, file=file, valid_on=credential.valid_on, known_at=at
    )


def paper(credential: Credential) -> dict[str, Any]:
    """What the template shows: the signed words, the signature, the code as printed and its QR code."""
    return {
        **json.loads(credential.payload),
        "signature": credential.signature,
        "printed_code": grouped(credential.code),
        "verify_page": f"{settings.LMS_PUBLIC_URL}{reverse('verify')}",
        "qr": qr_svg(credential.code),
    }
