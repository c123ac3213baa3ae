"""The editor's accessibility checker runs the very list of the gate."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.userbar import ContentCheckerItem

from cms.publishing.gate.accessibility import RULES


class GateCheckerItem(ContentCheckerItem):
    """The rules of the gate, with their French words."""

    axe_run_only = list(RULES)
    axe_messages = {
        rule: {"error_name": wrong, "help_text": remedy} for rule, (wrong, remedy) in RULES.items()
    }


def construct_wagtail_userbar(request: HttpRequest, items: list[Any], page: Any) -> None:
    """In place of Wagtail's own list."""
    items[:] = [
        GateCheckerItem(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]
