"""Who may fetch a file: anyone once a page gives it, before that those who may choose it in the editor."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex

from cms.publishing.access import EDITORS, settle_groups
from cms.publishing.queries import is_published_media

from . import reach


def before_serve_document(document: Any, request: HttpRequest) -> None:
    """A document that is not one’s own does not exist before it is published."""
    _refuse_unless_given(document, request)


def serve_rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """An image as pages show it. Its name may be guessed: what no page shows yet is not given for that."""
    name = f"images/{path}"
    rendition = (
        get_image_model().get_rendition_model().objects.filter(file=name).select_related("image").first()
    )
    if rendition is None:
        raise Http404
    _refuse_unless_given(rendition.image, request)
    return serve(request, path, document_root=str(settings.MEDIA_ROOT / "images"))


def _refuse_unless_given(media: Any, request: HttpRequest) -> None:
    if is_published_media(media) or _shown_by_live_page(media):
        return
    if not _may_choose(media, request.user):
        raise Http404


def _shown_by_live_page(media: Any) -> bool:
    references = ReferenceIndex.get_references_to(media).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    pages = [int(pk) for pk in references.values_list("object_id", flat=True)]
    return bool(pages) and Page.objects.live().filter(pk__in=pages).exists()


def _may_choose(media: Any, user: Any) -> bool:
    """By the roles of today: the groups of the editor are those of the last visit there."""
    if not user.is_authenticated or not user.rights.has(*EDITORS):
        return False
    settle_groups(user)
    return bool(reach.reachable(type(media), user).filter(pk=media.pk).exists())
