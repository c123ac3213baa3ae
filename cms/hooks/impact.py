"""The way to « Qui gagne, qui perd ? », from the page of a path."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.pages.models import PathPage


def buttons(page: Page, user: Any, **_: Any) -> Iterator[Button]:
    """For whoever may change the path."""
    if isinstance(page.specific_deferred, PathPage) and page.permissions_for_user(user).can_edit():
        yield Button(
            "Qui gagne, qui perd\u00a0?",
            url=reverse("path_impact", args=[page.pk]),
            icon_name="group",
            priority=46,
        )
