"""Asking for an audit pack, and making it."""

import json
from datetime import date, datetime, timedelta

from django.db import transaction

from courses.api import audit, outbox
from courses.models import User
from courses.shared import documents
from courses.shared.errors import DomainError

from .models import PackRequest
from .packs import archive, build

KIND = "exchange.audit_pack"
OFFERED_FOR = timedelta(hours=24)
ZIP = "application/zip"


class PackError(DomainError):
    """This pack cannot be made."""


@transaction.atomic
def ask_for_pack(*, as_of: date, known_at: datetime, actor: User, at: datetime) -> PackRequest:
    """Order a pack; one already ordered by the same person for the same dates and still offered is given back."""
    if known_at > at:
        raise PackError("On ne peut pas savoir aujourd’hui ce que l’on saura plus tard.", field="connu_le")
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    mine = PackRequest.objects.filter(requester=actor, as_of=as_of, known_at=known_at, expires_at__gt=at)
    if kept := mine.first():
        return kept
    request = PackRequest.objects.create(
        requester=actor, as_of=as_of, known_at=known_at, asked_at=at, expires_at=at + OFFERED_FOR
    )
    after = {"as_of": as_of, "known_at": known_at}
    audit.record("reporting.pack.make", actor=actor, target=request, at=at, after=after)
    outbox.post(KIND, key=str(request.pk), at=at)
    return request


@transaction.atomic
def make_requested_pack(*, request_id: int, at: datetime) -> PackRequest:
    """Make the file; a second errand finds it made."""
    request = PackRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.made_at is None:
        report, contents = build(as_of=request.as_of, known_at=request.known_at)
        request.file = documents.store(archive(contents), ZIP, at)
        request.report, request.made_at = json.dumps(report.as_json()), at
        request.save(update_fields=["file", "report", "made_at"])
    return request
