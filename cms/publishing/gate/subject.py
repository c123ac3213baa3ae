"""The page that the gate looks at, with what is above and below it."""

from functools import cached_property
from typing import Any

from django.db.models import Q

from cms.pages.models import LessonPage, ModulePage, ModuleSetPage, PathPage
from cms.publishing.queries import read_path

KINDS = {LessonPage: "lesson", ModulePage: "module", ModuleSetPage: "set", PathPage: "path"}


class Subject:
    """A page as it would be published. With `drafts`, what is below is read as written, not as published."""

    def __init__(self, page: Any, *, drafts: bool) -> None:
        self.page = page
        self.drafts = drafts

    @property
    def kind(self) -> str:
        return KINDS.get(type(self.page), "page")

    @property
    def named(self) -> str:
        return f"{self.page._meta.verbose_name.capitalize()} «\u00a0{self.page.title}\u00a0»"

    @cached_property
    def parent(self) -> Any:
        """The page above, as written."""
        parent = self.page.get_parent() if self.page.pk else getattr(self.page, "_gate_parent", None)
        return parent.specific.get_latest_revision_as_object() if parent else None

    @cached_property
    def lessons(self) -> "list[Subject]":
        """Of a module. Its durations are added up as written: lessons are published before it."""
        return [Subject(page, drafts=self.drafts) for page in self._below(LessonPage)]

    @cached_property
    def modules(self) -> "list[Subject]":
        """Of a path, at any depth."""
        if self.drafts or not self.page.pk:
            return [Subject(page, drafts=True) for page in self._below(ModulePage)]
        return [Subject(page, drafts=False) for page in self.page.modules]

    @cached_property
    def structure(self) -> Any:
        """Of a path: what publishing it would freeze."""
        return read_path(self.page, draft=self.drafts).structure if self.page.pk else None

    @cached_property
    def items(self) -> list[Any]:
        """What a set or a path holds directly."""
        if not self.page.pk:
            return []
        return list(self.page.get_children().filter(_KEPT).order_by("path"))

    @cached_property
    def waiting(self) -> int:
        """How many pages below have something unpublished."""
        if not self.page.pk:
            return 0
        return waiting_below(self.page).count()

    def _below(self, model: Any) -> list[Any]:
        if not self.page.pk:
            return []
        found = model.objects.descendant_of(self.page).order_by("path")
        if self.drafts:
            return [page.get_latest_revision_as_object() for page in found.filter(_KEPT)]
        return list(found.live())


# Published, or never yet published: a page that was withdrawn stays withdrawn.
_KEPT = Q(live=True) | Q(first_published_at=None)


def waiting_below(page: Any) -> Any:
    """The drafts under a page: never published, or changed since."""
    return page.get_descendants().filter(
        Q(live=True, has_unpublished_changes=True) | Q(live=False, first_published_at=None)
    )
