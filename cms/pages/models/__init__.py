"""The pages: a public site, and for each training organisation its own branch of paths, modules and lessons."""

from cms.pages.signals import deletion_asked

from .base import BodyPage, TaughtPage
from .module import LessonPage, ModulePage
from .path import ModuleSetPage, PathPage
from .site import CataloguePage, EditorialPage, HomePage, OrganisationPage

__all__ = [
    "BodyPage", "CataloguePage", "EditorialPage", "HomePage", "LessonPage", "ModulePage", "ModuleSetPage",
    "OrganisationPage", "PathPage", "TaughtPage", "deletion_asked",
]  # fmt: skip
