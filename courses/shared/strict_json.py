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
        text = raw.decode("utf-8")  # refuses overlong forms and surrogates written as bytes
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
    if "\\u" in text:
        _refuse_characters(value)
    return value


# One pass, without backtracking: a whole string, a bracket, or a quote that nothing closes.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]|"', re.DOTALL)


def _refuse_depth(text: str) -> None:
    """Before any parsing, so that no nesting ever reaches the parser’s stack."""
    depth = 0
    for match in _TOKEN.finditer(text):
        found = match.group()
        if found in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonError(f"Plus de {MAX_DEPTH} niveaux imbriqués.")
        elif found in "]}":
            depth -= 1
        elif found == '"':
            raise JsonError("JSON illisible : une chaîne n’est pas fermée.")


def _refuse_characters(value: Any) -> None:
    """NUL and lone surrogates: one database would refuse what the other keeps."""
    if isinstance(value, str):
        if "\0" in value:
            raise JsonError("Le caractère NUL est refusé.")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise JsonError("Demi-caractère Unicode isolé.") from error
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_characters(key)
            _refuse_characters(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_characters(item)


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
