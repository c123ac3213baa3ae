"""The words of a body, apart from the house they live in: files by their hash, pages by their key."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from cms.blocks import BodyBlock
from cms.pages.models import LessonPage, ModulePage, ModuleSetPage, PathPage

IMAGE, DOCUMENT, PAGE = "image", "document", "page"
TAUGHT = (PathPage, ModuleSetPage, ModulePage, LessonPage)
# Given what is named and how, gives the name that takes its place; None when there is nothing of that name.
Rename = Callable[[str, Any], Any]

_TAG = re.compile(r"<(?:a|embed)\b[^>]*>")
_ID = re.compile(r'\bid="([^"]*)"')
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KIND = re.compile(r'\b(?:linktype|embedtype)="([^"]*)"')


def renamed(value: Any, rename: Rename, block: blocks.Block | None = None) -> Any:
    """The same stored body, every image, document and page in it under another name."""
    block = block or BodyBlock()
    if isinstance(block, blocks.BaseStreamBlock):
        return [
            item | {"value": renamed(item["value"], rename, block.child_blocks[item["type"]])}
            for item in value or ()
            if item["type"] in block.child_blocks
        ]
    if isinstance(block, blocks.ListBlock):
        return [_item(item, rename, block.child_block) for item in value or ()]
    if isinstance(block, TypedTableBlock):
        return _table(value, rename, block)
    if isinstance(block, blocks.BaseStructBlock):
        return _struct(value, rename, block)
    return _leaf(value, rename, block)


def _item(item: Any, rename: Rename, child: blocks.Block) -> Any:
    if isinstance(item, dict) and item.keys() >= {"type", "value"}:
        return item | {"value": renamed(item["value"], rename, child)}
    return renamed(item, rename, child)


def _struct(value: Any, rename: Rename, block: blocks.BaseStructBlock) -> Any:
    if not isinstance(value, dict):
        # An image block of before it knew its own description is a bare key.
        return rename(IMAGE, value) if "image" in block.child_blocks and value is not None else value
    return {
        name: renamed(item, rename, block.child_blocks[name]) if name in block.child_blocks else item
        for name, item in value.items()
    }


def _table(value: Any, rename: Rename, block: TypedTableBlock) -> Any:
    if not isinstance(value, dict):
        return value
    kinds = [block.child_blocks.get(column["type"]) for column in value.get("columns", ())]
    rows = [
        row
        | {
            "values": [
                renamed(cell, rename, kind) if kind else cell
                for cell, kind in zip(row["values"], kinds, strict=False)
            ]
        }
        for row in value.get("rows", ())
    ]
    return value | {"rows": rows}


def _leaf(value: Any, rename: Rename, block: blocks.Block) -> Any:
    kind = kind_of(block)
    if kind is not None:
        return None if value is None else rename(kind, value)
    if isinstance(block, blocks.RichTextBlock) and isinstance(value, str):
        return _TAG.sub(lambda found: _tag(found.group(), rename), value)
    return value


def kind_of(block: blocks.Block) -> str | None:
    """What a chooser chooses."""
    if isinstance(block, ImageChooserBlock):
        return IMAGE
    if isinstance(block, DocumentChooserBlock):
        return DOCUMENT
    return PAGE if isinstance(block, blocks.PageChooserBlock) else None


def _tag(tag: str, rename: Rename) -> str:
    kind, named = _KIND.search(tag), _ID.search(tag)
    if kind is None or named is None or kind[1] not in {IMAGE, DOCUMENT, PAGE}:
        return tag
    name = rename(kind[1], named[1])
    return "<a>" if name is None else tag[: named.start()] + f'id="{name}"' + tag[named.end() :]


def without_ids(value: Any) -> Any:
    """The editor gives its blocks new names when it likes, and nothing has changed."""
    if isinstance(value, list):
        return [without_ids(item) for item in value]
    if isinstance(value, dict):
        block = value.keys() == {"type", "value", "id"}
        return {key: without_ids(item) for key, item in value.items() if not (block and key == "id")}
    return value


def canonical_body(value: Any) -> Any:
    """What the hash of a lesson is made of: two bodies that read the same have the same, wherever they are stored."""
    return without_ids(renamed(value, lasting_name))


def lasting_name(kind: str, named: Any) -> str | None:
    """The name that an image, a document or a page keeps from one house to the other."""
    if not str(named).isdecimal():
        return None
    if kind == PAGE:
        return page_name(int(named))
    model = get_image_model() if kind == IMAGE else get_document_model()
    media = model.objects.filter(pk=named).first()
    return f"{kind}:{media.file_hash or media.get_file_hash()}" if media else None


def page_name(pk: int) -> str | None:
    """A page of a path by its key, another one by its address."""
    for model in TAUGHT:
        key = model.objects.filter(pk=pk).values_list("key", flat=True).first()
        if key is not None:
            return f"key:{key}"
    path = Page.objects.filter(pk=pk).values_list("url_path", flat=True).first()
    return f"address:{path}" if path else None


def page_named(name: str) -> int | None:
    """The page of that name in this house, if there is one."""
    kind, _, value = name.partition(":")
    if kind == "address":
        return Page.objects.filter(url_path=value).values_list("pk", flat=True).first()
    return page_of_key(value, TAUGHT) if kind == "key" and _KEY.fullmatch(value) else None


def page_of_key(key: str, models: Iterable[Any]) -> int | None:
    """The page that has this key."""
    found = (model.objects.filter(key=key).values_list("pk", flat=True).first() for model in models)
    return next((pk for pk in found if pk is not None), None)
