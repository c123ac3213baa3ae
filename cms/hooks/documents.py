"""Who may download a document."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from cms.publishing.queries import is_published_media


def before_serve_document(document: Any, request: HttpRequest) -> None:
    """Anyone, once a published page gives it; before that, those who may choose it in the editor."""
    if is_published_media(document) or _given_by_live_page(document):
        return
    policy = policy_registry.get_by_type(get_document_model())
    user = request.user
    if user.is_authenticated and policy.user_has_any_permission_for_instance(
        user, ["add", "change", "delete", "choose"], document
    ):
        return
    raise Http404


def _given_by_live_page(document: Any) -> bool:
    references = ReferenceIndex.get_references_to(document).values_list("object_id", flat=True)
    return Page.objects.live().filter(pk__in=[int(pk) for pk in references]).exists()
