"""The clock of publications, and the mail that says why a date was not kept."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.models import Revision

from cms.pages.nation import space_of
from courses.api import handles

from . import services
from .roles import managers_of
from .services.scheduling import TELL, why_refused


@shared_task(name="cms.publish_scheduled", ignore_result=True, time_limit=600)
def publish_scheduled() -> None:
    """What is due to be published or withdrawn; rung by the beat."""
    services.publish_due()


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
        send_mail(
            f"«\u00a0{' '.join(page.title.split())}\u00a0» n’a pas été publié à la date prévue",
            text,
            None,
            [user.email],
        )


def _managers(page: Any) -> list[Any]:
    space = space_of(page)
    return list(managers_of(space.organisation_id)) if space else []
