"""Is this a statement? The schema says it natively; what a schema cannot say is said here.

The first fault is named by its JSON path, in French and in English.
"""

import copy
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind

from . import rules
from .errors import StatementError
from .vocabulary import VERBS

VERSION_1 = "1.0.3"
VERSION_2 = "2.0.0"
SCHEMA: dict[str, Any] = json.loads(
    Path(__file__).with_name("statement.schema.json").read_text(encoding="utf-8")
)
_VOIDED = VERBS["voided"].iri
# Which interactions have which components (xAPI 1.0.3, Data 2.4.4.1).
_COMPONENTS = {
    "choices": {"choice", "sequencing"}, "scale": {"likert"}, "source": {"matching"}, "target": {"matching"},
    "steps": {"performance"},
}  # fmt: skip
_UNKNOWN = ("propriété inconnue", "unknown property")
_MISSING = ("propriété manquante", "missing property")


def _first_version() -> dict[str, Any]:
    """1.0.3 is the same grammar without the contexts that 2.0.0 added."""
    schema = copy.deepcopy(SCHEMA)
    for name in ("contextAgents", "contextGroups"):
        del schema["$defs"]["context"]["properties"][name]
    return schema


_VALIDATORS = {
    VERSION_1: jsonschema_rs.validator_for(_first_version()),
    VERSION_2: jsonschema_rs.validator_for(SCHEMA),
}


def check_statement(value: Any, *, version: str = VERSION_2, path: str = "$") -> None:
    """StatementError when `value` is not a statement of that version (1.0.3 or 2.0.0)."""
    validator = _VALIDATORS[version]
    if not validator.is_valid(value):
        _explain(validator, value, path)
    given = value.get("version")
    if given and version == VERSION_1 and given[0] != "1":  # 2.0.0 also takes statements of 1.0.x
        _refuse(f"{path}.version", "version 1.0.x attendue", "version must be 1.0.x")
    if "stored" in value:
        instant(value["stored"], f"{path}.stored")
    if value["verb"]["id"] == _VOIDED and value["object"].get("objectType") != "StatementRef":
        _refuse(f"{path}.object", "une annulation vise une trace", "voiding needs a StatementRef")
    _check_meaning(value, path)


def instant(text: str, path: str) -> datetime:
    """The instant, in UTC; StatementError for a day that does not exist."""
    try:
        return rules.utc(text)
    except (ValueError, OverflowError):
        _refuse(path, "un instant RFC 3339 avec fuseau est attendu", "RFC 3339 timestamp expected")


_Fault = tuple[str, str, str]
_INTERACTION = {"correctResponsesPattern", *_COMPONENTS}


def _check_meaning(value: dict[str, Any], path: str) -> None:
    if "timestamp" in value:
        instant(value["timestamp"], f"{path}.timestamp")
    if value["object"].get("objectType") == "SubStatement":
        _check_meaning(value["object"], f"{path}.object")
    fault = _fault(value)
    if fault:
        _refuse(path + fault[0], *fault[1:])


def _fault(value: dict[str, Any]) -> _Fault | None:
    """(place, French, English) of what the schema lets pass and the specification does not."""
    thing = value["object"]
    kind = thing.get("objectType", "Activity")
    result, context = value.get("result"), value.get("context")
    if "definition" in thing and (fault := _definition(thing["definition"])):
        return f".object.definition{fault[0]}", *fault[1:]
    if result and "score" in result and (fault := _score(result["score"])):
        return f".result.score{fault[0]}", *fault[1:]
    if not context:
        return None
    if kind != "Activity":
        for key in ("revision", "platform"):
            if key in context:
                return f".context.{key}", "réservé aux activités", "only with an Activity object"
    for role, activities in context.get("contextActivities", {}).items():
        for activity in activities if isinstance(activities, list) else [activities]:
            if "definition" in activity and (fault := _definition(activity["definition"])):
                return f".context.contextActivities.{role}.definition{fault[0]}", *fault[1:]
    return None


def _definition(definition: dict[str, Any]) -> _Fault | None:
    if not _INTERACTION & definition.keys():
        return None
    interaction = definition.get("interactionType")
    if interaction is None and "correctResponsesPattern" in definition:
        return ".interactionType", *_MISSING
    for name, interactions in _COMPONENTS.items():
        if name in definition:
            if interaction not in interactions:
                return f".{name}", "pas avec cette interaction", "not with this interactionType"
            if len({item["id"] for item in definition[name]}) != len(definition[name]):
                return f".{name}", "identifiants en double", "duplicate ids"
    return None


def _score(score: dict[str, Any]) -> _Fault | None:
    low, high, raw = score.get("min"), score.get("max"), score.get("raw")
    if low is not None and high is not None and low >= high:
        return "", "min doit être inférieur à max", "min must be below max"
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        return ".raw", "entre min et max", "between min and max"
    return None


def _refuse(path: str, french: str, english: str) -> NoReturn:
    raise StatementError(path, french, english)


def _explain(validator: jsonschema_rs.Validator, value: Any, path: str) -> NoReturn:
    """The deepest fault is the one that a person can mend."""
    error = max(validator.iter_errors(value), key=lambda one: len(one.instance_path))
    place = path + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path
    )
    kind: Any = error.kind
    if isinstance(kind, ValidationErrorKind.AdditionalProperties):
        _refuse(f"{place}.{kind.unexpected[0]}", *_UNKNOWN)
    if isinstance(kind, ValidationErrorKind.Required):
        _refuse(f"{place}.{kind.property}", *_MISSING)
    french, _, english = _title(error.schema_path).partition(" / ")
    _refuse(place, french, english)


def _title(schema_path: list[str | int]) -> str:
    """What was expected there: the title of the innermost part of the schema that has one."""
    titles = [part["title"] for part in _along(schema_path) if isinstance(part, dict) and "title" in part]
    return str(titles[-1])


def _along(schema_path: list[str | int]) -> Iterator[Any]:
    part: Any = SCHEMA
    yield part
    for step in schema_path:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return
        yield part


def _part(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


_PARTS = {name: _part(name) for name in ("agent", "actor", "iri", "uuid", "timestamp")}


def check_part(name: str, value: Any, *, path: str) -> None:
    """StatementError unless `value` is an agent, an actor, an iri, a uuid or a timestamp; for query parameters."""
    if not _PARTS[name].is_valid(value):
        _explain(_PARTS[name], value, path)
