"""What an approval publishes."""

from typing import Any

from django.db import transaction

from cms.publishing.gate.subject import waiting_below
from courses.models import User


@transaction.atomic
def publish_below(page: Any, *, user: User | None) -> int:
    """The drafts under a path: lessons, then modules and sets, the deepest first. One that fails names itself."""
    found = waiting_below(page).specific().order_by("-depth", "path")
    for part in found:
        revision = part.get_latest_revision() or part.save_revision(user=user)
        revision.publish(user=user)
    return len(found)
