"""Is this a statement? Every property, its type and its vocabulary; the first fault is named by its JSON path."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

from .errors import StatementError
from .rules import DURATION, IFI_KEYS
from .vocabulary import VERBS

Check = Callable[[Any, str], None]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|\+\d\d:?\d\d|-(?!00:?00)\d\d:?\d\d)"
)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_HEX64 = re.compile(r"[0-9a-fA-F]{64,128}")
_MAX_NAME = 480
_INTERACTIONS = {"true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing",
                 "likert", "numeric", "other"}  # fmt: skip
_COMPONENTS = ("choices", "scale", "source", "target", "steps")


def check_statement(value: Any, *, path: str = "$") -> None:
    """StatementError when `value` is not a statement of xAPI 1.0.x or 2.0.x."""
    _object(
        value, path, required=("actor", "verb", "object"),
        id=uuid, actor=actor, verb=verb, object=statement_object, result=result, context=context,
        timestamp=instant, stored=instant, authority=actor, version=version, attachments=attachments,
    )  # fmt: skip
    thing = value["object"]
    if value["verb"]["id"] == VERBS["voided"].iri and thing.get("objectType") != "StatementRef":
        _refuse(f"{path}.object", "une annulation vise une trace", "voiding needs a StatementRef")
    if thing.get("objectType", "Activity") != "Activity":
        _activity_only(value.get("context", {}), path)


def _activity_only(context_value: dict[str, Any], path: str) -> None:
    for key in ("revision", "platform"):
        if key in context_value:
            _refuse(f"{path}.context.{key}", "réservé aux activités", "only with an Activity object")


def _refuse(path: str, french: str, english: str) -> NoReturn:
    raise StatementError(path, french, english)


def _object(
    value: Any,
    path: str,
    given: dict[str, Check] | None = None,
    /,
    *,
    required: tuple[str, ...] = (),
    **named: Check,
) -> None:
    checks = named | given if given else named
    if not isinstance(value, dict):
        _refuse(path, "un objet est attendu", "object expected")
    for key in required:
        if key not in value:
            _refuse(f"{path}.{key}", "propriété manquante", "missing property")
    for key, item in value.items():
        if key not in checks:
            _refuse(f"{path}.{key}", "propriété inconnue", "unknown property")
        checks[key](item, f"{path}.{key}")


def text(value: Any, path: str) -> None:
    if not isinstance(value, str):
        _refuse(path, "un texte est attendu", "string expected")


def boolean(value: Any, path: str) -> None:
    if not isinstance(value, bool):
        _refuse(path, "vrai ou faux est attendu", "boolean expected")


def number(value: Any, path: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(path, "un nombre est attendu", "number expected")


def uuid(value: Any, path: str) -> None:
    text(value, path)
    if not _UUID.fullmatch(value):
        _refuse(path, "un UUID est attendu", "UUID expected")


def instant(value: Any, path: str) -> None:
    text(value, path)
    try:
        valid = _INSTANT.fullmatch(value) and datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        valid = None
    if not valid:
        _refuse(path, "un instant RFC 3339 avec fuseau est attendu", "RFC 3339 timestamp expected")


def iri(value: Any, path: str) -> None:
    text(value, path)
    try:
        parts = urlsplit(value)
        absolute = bool(parts.scheme) and bool(parts.netloc or parts.path)
    except ValueError:
        absolute = False
    if not absolute or len(value) > _MAX_NAME or any(char.isspace() for char in value):
        _refuse(path, "un IRI absolu est attendu", "absolute IRI expected")


def version(value: Any, path: str) -> None:
    text(value, path)
    if not re.fullmatch(r"(1\.0|2\.0)(\.\d+)?", value):
        _refuse(path, "version 1.0.x ou 2.0.x attendue", "version must be 1.0.x or 2.0.x")


def duration(value: Any, path: str) -> None:
    text(value, path)
    if not DURATION.fullmatch(value):
        _refuse(path, "une durée ISO 8601 est attendue", "ISO 8601 duration expected")


def language(value: Any, path: str) -> None:
    text(value, path)
    if not _LANGUAGE.fullmatch(value):
        _refuse(path, "une langue RFC 5646 est attendue", "RFC 5646 language expected")


def language_map(value: Any, path: str) -> None:
    if not isinstance(value, dict):
        _refuse(path, "un objet est attendu", "object expected")
    for key, item in value.items():
        language(key, f"{path}.{key}")
        text(item, f"{path}.{key}")


def extensions(value: Any, path: str) -> None:
    if not isinstance(value, dict):
        _refuse(path, "un objet est attendu", "object expected")
    for key in value:
        iri(key, f"{path}.{key}")


def _list(value: Any, path: str, check: Check) -> None:
    if not isinstance(value, list):
        _refuse(path, "une liste est attendue", "array expected")
    for index, item in enumerate(value):
        check(item, f"{path}[{index}]")


def _texts(value: Any, path: str) -> None:
    _list(value, path, text)


def _kind(*allowed: str) -> Check:
    def check(value: Any, path: str) -> None:
        if value not in allowed:
            _refuse(path, f"{' ou '.join(allowed)} est attendu", f"{' or '.join(allowed)} expected")

    return check


def _account(value: Any, path: str) -> None:
    _object(value, path, required=("homePage", "name"), homePage=iri, name=text)
    if len(value["homePage"]) + len(value["name"]) > _MAX_NAME:
        _refuse(path, "compte trop long", "account too long")


def _mbox(value: Any, path: str) -> None:
    text(value, path)
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", value) or len(value) > _MAX_NAME:
        _refuse(path, "mailto: et une adresse sont attendus", "mailto IRI expected")


def _sha1(value: Any, path: str) -> None:
    text(value, path)
    if not _SHA1.fullmatch(value):
        _refuse(path, "un SHA-1 hexadécimal est attendu", "hexadecimal SHA-1 expected")


def _members(value: Any, path: str) -> None:
    _list(value, path, agent)


_PERSON: dict[str, Check] = {
    "name": text, "mbox": _mbox, "mbox_sha1sum": _sha1, "openid": iri, "account": _account,
}  # fmt: skip


def agent(value: Any, path: str) -> None:
    _object(value, path, _PERSON, objectType=_kind("Agent"))
    if len([key for key in IFI_KEYS if key in value]) != 1:
        _refuse(path, "un identifiant et un seul est attendu", "exactly one identifier expected")


def group(value: Any, path: str) -> None:
    _object(value, path, _PERSON, required=("objectType",), objectType=_kind("Group"), member=_members)
    identifiers = [key for key in IFI_KEYS if key in value]
    if len(identifiers) > 1 or not (identifiers or value.get("member")):
        _refuse(path, "un identifiant, ou des membres", "one identifier, or members")


def actor(value: Any, path: str) -> None:
    if isinstance(value, dict) and value.get("objectType") == "Group":
        group(value, path)
    else:
        agent(value, path)


def verb(value: Any, path: str) -> None:
    _object(value, path, required=("id",), id=iri, display=language_map)


def _component(value: Any, path: str) -> None:
    _object(value, path, required=("id",), id=text, description=language_map)


def _components(value: Any, path: str) -> None:
    _list(value, path, _component)
    if len({item["id"] for item in value}) != len(value):
        _refuse(path, "identifiants en double", "duplicate ids")


def definition(value: Any, path: str) -> None:
    _object(
        value, path, dict.fromkeys(_COMPONENTS, _components), name=language_map, description=language_map, type=iri,
        moreInfo=iri, extensions=extensions, interactionType=_kind(*sorted(_INTERACTIONS)),
        correctResponsesPattern=_texts,
    )  # fmt: skip
    if "interactionType" not in value and any(
        key in value for key in (*_COMPONENTS, "correctResponsesPattern")
    ):
        _refuse(f"{path}.interactionType", "propriété manquante", "missing property")


def activity(value: Any, path: str) -> None:
    _object(value, path, required=("id",), objectType=_kind("Activity"), id=iri, definition=definition)


def statement_ref(value: Any, path: str) -> None:
    _object(value, path, required=("objectType", "id"), objectType=_kind("StatementRef"), id=uuid)


def sub_statement(value: Any, path: str) -> None:
    _object(
        value, path, required=("actor", "verb", "object"), objectType=_kind("SubStatement"), actor=actor, verb=verb,
        object=_inner_object, result=result, context=context, timestamp=instant, attachments=attachments,
    )  # fmt: skip
    if value["object"].get("objectType", "Activity") != "Activity":
        _activity_only(value.get("context", {}), path)


def _thing(value: Any, path: str, checks: dict[str, Check]) -> None:
    if not isinstance(value, dict):
        _refuse(path, "un objet est attendu", "object expected")
    kind = value.get("objectType", "Activity")
    if not isinstance(kind, str) or kind not in checks:
        _refuse(f"{path}.objectType", "type inconnu", "unknown objectType")
    checks[kind](value, path)


def _inner_object(value: Any, path: str) -> None:
    _thing(value, path, {"Activity": activity, "Agent": agent, "Group": group, "StatementRef": statement_ref})


def statement_object(value: Any, path: str) -> None:
    if isinstance(value, dict) and value.get("objectType") == "SubStatement":
        sub_statement(value, path)
    else:
        _inner_object(value, path)


def score(value: Any, path: str) -> None:
    _object(value, path, scaled=number, raw=number, min=number, max=number)
    low, high, raw = value.get("min"), value.get("max"), value.get("raw")
    if not -1 <= value.get("scaled", 0) <= 1:
        _refuse(f"{path}.scaled", "entre -1 et 1", "between -1 and 1")
    if low is not None and high is not None and low >= high:
        _refuse(path, "min doit être inférieur à max", "min must be below max")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        _refuse(f"{path}.raw", "entre min et max", "between min and max")


def result(value: Any, path: str) -> None:
    _object(
        value, path, score=score, success=boolean, completion=boolean, response=text, duration=duration,
        extensions=extensions,
    )  # fmt: skip


def _activities(value: Any, path: str) -> None:
    if isinstance(value, list):
        _list(value, path, activity)
    else:
        activity(value, path)


def _context_activities(value: Any, path: str) -> None:
    _object(value, path, parent=_activities, grouping=_activities, category=_activities, other=_activities)


def _relevant_types(value: Any, path: str) -> None:
    _list(value, path, iri)
    if not value:
        _refuse(path, "liste vide", "empty array")


def _context_agents(value: Any, path: str) -> None:
    def one(item: Any, at: str) -> None:
        _object(
            item, at, required=("objectType", "agent"), objectType=_kind("contextAgent"), agent=agent,
            relevantTypes=_relevant_types,
        )  # fmt: skip

    _list(value, path, one)


def _context_groups(value: Any, path: str) -> None:
    def one(item: Any, at: str) -> None:
        _object(
            item, at, required=("objectType", "group"), objectType=_kind("contextGroup"), group=group,
            relevantTypes=_relevant_types,
        )  # fmt: skip

    _list(value, path, one)


def context(value: Any, path: str) -> None:
    _object(
        value, path, registration=uuid, instructor=actor, team=group, contextActivities=_context_activities,
        contextAgents=_context_agents, contextGroups=_context_groups, revision=text, platform=text,
        language=language, statement=statement_ref, extensions=extensions,
    )  # fmt: skip


def _hash(value: Any, path: str) -> None:
    text(value, path)
    if not _HEX64.fullmatch(value):
        _refuse(path, "un SHA-2 hexadécimal est attendu", "hexadecimal SHA-2 expected")


def _length(value: Any, path: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        _refuse(path, "un entier est attendu", "integer expected")


def _attachment(value: Any, path: str) -> None:
    _object(
        value, path, required=("usageType", "display", "contentType", "length", "sha2", "fileUrl"), usageType=iri,
        display=language_map, description=language_map, contentType=text, length=_length, sha2=_hash, fileUrl=iri,
    )  # fmt: skip


def attachments(value: Any, path: str) -> None:
    """Payloads (multipart) are not taken yet: an attachment names the address of its file."""
    _list(value, path, _attachment)
