"""Pages of help written at once, from data: for the demonstration and for a site that starts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from courses.models import User

from .models import EditorialPage, HomePage


@dataclass(frozen=True)
class GuideSpec:
    """A page of help; `html` is its text."""

    title: str
    slug: str
    lead: str
    html: str = ""
    below: "tuple[GuideSpec, ...]" = ()


@transaction.atomic
def write_guides(guides: Sequence[GuideSpec], *, user: User) -> int:
    """Publish those that are not there yet, below the home page; returns how many were written."""
    home = HomePage.objects.first()
    return sum(_write(home, guide, user) for guide in guides) if home else 0


def _write(parent: HomePage | EditorialPage, guide: GuideSpec, user: User) -> int:
    page = EditorialPage.objects.child_of(parent).filter(slug=guide.slug).first()
    written = 0
    if page is None:
        body = [("text", guide.html)] if guide.html else []
        page = EditorialPage(title=guide.title, slug=guide.slug, lead=guide.lead, body=body, live=False)
        parent.add_child(instance=page)
        page.save_revision(user=user).publish(user=user)
        written = 1
    return written + sum(_write(page, below, user) for below in guide.below)
