"""Only what authors need; what they may not do is not offered."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.action_menu import PublishMenuItem
from wagtail.admin.menu import MenuItem

from cms.pages.nation import is_national
from cms.publishing.access import edits_nation

HIDDEN = {"reports", "help", "settings", "snippets", "users", "redirects"}


def construct_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Pages, images, documents."""
    items[:] = [item for item in items if item.name not in HIDDEN]


def construct_page_action_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """In a national path, organisations submit: the agency publishes."""
    user: Any = request.user
    place = context.get("page") or context.get("parent_page")
    if place is not None and place.pk is None:
        place = context.get("parent_page")
    if place is None or edits_nation(user) or not is_national(place):
        return
    items[:] = [item for item in items if not isinstance(item, PublishMenuItem)]
