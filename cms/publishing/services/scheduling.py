"""Publications on a date: the machine publishes, and tells people when the gate refuses."""

from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.db import transaction
from wagtail.models import Revision

from cms.publishing.errors import UnfinishedPageError
from cms.publishing.services.accepting import accept_publication
from courses.api import outbox
from courses.shared import clock
from courses.shared.errors import DomainError

TELL = "content.schedule_refused"


def publish_due() -> None:
    """Publish what is due, withdraw what has expired; each page by itself."""
    call_command("publish_scheduled")


@transaction.atomic
def refuse_schedule(*, revision: Revision, at: datetime) -> None:
    """The date is withdrawn, the page stays as it was, and those concerned are told by mail."""
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    outbox.post(TELL, key=f"{revision.pk}/{at.isoformat()}", at=at)


def why_refused(page: Any, revision: Revision) -> str:
    """What the gate would answer today; empty when it would let the page pass."""
    try:
        with transaction.atomic():
            accept_publication(page=page, revision=revision, user=None, at=clock.now())
            raise _Undo
    except _Undo:
        return ""
    except DomainError as refusal:
        return refusal.message


class _Undo(UnfinishedPageError):
    """Only asked, not done."""

    def __init__(self) -> None:
        super().__init__("")
