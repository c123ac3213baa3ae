"""What an adviser may enrol in."""

from django.db.models import Max, QuerySet

from courses.models import PathVersion, User


def versions_visible_to(user: User) -> QuerySet[PathVersion]:
    """The last published version of each path, for any adviser: nobody enrols in a former one."""
    if user.rights.adviser_id is None:
        return PathVersion.objects.none()
    last = PathVersion.objects.known().values("path").annotate(last=Max("pk")).values("last")
    return PathVersion.objects.known().filter(pk__in=last).select_related("path__organisation")
