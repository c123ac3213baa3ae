"""What a page belongs to: its path, its organisation, and whether the agency must agree."""

from typing import Any

from wagtail.models import Page

from .models import OrganisationPage, PathPage


def path_of(page: Page) -> PathPage | None:
    """The path that this page is, or is in."""
    found: PathPage | None = PathPage.objects.ancestor_of(page, inclusive=True).first()
    return found


def space_of(page: Page) -> OrganisationPage | None:
    """The branch that this page is in."""
    found: OrganisationPage | None = OrganisationPage.objects.ancestor_of(page, inclusive=True).first()
    return found


def is_national(page: Any) -> bool:
    """A path that is published as national, or whose draft says so; and all that is inside it."""
    path = path_of(page)
    if path is None:
        return False
    return path.national or path.get_latest_revision_as_object().national
