"""The formats of statement lists (xAPI Communication 2.1.3): exact, ids, canonical."""

from collections.abc import Callable
from typing import Any

JsonObject = dict[str, Any]
_TEXTS = ("name", "description")
_COMPONENTS = ("choices", "scale", "source", "target", "steps")


def only_ids(statement: JsonObject) -> JsonObject:
    """Only what identifies agents, activities, verbs and groups."""
    result = dict(statement)
    result["actor"] = _bare_actor(statement["actor"])
    result["verb"] = {"id": statement["verb"]["id"]}
    result["object"] = _bare_object(statement["object"])
    if "authority" in statement:
        result["authority"] = _bare_actor(statement["authority"])
    if "context" in statement:
        context = dict(statement["context"])
        for role in ("instructor", "team"):
            if role in context:
                context[role] = _bare_actor(context[role])
        if "contextActivities" in context:
            context["contextActivities"] = {
                role: [{"id": one["id"]} for one in activities]
                for role, activities in context["contextActivities"].items()
            }
        result["context"] = context
    return result


def _bare_actor(actor: JsonObject) -> JsonObject:
    """An anonymous group keeps its members: they are its identity."""
    bare = {key: value for key, value in actor.items() if key not in {"name", "member"}}
    identified = any(key in actor for key in ("mbox", "mbox_sha1sum", "openid", "account"))
    if "member" in actor and not identified:
        bare["member"] = [_bare_actor(member) for member in actor["member"]]
    return bare


def _bare_object(thing: JsonObject) -> JsonObject:
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        return {"id": thing["id"]}
    if kind in {"Agent", "Group"}:
        return _bare_actor(thing)
    return only_ids(thing) if kind == "SubStatement" else thing


def canonical(
    statement: JsonObject, languages: list[str], definition_of: Callable[[str], JsonObject]
) -> JsonObject:
    """Each language map in the one language that the reader prefers; activities as the store knows them."""
    result = dict(statement)
    verb = statement["verb"]
    if "display" in verb:
        result["verb"] = verb | {"display": _one_language(verb["display"], languages)}
    result["object"] = _canonical_object(statement["object"], languages, definition_of)
    if "contextActivities" in statement.get("context", {}):
        activities = {
            role: [_canonical_object(one, languages, definition_of) for one in found]
            for role, found in statement["context"]["contextActivities"].items()
        }
        result["context"] = statement["context"] | {"contextActivities": activities}
    return result


def _canonical_object(
    thing: JsonObject, languages: list[str], definition_of: Callable[[str], JsonObject]
) -> JsonObject:
    kind = thing.get("objectType", "Activity")
    if kind == "SubStatement":
        return canonical(thing, languages, definition_of)
    if kind != "Activity":
        return thing
    definition = definition_of(thing["id"]) or thing.get("definition")
    if not definition:
        return thing
    definition = dict(definition)
    for key in _TEXTS:
        if key in definition:
            definition[key] = _one_language(definition[key], languages)
    for key in _COMPONENTS:
        if key in definition:
            definition[key] = [
                one | {"description": _one_language(one["description"], languages)}
                if "description" in one
                else one
                for one in definition[key]
            ]
    return thing | {"definition": definition}


def accepted_languages(header: str) -> list[str]:
    """The languages of an Accept-Language header, the preferred first (RFC 9110 §12.5.4)."""
    weighed = []
    for index, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1) if weight else 1.0
        except ValueError:
            quality = 0.0
        if tag.strip() and quality > 0:
            weighed.append((-quality, index, tag.strip().lower()))
    return [tag for _, _, tag in sorted(weighed)]


def _one_language(words: JsonObject, languages: list[str]) -> JsonObject:
    if not words:
        return words
    lower = {key.lower(): key for key in words}
    for wanted in languages:
        if wanted == "*":
            break
        if wanted in lower:
            return {lower[wanted]: words[lower[wanted]]}
        for tag, key in lower.items():
            if tag.split("-")[0] == wanted.split("-")[0]:
                return {key: words[key]}
    key = next(iter(words))
    return {key: words[key]}
