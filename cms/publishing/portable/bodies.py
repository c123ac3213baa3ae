"""A body that comes from outside: only blocks, values and marks that the editor itself would have written."""

from collections.abc import Container
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from cms.blocks import BodyBlock
from cms.publishing.content import PAGE, kind_of

from .errors import PathFileError

TAGS = {
    "a": {"id", "linktype", "href"},
    **{
        tag: {"data-block-key"}
        for tag in ("p", "h2", "h3", "ul", "ol", "li", "b", "strong", "i", "em", "br", "hr", "blockquote")
    },
}
SCHEMES = {"", "http", "https", "mailto", "tel"}
MAX_BLOCKS = 500


def check_body(body: Any, where: str, media: Container[str]) -> None:
    """PathFileError, beginning with the name of the page, when this is not a body of ours."""
    _Checker(where, media).check(body, BodyBlock())


class _Checker:
    def __init__(self, where: str, media: Container[str]) -> None:
        self.where = where
        self.media = media
        self.blocks = 0

    def refuse(self, sentence: str) -> None:
        raise PathFileError(f"{self.where} {sentence}")

    def check(self, value: Any, block: blocks.Block) -> None:
        self.blocks += 1
        if self.blocks > 20 * MAX_BLOCKS:
            self.refuse("son contenu est trop long.")
        if isinstance(block, blocks.BaseStreamBlock):
            self._stream(value, block)
        elif isinstance(block, blocks.ListBlock):
            for item in self._items(value):
                self._identity(item)
                self.check(item["value"], block.child_block)
        elif isinstance(block, TypedTableBlock):
            self._table(value, block)
        elif isinstance(block, blocks.BaseStructBlock):
            if not isinstance(value, dict) or not value.keys() <= block.child_blocks.keys():
                self.refuse("un bloc a une forme inconnue.")
            for name, item in value.items():
                self.check(item, block.child_blocks[name])
        else:
            self._leaf(value, block)

    def _items(self, value: Any) -> list[dict[str, Any]]:
        whole = isinstance(value, list) and len(value) <= MAX_BLOCKS
        if not whole or not all(
            isinstance(it, dict) and it.keys() == {"type", "value", "id"} for it in value
        ):
            self.refuse("une liste de blocs a une forme inconnue.")
        return list(value)

    def _stream(self, value: Any, block: blocks.BaseStreamBlock) -> None:
        for item in self._items(value):
            self._identity(item)
            if item["type"] not in block.child_blocks:
                self.refuse(f"le bloc «\u00a0{str(item['type'])[:40]}\u00a0» n’existe pas ici.")
            self.check(item["value"], block.child_blocks[item["type"]])

    def _identity(self, item: dict[str, Any]) -> None:
        try:
            UUID(item["id"])
        except (ValueError, TypeError, AttributeError):
            self.refuse("l’identifiant d’un bloc est mal écrit.")
        if not isinstance(item["type"], str):
            self.refuse("un bloc a une forme inconnue.")

    def _table(self, value: Any, block: TypedTableBlock) -> None:
        if value is None:
            return
        try:
            columns = [column["type"] for column in value["columns"]]
            texts = [
                value.get("caption") or "",
                *(column.get("heading") or "" for column in value["columns"]),
            ]
            rows = [row["values"] for row in value["rows"]]
        except (KeyError, TypeError, AttributeError):
            self.refuse("un tableau a une forme inconnue.")
        if not all(isinstance(it, str) for it in texts) or any(
            it not in block.child_blocks for it in columns
        ):
            self.refuse("un tableau a une forme inconnue.")
        for row in rows:
            if not isinstance(row, list) or len(row) != len(columns):
                self.refuse("un tableau a une ligne plus courte ou plus longue que les autres.")
            for kind, cell in zip(columns, row, strict=True):
                self.check(cell, block.child_blocks[kind])

    def _leaf(self, value: Any, block: blocks.Block) -> None:
        kind = kind_of(block)
        if kind is not None:
            self._chosen(kind, value)
        elif isinstance(block, blocks.RichTextBlock):
            if not isinstance(value, str):
                self.refuse("un texte a une forme inconnue.")
            _Marks(self).read(value)
        elif value not in ("", None):
            if isinstance(value, dict | list | float):
                self.refuse("une valeur a une forme inconnue.")
            try:
                block.clean(block.to_python(value))
            except (ValidationError, TypeError, ValueError):
                self.refuse(f"la valeur de «\u00a0{block.label}\u00a0» n’est pas permise.")

    def _chosen(self, kind: str, value: Any) -> None:
        if value is None or (kind == PAGE and isinstance(value, str)):
            return
        if not isinstance(value, str) or not value.startswith(f"{kind}:") or value not in self.media:
            self.refuse("il montre un média qui n’est pas dans l’archive.")


class _Marks(HTMLParser):
    """Reads a rich text and refuses what the editor never writes."""

    def __init__(self, checker: _Checker) -> None:
        super().__init__(convert_charrefs=True)
        self.checker = checker
        self.tags = 0

    def read(self, text: str) -> None:
        self.feed(text)
        self.close()
        # What one reader takes for a word, another may take for a mark.
        if self.tags != text.count("<"):
            self.checker.refuse("un texte porte un balisage que l’éditeur n’écrit pas.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        names = {name for name, _ in attrs}
        if tag not in TAGS or not names <= TAGS[tag]:
            self.checker.refuse("un texte porte un balisage que l’éditeur n’écrit pas.")
        for name, value in attrs:
            if name == "href" and not _leads_somewhere(value or ""):
                self.checker.refuse("un lien mène à une adresse qui n’est pas permise.")

    def handle_endtag(self, tag: str) -> None:
        self.tags += 1


def _leads_somewhere(address: str) -> bool:
    if any(ord(letter) < 33 for letter in address):
        return False
    try:
        return urlsplit(address).scheme.lower() in SCHEMES
    except ValueError:
        return False
