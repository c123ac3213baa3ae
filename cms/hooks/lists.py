"""The short lists that the editor offers beside its tables: names of persons, popular words."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from taggit.models import Tag
from wagtail.admin import filters
from wagtail.admin.views.pages.listing import GenericPageFilterSet, PageFilterSet
from wagtail.images.views import chooser
from wagtail.models import Page, PageLogEntry

from cms.pages.models import BodyPage
from courses.models import User

from . import reach


def owners(request: HttpRequest) -> QuerySet[User]:
    """Those who own a page that this person may see."""
    return User.objects.filter(pk__in=reach.reachable(Page, request.user).order_by().values("owner_id"))


def editors(request: HttpRequest) -> QuerySet[User]:
    """Those who have changed a page that this person may see."""
    edits = PageLogEntry.objects.filter(
        action="wagtail.edit", page__in=reach.reachable(Page, request.user).order_by().values("pk")
    )
    return User.objects.filter(pk__in=edits.order_by().values("user_id"))


def no_tags(model: Any, count: int = 10) -> QuerySet[Tag]:
    """The words put on images and documents belong to no organisation: none is offered to another one."""
    return Tag.objects.none()


def narrow() -> None:
    """Wagtail fills these lists from the whole house, and has no hook for them."""
    for filterset in (PageFilterSet, GenericPageFilterSet):
        filterset.base_filters["owner"].queryset = owners
        filterset.base_filters["edited_by"].queryset = editors
    filters.popular_tags_for_model = no_tags
    chooser.popular_tags_for_model = no_tags
    # A page is public or a draft: no list of groups to choose from.
    BodyPage.private_page_options = []
