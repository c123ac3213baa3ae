"""Enrolments with the versions they follow, read in one question with other lists (courses.shared.together)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from courses.shared.together import Rows

from .models import Enrolment, VersionAdoption


def enrolment_lists(enrolments: QuerySet[Enrolment]) -> dict[str, Rows]:
    """What `enrolments_from` puts together."""
    adoptions = VersionAdoption.objects.filter(enrolment__in=enrolments.order_by().values("pk"))
    return {
        "enrolments": Rows(enrolments, related=("path", "path__organisation", "path_version")),
        "adoptions": Rows(adoptions, related=("path_version",)),
    }


def enrolments_from(lists: Mapping[str, list[Any]]) -> list[Enrolment]:
    """As `with_versions()` would have given them: their versions are asked of nobody any more."""
    adopted: dict[int, list[VersionAdoption]] = defaultdict(list)
    for adoption in lists["adoptions"]:
        adopted[adoption.enrolment_id].append(adoption)
    enrolments: list[Enrolment] = lists["enrolments"]
    for enrolment in enrolments:
        kept = VersionAdoption.objects.none()
        kept._result_cache = adopted[enrolment.pk]
        enrolment.__dict__["_prefetched_objects_cache"] = {"adoptions": kept}
    return enrolments
