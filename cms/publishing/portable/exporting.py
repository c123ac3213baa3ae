"""Out: the latest drafts of a path and of what is below it, each file once."""

import hashlib
from datetime import datetime
from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.pages.models import LessonPage, ModulePage, ModuleSetPage, PathPage
from cms.publishing.content import IMAGE, PAGE, page_name, renamed
from courses.shared import canonical

from .archive import FORMAT, VERSION, pack

TYPES: dict[str, Any] = {"path": PathPage, "set": ModuleSetPage, "module": ModulePage, "lesson": LessonPage}
# What a page says of itself; the rest is its place in the house.
KEPT_OUT = {"page_ptr", "body", "key", "version", "national", "offer_to_enrolled"}
OF_EVERY_PAGE = ("title", "slug", "seo_title", "search_description")


def fields_of(model: Any) -> list[Any]:
    """The fields that travel."""
    own = [it for it in model._meta.local_fields if it.name not in KEPT_OUT]
    return [*(model._meta.get_field(name) for name in OF_EVERY_PAGE), *own]


def export_path(page: PathPage) -> bytes:
    """One file; the same path gives the same bytes."""
    reader = _Reader()
    node = reader.read(page)
    document = {"format": FORMAT, "version": VERSION, "path": node, "media": reader.described}
    return pack(document, reader.files)


def portable_hash(page: PathPage) -> str:
    """The same for a path and for its copies: who the pages are is told by their order alone."""
    reader = _Reader()
    node = reader.read(page)
    keys = list(_keys(node))
    titles = {name: said["title"] for name, said in reader.described.items()}
    text = canonical.dumps({"path": _placeless(node), "media": titles})
    for rank, key in enumerate(keys):
        text = text.replace(key, f"#{rank}")
    return canonical.digest("portable-path-1", text)


def _keys(node: dict[str, Any]) -> Any:
    yield node["key"]
    for child in node["children"]:
        yield from _keys(child)


def _placeless(node: dict[str, Any]) -> dict[str, Any]:
    """A copy may have to change its address."""
    fields = {name: value for name, value in node["fields"].items() if name != "slug"}
    return node | {"fields": fields, "children": [_placeless(child) for child in node["children"]]}


class _Reader:
    """Reads pages, and gathers the media that they name."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.described: dict[str, dict[str, str]] = {}
        self._names: dict[tuple[str, int], str | None] = {}

    def read(self, page: Any) -> dict[str, Any]:
        draft = page.get_latest_revision_as_object()
        kind = next(name for name, model in TYPES.items() if isinstance(draft, model))
        below = page.get_children().order_by("path").specific()
        return {
            "type": kind,
            "key": str(draft.key),
            "fields": {it.name: _plain(it.value_from_object(draft)) for it in fields_of(type(draft))},
            "body": renamed(draft.body.get_prep_value(), self._name),
            "children": [
                self.read(child)
                for child in below
                # A page withdrawn from the public is no part of the path.
                if child.live or child.first_published_at is None
            ],
        }

    def _name(self, kind: str, named: Any) -> str | None:
        if not str(named).isdecimal():
            return None
        if kind == PAGE:
            return page_name(int(named))
        asked = (kind, int(named))
        if asked not in self._names:
            self._names[asked] = self._take(kind, int(named))
        return self._names[asked]

    def _take(self, kind: str, pk: int) -> str | None:
        model = get_image_model() if kind == IMAGE else get_document_model()
        media = model.objects.filter(pk=pk).first()
        if media is None:
            return None
        with media.open_file() as file:
            data = file.read()
        digest = hashlib.sha256(data).hexdigest()
        self.files[digest] = data
        name = f"{kind}:{digest}"
        self.described.setdefault(name, {"title": media.title, "file_name": media.filename})
        return name


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
