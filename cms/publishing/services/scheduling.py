"""Publications on a date: the machine publishes, and tells people when the gate refuses."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.models import Revision

from cms.pages.nation import space_of
from cms.publishing.errors import UnfinishedPageError
from cms.publishing.roles import managers_of
from cms.publishing.services.accepting import accept_publication
from courses.api import handles, outbox
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


@handles(TELL)
def tell_refusal(key: str, at: datetime) -> None:
    """The author and the managers read why, and where to mend it."""
    revision = Revision.objects.select_related("user").get(pk=int(key.partition("/")[0]))
    page = revision.as_object()
    people = {
        user
        for user in (revision.user, page.owner, *_managers(page))
        if user and user.is_active and user.email
    }
    context = {
        "page": page,
        "why": why_refused(page, revision)
        or "Le contenu a été complété depuis\u00a0: vous pouvez le publier.",
        "address": settings.LMS_PUBLIC_URL + reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
    text = render_to_string("cms/editor/schedule_refused.txt", context)
    for user in sorted(people, key=lambda person: person.pk):
        send_mail(f"«\u00a0{page.title}\u00a0» n’a pas été publié à la date prévue", text, None, [user.email])


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


def _managers(page: Any) -> list[Any]:
    space = space_of(page)
    return list(managers_of(space.organisation_id)) if space else []
