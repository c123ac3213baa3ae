"""Publishing a path in the editor freezes it."""

from typing import Any

from cms.pages.models import PathPage
from cms.publishing.services import freeze_path
from courses.shared import clock


def on_page_published(sender: Any, instance: Any, revision: Any, **_: Any) -> None:
    """Publishing a path freezes it, in the same transaction."""
    if isinstance(instance, PathPage) and instance.live:
        freeze_path(page=instance, user=revision.user, at=clock.now())
