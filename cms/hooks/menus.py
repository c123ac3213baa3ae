"""Only what authors need."""

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

HIDDEN = {"reports", "help", "settings", "snippets", "users", "redirects"}


def construct_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Pages, images, documents."""
    items[:] = [item for item in items if item.name not in HIDDEN]
