"""How an approved workflow ends (WAGTAIL_FINISH_WORKFLOW_ACTION): loaded before the models, so it imports late."""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved; for a path, the drafts below it first, all or nothing."""
    from django.db import transaction

    from cms.pages.models import PathPage

    from .services import publish_below

    page = workflow_state.content_object.specific
    with transaction.atomic():
        if isinstance(page, PathPage):
            publish_below(page, user=user)
        page.get_latest_revision().publish(user=user)
