"""What a page quotes is its author’s own: images, documents, and pages that its text leads to."""

import json
from typing import Any

from django.db.models import Model
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.pages.models import BodyPage
from cms.publishing.access import edits_nation

from . import reach

Reference = tuple[type[Model], str]
SENTENCE = (
    "Une image, un document ou un lien de ce contenu appartient à un autre organisme : il a été retiré. "
    "Choisissez-en un des vôtres."
)
# How a form says where its blocks are.
MARKS = ("-count", "-order", "-id", "-type", "-deleted")
BROKEN = "Le contenu n’est pas arrivé entier : rien n’est enregistré. Rechargez la page."


class OwnReferencesForm:
    """Mixed into the form of every page: what is quoted for the first time must be within the author’s reach."""

    data: Any

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, files, *args, **kwargs)  # type: ignore[call-arg]
        self.refusals: dict[str, str] = {}
        for name in self._streams() if data is not None else ():
            try:
                written = self.fields[name].widget.value_from_datadict(data, files, name)  # type: ignore[attr-defined]
            except (KeyError, ValueError, TypeError, AttributeError):
                self.refusals[name] = BROKEN
                self.data = _emptied(self.data, name)
                continue
            if found := self._foreign(name, written):
                self.refusals[name] = SENTENCE
                # Shown again with its error, the form must not say what it refuses.
                self.data = _without(self.data, f"{name}-", {object_id for _, object_id in found})

    def _streams(self) -> list[str]:
        fields = self._meta.model._meta.get_fields()  # type: ignore[attr-defined]
        return [it.name for it in fields if isinstance(it, StreamField) and it.name in self.fields]  # type: ignore[attr-defined]

    def _foreign(self, name: str, written: Any) -> set[Reference]:
        user = self.for_user  # type: ignore[attr-defined]
        if user is None or edits_nation(user):
            return set()
        there = _references(getattr(self.instance, name))  # type: ignore[attr-defined]
        return {it for it in _references(written) - there if not _is_own(it, user)}

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        for name, sentence in self.refusals.items():
            self.add_error(name, sentence)  # type: ignore[attr-defined]
        return cleaned


def _references(value: Any) -> set[Reference]:
    block = value.stream_block
    return {(model, object_id) for model, object_id, _, _ in block.extract_references(value)}


def _is_own(reference: Reference, user: Any) -> bool:
    model, object_id = reference
    known: Any = next(
        (it for it in (Page, get_image_model(), get_document_model()) if issubclass(model, it)), None
    )
    return known is not None and reach.reachable(known, user).filter(pk=object_id).exists()


def _emptied(data: Any, name: str) -> Any:
    kept = data.copy()
    for key in [key for key in kept if key.startswith(f"{name}-")]:
        del kept[key]
    kept[f"{name}-count"] = "0"
    return kept


def _without(data: Any, prefix: str, refused: set[str]) -> Any:
    kept = data.copy()
    for key in [key for key in kept if key.startswith(prefix)]:
        if kept[key] in refused and not key.endswith(MARKS):
            kept[key] = ""
        elif kept[key].startswith("{") and "entityMap" in kept[key]:
            kept[key] = _unlinked(kept[key], refused)
    return kept


def _unlinked(text: str, refused: set[str]) -> str:
    """The same rich text, its links to what is refused leading nowhere."""
    content = json.loads(text)
    for entity in content["entityMap"].values():
        if str(entity.get("data", {}).get("id", "")) in refused:
            entity.update(type="LINK", data={"url": "#"})
    return json.dumps(content)


def wall_forms() -> None:
    """Every page type, those without a form of their own too."""
    for model in _below(BodyPage):
        form = getattr(model, "base_form_class", WagtailAdminPageForm)
        if not issubclass(form, OwnReferencesForm):
            model.base_form_class = type(f"Own{form.__name__}", (OwnReferencesForm, form), {})


def _below(model: type[Any]) -> list[type[Any]]:
    found = []
    for child in model.__subclasses__():
        found += [child, *_below(child)]
    return [model for model in found if not model._meta.abstract]
