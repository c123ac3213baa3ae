"""The door, classes."""

from .pages.models import (
    CataloguePage,
    EditorialPage,
    HomePage,
    LessonPage,
    ModulePage,
    ModuleSetPage,
    OrganisationPage,
    PathPage,
)
from .publishing.models import GateReport, NationalApproval, PublishedMedia, PublishedRevision

__all__ = [
    "CataloguePage", "EditorialPage", "GateReport", "HomePage", "LessonPage", "ModulePage", "ModuleSetPage",
    "NationalApproval", "OrganisationPage", "PathPage", "PublishedMedia", "PublishedRevision",
]  # fmt: skip
