"""The door, classes."""

from .pages.models import CataloguePage, HomePage, LessonPage, ModulePage, OrganisationPage, PathPage
from .publishing.models import PublishedMedia, PublishedRevision

__all__ = [
    "CataloguePage", "HomePage", "LessonPage", "ModulePage", "OrganisationPage", "PathPage", "PublishedMedia",
    "PublishedRevision",
]  # fmt: skip
