"""The one reader of JSON that comes from outside (R-33): strict, bounded, the same verdict on both databases."""

import math
import re
from typing import Any

import jiter
import msgspec

from .errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 64

_elements = msgspec.json.Decoder(list[msgspec.Raw])


class JsonError(DomainError):
    """The text is not JSON that we accept."""

    status = 400


def loads(raw: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """The value, or JsonError. Numbers are finite Python ints and floats; the raw text is what gets stored."""
    if len(raw) > max_bytes:
        raise JsonError(f"Le document dépasse {max_bytes} octets.")
    value = parse(raw)
    _refuse_infinite(value)
    return value


def parse(raw: bytes) -> Any:
    """As `loads`, for a reader whose own schema bounds every number: an overlong one may come out infinite."""
    # Fewer brackets than levels allowed: most texts end the question there.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH:
        _refuse_depth(raw)
    try:
        value = jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="all")
    except ValueError as error:
        raise JsonError(_sentence(str(error))) from error
    if b"\\u0000" in raw:
        _refuse_nul(value)
    return value


def elements(raw: bytes) -> list[bytes]:
    """The exact texts of the elements of an array."""
    try:
        return [bytes(element) for element in _elements.decode(raw)]
    except (msgspec.DecodeError, RecursionError) as error:
        raise JsonError("JSON illisible\u00a0: une liste est attendue.") from error


_PLACE = re.compile(r"at line (\d+) column (\d+)")


def _sentence(message: str) -> str:
    if "duplicate key" in message:
        return "Une clé apparaît deux fois dans le même objet."
    if "number out of range" in message:
        return "Nombre trop long."
    if "unicode" in message or "hex escape" in message or "surrogate" in message:
        return "Le document n’est pas de l’UTF-8, ou porte un demi-caractère isolé."
    place = _PLACE.search(message)
    return "JSON illisible" + (f", ligne {place[1]}, colonne {place[2]}." if place else ".")


# One pass, without backtracking: a whole string, a bracket, or a quote that nothing closes.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]|"', re.DOTALL)


def _refuse_depth(raw: bytes) -> None:
    """Before any parsing, so that no nesting ever reaches the parser’s stack."""
    depth = 0
    for match in _TOKEN.finditer(raw):
        found = match.group()
        if found in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonError(f"Plus de {MAX_DEPTH} niveaux imbriqués.")
        elif found in b"]}":
            depth -= 1
        elif found == b'"':
            raise JsonError("JSON illisible\u00a0: une chaîne n’est pas fermée.")


def _refuse_nul(value: Any) -> None:
    """One database would refuse what the other keeps."""
    if isinstance(value, str):
        if "\0" in value:
            raise JsonError("Le caractère NUL est refusé.")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_nul(key)
            _refuse_nul(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_nul(item)


def _refuse_infinite(value: Any) -> None:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise JsonError("Nombre trop grand.")
    elif isinstance(value, dict):
        for item in value.values():
            _refuse_infinite(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_infinite(item)
