"""The next sessions of a module, read when the page is shown."""

from typing import Any
from uuid import UUID

from wagtail import blocks

from courses.models import TrainingSession
from courses.shared import clock

SHOWN = 5


class LiveSessionBlock(blocks.StructBlock):
    """Dates change after a lesson is published: they are read anew at each view, never frozen with the text."""

    title = blocks.CharBlock(label="Titre", max_length=120, default="Prochaines séances avec un formateur")
    text = blocks.RichTextBlock(
        label="Consigne",
        features=["bold", "italic", "link", "ul"],
        required=False,
        help_text="Ce qu’il faut préparer, apporter, avoir lu.",
    )

    class Meta:
        label = "Séance en direct"
        icon = "calendar-alt"
        description = "Les prochaines séances du module, avec leur date et leur lieu, tenues à jour."
        template = "cms/blocks/live_session.html"
        preview_template = "cms/blocks/live_session_preview.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        key = _module_key(parent_context or {})
        return context | {"sessions": coming_sessions(key) if key else []}


def _module_key(context: dict[str, Any]) -> UUID | None:
    """In the player the module of the step; elsewhere the module that the page is, or is in."""
    if place := context.get("place"):
        return getattr(getattr(place, "module", None), "key", None)
    page = context.get("page") or context.get("self")
    if page is None or not getattr(page, "pk", None):
        return None
    if hasattr(page, "session_key"):
        return page.key
    parent = page.get_parent() if hasattr(page, "get_parent") else None
    return getattr(parent.specific, "key", None) if parent else None


def coming_sessions(module_key: UUID) -> list[TrainingSession]:
    """Those that are not over, soonest first."""
    found = TrainingSession.objects.filter(module__public_id=module_key, end__gte=clock.today())
    return list(found.order_by("start", "pk")[:SHOWN])
