"""The editor's forms: a draft may be unfinished, a publication may not."""

from typing import Any

from django import forms
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page

from courses.api import Role, SetRule

from .choices import equivalent_choices, required_choices
from .signals import gate_asked

NATIONAL = (Role.PROGRAMME_MANAGER.value, Role.ADMINISTRATOR.value)


class GatedPageForm(WagtailAdminPageForm):
    """Shows what keeps the page from being published, beside the field that mends it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # Drawn from the title when nobody wrote one.
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.data.get("action-publish") and not self.errors:
            self._post_clean_now()
            answers: Any = gate_asked.send(
                sender=type(self.instance), instance=self.instance, user=self.for_user
            )
            for _, gaps in answers:
                for field, text in gaps:
                    self.add_error(field if field in self.fields else None, text)
        return cleaned

    def clean_slug(self) -> str:
        """Two drafts may bear the same title: the address of the second gets a number, nobody is stopped for it."""
        slug: str = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))
        if not slug or self.parent_page is None or (self.instance.pk and self.instance.live):
            return slug
        free, number = slug, 1
        while not Page._slug_is_available(free, self.parent_page, self.instance):
            number += 1
            free = f"{slug[:240]}-{number}"
        return free

    def _post_clean_now(self) -> None:
        """The instance as it would be saved: the gate reads pages, not data."""
        for name, value in self.cleaned_data.items():
            if name in self.fields and hasattr(self.instance, name):
                setattr(self.instance, name, value)


class PathPageForm(GatedPageForm):
    """A path that is national stays so, unless the agency says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        national = self.fields.get("national")
        if national is None or self.for_user is None or self.for_user.rights.has(*NATIONAL):
            return
        # An older revision, taken up again, does not withdraw it either.
        if self._is_national():
            self.instance.national = self.initial["national"] = True
            national.disabled = True
            national.help_text = (
                "Seule l’ANCT peut lui retirer cette qualité. Elle publie après votre accord."
            )

    def _is_national(self) -> bool:
        if not self.instance.pk:
            return False
        kept = type(self.instance).objects.get(pk=self.instance.pk)
        return kept.national or kept.get_latest_revision_as_object().national


class ModuleSetPageForm(GatedPageForm):
    """How much is asked is said in numbers only when the rule wants one."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("rule") == SetRule.ALL and "need" in cleaned:
            cleaned["need"] = 0
        elif "need" in cleaned and cleaned["need"] is None:
            cleaned["need"] = 0
        return cleaned


class _Modules(forms.MultipleChoiceField):
    """Modules ticked in a list, kept as the text of their keys."""

    widget = forms.CheckboxSelectMultiple

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(map(str, initial or [])) != sorted(map(str, data or []))


class ModulePageForm(GatedPageForm):
    """Prerequisites and equivalences are chosen among real modules."""

    requires = _Modules(
        label="Modules à terminer avant",
        required=False,
        help_text="Des modules du même parcours. Rien de coché\u00a0: le module est ouvert dès l’inscription.",
    )
    equivalents = _Modules(
        label="Modules équivalents",
        required=False,
        help_text="Des modules d’autres parcours\u00a0: qui en a obtenu un a obtenu celui-ci.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("requires", required_choices), ("equivalents", equivalent_choices)):
            if name in self.fields:
                self.fields[name].choices = choices(self.instance, self.parent_page)


class DraftCopyForm(CopyForm):
    """A copy is a draft of its own: neither live without the gate, nor a second address of the same page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
