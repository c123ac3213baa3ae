"""Which branches and paths a person may write in, as lists: what is not in them does not exist for him."""

from django.db.models import QuerySet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.pages.models import OrganisationPage, PathPage
from courses.models import User


def paths_visible_to(user: User) -> "QuerySet[PathPage]":
    """The paths that this person may change."""
    return PathPage.objects.filter(pk__in=_allowed(user, "change"))


def spaces_visible_to(user: User) -> "QuerySet[OrganisationPage]":
    """The branches where this person may add pages."""
    return OrganisationPage.objects.filter(pk__in=_allowed(user, "add"))


def _allowed(user: User, action: str) -> "QuerySet[Page]":
    policy = policy_registry.get_by_type(Page)
    return policy.instances_user_has_permission_for(user, action).values("pk")
