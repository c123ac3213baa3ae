"""Where a path leaves the editor, and where it comes in."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.pages.models import OrganisationPage, PathPage
from cms.publishing.portable import views
from cms.publishing.portable.copying import follow_copy


def register_admin_urls() -> list[URLPattern]:
    """Inside the editor: its door is theirs."""
    return [
        path("parcours/<int:page_id>/exporter/", views.export, name="wagtailadmin_path_export"),
        path("parcours/<int:parent_page_id>/importer/", views.import_file, name="wagtailadmin_path_import"),
    ]


def buttons(page: Any, user: Any, next_url: str | None = None, **_: Any) -> Iterator[Button]:
    """In the menu of a path, and in that of a branch."""
    page = page.specific
    rights = page.permissions_for_user(user)
    if isinstance(page, PathPage) and rights.can_edit():
        url = reverse("wagtailadmin_path_export", args=[page.pk])
        yield Button("Exporter le parcours", url, icon_name="download", priority=80)
    elif isinstance(page, OrganisationPage) and rights.can_add_subpage():
        url = reverse("wagtailadmin_path_import", args=[page.pk])
        yield Button("Importer un parcours", url, icon_name="upload", priority=80)


def after_copy_page(request: HttpRequest, page: Page, new_page: Page) -> None:
    """Prerequisites follow the copy."""
    follow_copy(page, new_page)
