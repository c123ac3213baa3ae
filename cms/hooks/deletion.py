"""What was published to learners is not deleted, whatever the door."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.models import Page

from cms.publishing.errors import FrozenMediaError, FrozenPageError
from cms.publishing.queries import is_frozen, is_published_media


def frozen_sentence(page: Page) -> str:
    return (
        f"« {page.title} » ne peut pas être supprimée : elle fait partie d’une version publiée, à laquelle des "
        "inscriptions et des preuves se rattachent. Vous pouvez la dépublier : elle ne sera plus proposée."
    )


def refuse_frozen(pages: Iterable[Page]) -> None:
    """Raise when one of these pages, or one below, belongs to a path version."""
    for page in pages:
        if is_frozen(page):
            raise FrozenPageError(frozen_sentence(page))


def before_delete_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The question is not even asked; the act is refused."""
    if request.method == "POST":
        refuse_frozen([page])
    elif is_frozen(page):
        messages.error(request, frozen_sentence(page))
        return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    return None


def before_bulk_action(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """One frozen page refuses the whole lot: nothing is half done."""
    if action_type != "delete":
        return
    for thing in objects:
        if isinstance(thing, Page):
            refuse_frozen([thing])
        else:
            refuse_published_media(thing)


def refuse_published_media(media: Any) -> None:
    """Raise when a frozen revision shows this image or gives this document."""
    if is_published_media(media):
        raise FrozenMediaError(
            f"« {media.title} » ne peut pas être supprimé : une leçon publiée s’en sert, et des personnes l’ont suivie."
        )


def on_page_delete(sender: Any, instance: Any, **_: Any) -> None:
    """`page.delete()` from anywhere."""
    refuse_frozen([instance])


def on_media_delete(sender: Any, instance: Any, **_: Any) -> None:
    """Deletion of an image or of a document from anywhere."""
    refuse_published_media(instance)
