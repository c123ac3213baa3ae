"""What a person of an organisation may name in the editor, whatever the view would have allowed."""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Revision, TaskState, UploadedFile, WorkflowState
from wagtail.permissions import policy_registry

from courses.shared import strict_json

from .doors import Door, Kind

MEDIA_RIGHTS = ["add", "change", "delete", "choose"]
# Words that some addresses take for a page or a revision.
WORDS = {"", "root", "all", "live", "earliest", "latest"}
BULK = {("wagtailcore", "page"): Kind.PAGE, ("wagtailimages", "image"): Kind.IMAGE,
        ("wagtaildocs", "document"): Kind.DOCUMENT}  # fmt: skip


def refuse_foreign(request: HttpRequest, name: str, door: Door, kwargs: dict[str, Any]) -> None:
    """Http404 when the address, its query or its form names something of another organisation."""
    if not kwargs.keys() <= door.path.keys() | {"parent_page_id"}:
        raise Http404
    for kind, value in _named(request, name, door, kwargs):
        if str(value) not in WORDS and not _is_ones_own(kind, str(value), request.user, kwargs):
            raise Http404


def _named(request: HttpRequest, name: str, door: Door, kwargs: dict[str, Any]) -> Iterator[tuple[Kind, Any]]:
    for key, value in kwargs.items():
        if door.path.get(key, Kind.PAGE) is not Kind.SAFE:
            yield door.path.get(key, Kind.PAGE), value
    asked = dict(door.asked)
    if name == "wagtail_bulk_action":
        kind = _model_of(kwargs)
        asked |= {"id": kind, "collection": Kind.COLLECTION, "chooser": Kind.PAGE}
        asked["childOf"] = Kind.PAGE if kind is Kind.PAGE else Kind.COLLECTION
    elif name == "wagtailadmin_editing_sessions:ping":
        yield _model_of(kwargs), kwargs["object_id"]
    for source in (request.GET, request.POST):
        for key, kind in asked.items():
            yield from ((kind, value) for value in source.getlist(key))
    if asked and request.content_type == "application/json":
        yield from _written(request.body, asked)


def _model_of(kwargs: dict[str, Any]) -> Kind:
    """Bulk acts and editing sessions name a model, then its rows."""
    kind = BULK.get((kwargs["app_label"].lower(), kwargs["model_name"].lower()))
    if kind is None and kwargs["app_label"].lower() == "cms":
        kind = Kind.PAGE
    if kind is None:
        raise Http404
    return kind


def _written(body: bytes, asked: dict[str, Kind]) -> Iterator[tuple[Kind, Any]]:
    data = strict_json.loads(body or b"{}")
    if isinstance(data, dict):
        yield from ((kind, data[key]) for key, kind in asked.items() if data.get(key) is not None)


def _is_ones_own(kind: Kind, value: str, user: Any, kwargs: dict[str, Any]) -> bool:
    if not (value.isascii() and value.isdecimal()):
        return False
    if kind in _MODELS:
        return bool(reachable(_MODELS[kind](), user).filter(pk=value).exists())
    if kind is Kind.COLLECTION:
        return value in {str(collection.pk) for collection in collections(user)}
    if kind is Kind.UPLOAD:
        return UploadedFile.objects.filter(pk=value, uploaded_by_user=user).exists()
    page = _page_of(kind, value, kwargs)
    return page is not None and reachable(Page, user).filter(pk=page).exists()


_MODELS = {Kind.PAGE: lambda: Page, Kind.IMAGE: get_image_model, Kind.DOCUMENT: get_document_model}


def _page_of(kind: Kind, value: str, kwargs: dict[str, Any]) -> str | None:
    """The page to which this revision, or this step of a workflow, belongs."""
    of_pages = ContentType.objects.get_for_model(Page)
    rows: Any
    if kind is Kind.REVISION:
        rows = Revision.objects.filter(pk=value, base_content_type=of_pages).values_list("object_id")
    elif kind is Kind.WORKFLOW_STATE:
        rows = WorkflowState.objects.filter(pk=value, base_content_type=of_pages).values_list("object_id")
    else:
        rows = TaskState.objects.filter(workflow_state__base_content_type=of_pages)
        if kind is Kind.TASK:
            rows = rows.filter(task=value, workflow_state__object_id=str(kwargs["page_id"]))
        else:
            rows = rows.filter(pk=value)
        rows = rows.values_list("workflow_state__object_id")
    return next((str(row[0]) for row in rows[:1]), None)


def reachable(model: Any, user: Any) -> Any:
    """The pages, images or documents that this person may see in the editor."""
    policy_of = policy_registry.get_by_type(model)
    if model is Page:
        return policy_of.explorable_instances(user)
    return policy_of.instances_user_has_any_permission_for(user, MEDIA_RIGHTS)


def collections(user: Any) -> set[Collection]:
    """The collections in which this person may put or take something."""
    return {
        collection
        for model in (get_image_model(), get_document_model())
        for collection in policy_registry.get_by_type(model).collections_user_has_any_permission_for(
            user, MEDIA_RIGHTS
        )
    }
