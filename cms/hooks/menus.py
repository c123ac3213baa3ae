"""Only what authors need."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

HIDDEN = {"reports", "help", "settings", "snippets", "users", "redirects"}


def construct_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Pages, images, documents."""
    items[:] = [item for item in items if item.name not in HIDDEN]


def construct_homepage_summary_items(request: HttpRequest, items: list[Any]) -> None:
    """No counters of the whole house."""
    items.clear()


def construct_user_menu(request: HttpRequest, items: list[Any]) -> None:
    """The account is the site’s own."""
    items[:] = [item for item in items if getattr(item, "name", "") != "account"]
