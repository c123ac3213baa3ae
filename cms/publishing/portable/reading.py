"""In: what the file says is read as from a stranger, and refused in a sentence before anything is written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from .bodies import check_body
from .errors import PathFileError
from .exporting import TYPES, fields_of

MAX_PAGES = 500
MAX_DEPTH = 8
BELOW = {"path": {"set", "module"}, "set": {"set", "module"}, "module": {"lesson"}, "lesson": set()}
NAMES = {"path": "Le parcours", "set": "L’ensemble", "module": "Le module", "lesson": "La leçon"}
_MEDIA = re.compile(r"(?:image|document):[0-9a-f]{64}")


@dataclass(frozen=True)
class Node:
    """A page as the file tells it, checked."""

    kind: str
    key: str
    fields: dict[str, Any]
    body: list[Any]
    children: "tuple[Node, ...]" = ()

    def walk(self) -> "Iterator[Node]":
        """Itself and all below, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Medium:
    """An image or a document of the file."""

    kind: str
    digest: str
    title: str
    file_name: str


def read_document(document: dict[str, Any], files: dict[str, bytes]) -> tuple[Node, dict[str, Medium]]:
    """The path and its media; PathFileError otherwise."""
    media = _media(document.get("media"), files)
    _count(document.get("path"))
    node = _node(document.get("path"), {"path"}, media, 1)
    _refuse_twins(node)
    _refuse_cycles(node)
    return node, media


def _media(told: Any, files: dict[str, bytes]) -> dict[str, Medium]:
    if not isinstance(told, dict):
        raise PathFileError("Le parcours ne dit pas quels médias il contient.")
    media = {}
    for name, said in told.items():
        if not _MEDIA.fullmatch(name) or not isinstance(said, dict):
            raise PathFileError("Un média du parcours est mal décrit.")
        kind, digest = name.split(":")
        if digest not in files:
            raise PathFileError("Il manque un média dans l’archive.")
        title, file_name = said.get("title"), said.get("file_name")
        if not isinstance(title, str) or not isinstance(file_name, str) or not title.strip():
            raise PathFileError("Un média du parcours est mal décrit.")
        media[name] = Medium(kind, digest, title[:255], file_name)
    if {medium.digest for medium in media.values()} != files.keys():
        raise PathFileError("L’archive contient un média dont le parcours ne se sert pas.")
    return media


def _count(told: Any) -> None:
    """Before any page is read closely."""
    waiting, pages = [(told, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        pages += 1
        if pages > MAX_PAGES:
            raise PathFileError(f"Le parcours compte plus de {MAX_PAGES} pages.")
        if depth > MAX_DEPTH:
            raise PathFileError(f"Le parcours emboîte plus de {MAX_DEPTH} niveaux.")
        children = node.get("children") if isinstance(node, dict) else None
        waiting += [(child, depth + 1) for child in children] if isinstance(children, list) else []


def _node(told: Any, allowed: set[str], media: dict[str, Medium], depth: int) -> Node:
    if not isinstance(told, dict) or told.keys() != {"type", "key", "fields", "body", "children"}:
        raise PathFileError("Une page du parcours est mal décrite.")
    kind = told["type"]
    if not isinstance(kind, str) or kind not in allowed:
        raise PathFileError("Une page du parcours n’est pas à sa place, ou est d’une nature inconnue.")
    if not isinstance(told["children"], list):
        raise PathFileError("Une page du parcours est mal décrite.")
    fields = _fields(kind, told["fields"])
    where = f"{NAMES[kind]} «\u00a0{fields['title']}\u00a0»\u202f:"
    check_body(told["body"], where, media)
    children = tuple(_node(child, BELOW[kind], media, depth + 1) for child in told["children"])
    return Node(kind, _key(told["key"]), fields, told["body"], children)


def _key(told: Any) -> str:
    try:
        return str(UUID(told)) if isinstance(told, str) else _no_key()
    except ValueError:
        return _no_key()


def _no_key() -> str:
    raise PathFileError("Un identifiant du parcours est mal écrit.")


def _fields(kind: str, told: Any) -> dict[str, Any]:
    """Each value passes the checks of its own field; those left out of the file keep their default."""
    if not isinstance(told, dict) or not isinstance(told.get("title"), str) or not told["title"].strip():
        raise PathFileError("Une page du parcours n’a pas de titre.")
    known = {it.name: it for it in fields_of(TYPES[kind])}
    where = f"{NAMES[kind]} «\u00a0{told['title'][:80]}\u00a0»\u202f:"
    if unknown := told.keys() - known.keys():
        raise PathFileError(f"{where} champ inconnu ({min(unknown)[:40]}).")
    return {name: _value(known[name], value, where) for name, value in told.items()}


def _value(field: Any, value: Any, where: str) -> Any:
    refusal = PathFileError(f"{where} le champ «\u00a0{field.verbose_name}\u00a0» est mal rempli.")
    if field.name in {"requires", "equivalents"}:
        if not isinstance(value, list) or len(value) > MAX_PAGES:
            raise refusal
        return [_key(it) for it in value]
    if not _has_type(field, value):
        raise refusal
    try:
        return field.clean(value, None)
    except ValidationError as error:
        if value in ("", None) and (field.blank or field.null):
            return value
        raise refusal from error


def _has_type(field: Any, value: Any) -> bool:
    of = {"BooleanField": bool, "PositiveIntegerField": int}.get(field.get_internal_type(), str)
    if value is None:
        return bool(field.null)
    return isinstance(value, of) and (of is bool or not isinstance(value, bool))


def _refuse_twins(node: Node) -> None:
    keys = [it.key for it in node.walk()]
    if len(set(keys)) != len(keys):
        raise PathFileError("Deux pages du parcours ont le même identifiant.")


def _refuse_cycles(node: Node) -> None:
    """A module that waits for itself would never open."""
    modules = {it.key: it for it in node.walk() if it.kind == "module"}
    needs = {key: it.fields.get("requires", []) for key, it in modules.items()}
    for key, needed in needs.items():
        if any(it not in modules for it in needed):
            raise PathFileError(f"{_named(modules[key])} un prérequis n’est pas dans le parcours.")
    done: set[str] = set()
    while ready := [key for key, needed in needs.items() if key not in done and done.issuperset(needed)]:
        done.update(ready)
    if stuck := needs.keys() - done:
        raise PathFileError(f"{_named(modules[min(stuck)])} ses prérequis tournent en rond.")


def _named(node: Node) -> str:
    return f"{NAMES[node.kind]} «\u00a0{node.fields['title'][:80]}\u00a0»\u202f:"
