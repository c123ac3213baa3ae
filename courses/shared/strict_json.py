"""The one reader of JSON that comes from outside (R-33): strict, bounded, the same verdict on both databases."""

import json
import re
from typing import Any, NoReturn

from .errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 64
MAX_DIGITS = 300


class JsonError(DomainError):
    """The text is not JSON that we accept."""

    status = 400


def loads(raw: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """The value, or JsonError. Numbers keep Python's int and float; the raw text is what gets stored."""
    if len(raw) > max_bytes:
        raise JsonError(f"Le document dépasse {max_bytes} octets.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("Le document n’est pas de l’UTF-8.") from error
    _refuse_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        raise JsonError(f"JSON illisible, ligne {error.lineno}, colonne {error.colno}.") from error
    _refuse_characters(text)
    return value


_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\.")


def _refuse_depth(text: str) -> None:
    depth = 0
    inside = escaped = False
    for char in text:
        if inside:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                inside = False
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonError(f"Plus de {MAX_DEPTH} niveaux imbriqués.")
        elif char in "]}":
            depth -= 1


def _refuse_characters(text: str) -> None:
    """NUL and lone surrogates: one database would refuse what the other keeps."""
    pending_high = False
    if "\\u" not in text:
        return
    for string in _STRINGS.finditer(text):
        pending_high, previous_end = False, -1
        for match in _ESCAPE.finditer(string.group()):
            if match.group(1) is None:
                continue
            code = int(match.group(1), 16)
            low = 0xDC00 <= code <= 0xDFFF
            if code == 0:
                raise JsonError("Le caractère NUL est refusé.")
            if pending_high and not (low and match.start() == previous_end):
                raise JsonError("Demi-caractère Unicode isolé.")
            if low and not pending_high:
                raise JsonError("Demi-caractère Unicode isolé.")
            pending_high, previous_end = 0xD800 <= code <= 0xDBFF, match.end()
        if pending_high:
            raise JsonError("Demi-caractère Unicode isolé.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise JsonError("Une clé apparaît deux fois dans le même objet.")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} n’est pas un nombre JSON.")


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise JsonError("Nombre trop long.")
    return int(text)


def _number(text: str) -> float:
    if len(text) > MAX_DIGITS:
        raise JsonError("Nombre trop long.")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise JsonError("Nombre trop grand.")
    return value
