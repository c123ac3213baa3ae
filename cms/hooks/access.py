"""Who enters the editor, and the second wall: no address names what is not one's own."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.publishing.access import EDITORS, edits_nation, settle_groups, spaces_of
from courses.shared.policy import policy

# Lists of the whole house, of no use to one organisation.
NATIONAL_ONLY = (
    "wagtailadmin_reports:",
    "wagtailadmin_workflows:",
    "wagtailadmin_collections:",
    "wagtailadmin_api:images",
    "wagtailadmin_api:documents",
    "wagtailadmin_pages:type_use",
    "wagtailusers",
    "wagtailsites",
    "wagtailadmin_tag",
    "wagtailembeds",
)
PAGE_KEYS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "pk")
MEDIA_KEYS = ("image_id", "document_id", "doc_id", "pk")


def editor_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any view of the editor: a role is asked, foreign objects do not exist, an act is whole or is not."""

    @policy("cms.edit", roles=EDITORS)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        settle_groups(user)
        _refuse_foreign(request, kwargs)
        if _is(request, "wagtailadmin_choose_page") and not edits_nation(user):
            kwargs["parent_page_id"] = spaces_of(user)[0].pk
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            response = view(request, *args, **kwargs)
        else:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response = response.render()
        # A preview is drawn by the site's own chain: here it is framed by the editor.
        if response.has_header("Content-Security-Policy"):
            del response["Content-Security-Policy"]
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return guarded


def _is(request: HttpRequest, name: str) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name == name


def _refuse_foreign(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    user = request.user
    if edits_nation(user):  # type: ignore[arg-type]
        return
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name.startswith(NATIONAL_ONLY):
        raise Http404
    for model, pk in _named(name, request, kwargs):
        if not str(pk).isdecimal() or not _reachable(model, user).filter(pk=pk).exists():
            raise Http404


def _named(name: str, request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The pages, images and documents that an address names."""
    listed = request.GET.getlist("id")
    if name == "wagtail_bulk_action":
        model = {"page": Page, "image": get_image_model(), "document": get_document_model()}.get(
            kwargs["model_name"]
        )
        yield from ((model or Page, pk) for pk in listed)
    elif name.startswith("wagtailadmin_editing_sessions:ping"):
        yield Page, kwargs.get("object_id")
    elif name.startswith(("wagtailimages", "wagtaildocs")):
        model = get_image_model() if name.startswith("wagtailimages") else get_document_model()
        yield from ((model, kwargs[key]) for key in MEDIA_KEYS if key in kwargs)
        yield from ((model, pk) for pk in listed)
    elif name.startswith("wagtailadmin"):
        yield from ((Page, kwargs[key]) for key in PAGE_KEYS if key in kwargs)
        yield from ((Page, pk) for pk in listed)


def explorable(pages: Any, request: HttpRequest) -> Any:
    """For choosers and searches: one’s own branches only."""
    return pages & _reachable(Page, request.user)


def _reachable(model: Any, user: Any) -> Any:
    policy_of = policy_registry.get_by_type(model)
    if model is Page:
        return policy_of.explorable_instances(user)
    return policy_of.instances_user_has_any_permission_for(user, ["add", "change", "delete", "choose"])
