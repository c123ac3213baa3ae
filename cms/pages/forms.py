"""The editor's forms: a draft may be unfinished, a publication may not."""

from collections.abc import Iterable
from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from . import rules
from .rules import Gap


class GatedPageForm(WagtailAdminPageForm):
    """Shows what keeps the page from being published, beside the field that mends it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.data.get("action-publish") and not self.errors:
            self._post_clean_now()
            for gap in self.gaps():
                self.add_error(gap.field if gap.field in self.fields else None, gap.text)
        return cleaned

    def _post_clean_now(self) -> None:
        """The instance as it would be saved: the gate reads pages, not data."""
        for name, value in self.cleaned_data.items():
            if name in self.fields and hasattr(self.instance, name):
                setattr(self.instance, name, value)

    def gaps(self) -> Iterable[Gap]:
        return rules.stray_quiz_gaps(self.instance)


class PathPageForm(GatedPageForm):
    def gaps(self) -> Iterable[Gap]:
        yield from super().gaps()
        yield from rules.path_gaps(rules.path_facts(self.instance))


class ModulePageForm(GatedPageForm):
    def gaps(self) -> Iterable[Gap]:
        yield from super().gaps()
        yield from rules.module_gaps(rules.module_facts(self.instance))


class LessonPageForm(GatedPageForm):
    def gaps(self) -> Iterable[Gap]:
        return rules.lesson_gaps(rules.lesson_facts(self.instance))
