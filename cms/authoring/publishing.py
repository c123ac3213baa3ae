"""Publishing what was written at once."""

from datetime import datetime

from django.db import transaction

from cms.pages.models import PathPage
from cms.publishing.access import settle_groups
from courses.models import PathVersion, User
from courses.shared import clock


@transaction.atomic
def publish_path(page: PathPage, *, user: User, at: datetime | None = None) -> PathVersion:
    """Publish the lessons, then the modules, then the path, as the editor’s button does on each page."""
    with clock.travel(at or clock.now()):
        return _publish(page, user)


def _publish(page: PathPage, user: User) -> PathVersion:
    settle_groups(user)
    page.refresh_from_db()
    below = page.get_descendants().specific().order_by("-depth", "path")
    for part in [*below, page.specific]:
        revision = part.get_latest_revision() or part.save_revision(user=user)
        if (
            part.pk == page.pk
            or not part.live
            or part.has_unpublished_changes
            or part.live_revision_id is None
        ):
            revision.publish(user=user)
    page.refresh_from_db()
    if page.version is None:
        raise RuntimeError("Publishing a path gives it a version.")
    return page.version
