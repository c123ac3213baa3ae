"""The grammar of statements, on plain values."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Self

from courses.shared import canonical

JsonObject = dict[str, Any]

# What the server sets; two statements that differ only here are the same statement.
SERVER_SET = ("stored", "authority", "version")
IFI_KEYS = ("mbox", "mbox_sha1sum", "openid", "account")


@dataclass(frozen=True)
class Authority:
    """Who vouches for a statement: decided by the server, never read from a body (promises.md §1)."""

    name: str
    organisation_id: int | None = field(default=None, compare=False)

    @classmethod
    def lesson(cls) -> Self:
        """The lesson player: what it says is declared (E0)."""
        return cls("system/lesson")

    @classmethod
    def assessment(cls) -> Self:
        """The quiz engine: answers graded by the server (E1)."""
        return cls("system/assessment")

    @classmethod
    def person(cls, user: Any, organisation: Any) -> Self:
        """A person in an organisation who attests (E2)."""
        return cls(f"user/{user.public_id}@{organisation.public_id}", organisation.pk)

    @classmethod
    def jury(cls, exam_session: Any) -> Self:
        """The jury of an exam session (E3)."""
        return cls(f"jury/{getattr(exam_session, 'public_id', exam_session.pk)}")

    @classmethod
    def voider(cls, user: Any, organisation: Any) -> Self:
        """A person who voids what a key of his organisation, or of another, wrote."""
        return cls(
            f"user/{user.public_id}@{organisation.public_id}" if organisation else f"user/{user.public_id}"
        )

    @classmethod
    def key(cls, credential: Any) -> Self:
        """Another system that writes with a key (E4)."""
        return cls(f"org/{credential.key}", credential.organisation_id)


def account(home_page: str, name: str) -> JsonObject:
    """An agent known by its account on this site, and by nothing else."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


def instant_text(at: datetime) -> str:
    """RFC 3339, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc(text: str) -> datetime:
    """The instant that an RFC 3339 text names; ValueError or OverflowError when there is none."""
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


def text_of(statement: Mapping[str, Any]) -> str:
    """The stored and served text."""
    return json.dumps(statement, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def same_statement(kept: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Equivalence of xAPI (Data 2.3.1): what the server sets does not count, nor a timestamp that was left out."""
    ignored = {*SERVER_SET, *(() if "timestamp" in given else ("timestamp",))}
    return _comparable(kept, ignored) == _comparable(given, ignored)


def _comparable(statement: Mapping[str, Any], ignored: set[str]) -> JsonObject:
    """One form for what the specification holds equal: letters of ids, time zones, hundredths, lists of one."""
    plain = {key: value for key, value in statement.items() if key not in ignored}
    if "id" in plain:
        plain["id"] = plain["id"].lower()
    if "timestamp" in plain:
        plain["timestamp"] = utc(plain["timestamp"])
    if "duration" in plain.get("result", {}):
        plain["result"] = plain["result"] | {"duration": _hundredths(plain["result"]["duration"])}
    context = plain.get("context", {})
    if "contextActivities" in context:
        plain["context"] = context | {"contextActivities": listed(context["contextActivities"])}
    if plain["object"].get("objectType") == "SubStatement":
        plain["object"] = _comparable(plain["object"], set())
    elif "objectType" not in plain["object"]:
        plain["object"] = plain["object"] | {"objectType": "Activity"}
    if "objectType" not in plain["actor"]:
        plain["actor"] = plain["actor"] | {"objectType": "Agent"}
    return plain


def listed(context_activities: Mapping[str, Any]) -> JsonObject:
    """Context activities as they are served: lists, even of one."""
    return {role: value if isinstance(value, list) else [value] for role, value in context_activities.items()}


DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,6}(?:[.,]\d{1,9})?)W|(?:(?P<years>\d{1,6}(?:[.,]\d{1,9})?)Y)?"
    r"(?:(?P<months>\d{1,6}(?:[.,]\d{1,9})?)M)?(?:(?P<days>\d{1,9}(?:[.,]\d{1,9})?)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9}(?:[.,]\d{1,9})?)H)?(?:(?P<minutes>\d{1,12}(?:[.,]\d{1,9})?)M)?"
    r"(?:(?P<seconds>\d{1,12}(?:[.,]\d{1,9})?)S)?)?)"
)
# A year and a month have no fixed length: 365 and 30 days, as ISO readers commonly do.
_SECONDS = {"weeks": 604800, "years": 31536000, "months": 2592000, "days": 86400, "hours": 3600, "minutes": 60,
            "seconds": 1}  # fmt: skip


_MAX_SECONDS = 10**10  # three centuries: sums of declared durations stay within a database's integer


def _fraction(duration: str) -> Fraction:
    match = DURATION.fullmatch(duration)
    if match is None:
        raise ValueError(duration)
    return sum(
        (Fraction(part.replace(",", ".")) * _SECONDS[unit] for unit, part in match.groupdict("0").items()),
        Fraction(),
    )


def _hundredths(duration: str) -> int:
    return int(_fraction(duration) * 100)


_PLAIN = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d+)?S)?")


def seconds(duration: str | None) -> int | None:
    """Whole seconds of an ISO 8601 duration (already checked), three centuries at most."""
    if duration is None:
        return None
    if plain := _PLAIN.fullmatch(duration):  # nearly all of them
        hours, minutes, rest = plain.groups("0")
        return int(hours) * 3600 + int(minutes) * 60 + int(rest)
    return min(int(_fraction(duration)), _MAX_SECONDS)


def ifi(actor: Mapping[str, Any]) -> str | None:
    """The one identifier of an agent or identified group, as text; None for an anonymous group."""
    if "account" in actor:
        return f"account:{actor['account']['homePage']}|{actor['account']['name']}"
    for key in IFI_KEYS[:3]:
        if key in actor:
            return f"{key}:{actor[key]}"
    return None


def interned_actor(actor: Mapping[str, Any]) -> str:
    """What names an actor in the store: its identifier, or the hash of an anonymous group’s members."""
    return ifi(actor) or "group:" + canonical.sha256(text_of({"member": actor.get("member", [])}))


def other_actors(statement: Mapping[str, Any], *, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(role, identifier) of every agent and group named, members included, save the actor and the authority.

    Those two have columns of their own; the members of a group that acts do not.
    """
    if prefix:
        yield from _named(prefix, "actor", statement["actor"])
    else:
        yield from _members("member", statement["actor"])
    context = statement.get("context")
    if context:
        for role in ("instructor", "team"):
            if role in context:
                yield from _named(prefix, role, context[role])
        for item in context.get("contextAgents", ()):
            yield from _named(prefix, "context", item["agent"])
        for item in context.get("contextGroups", ()):
            yield from _named(prefix, "context", item["group"])
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind in {"Agent", "Group"}:
        yield from _named(prefix, "object", thing)
    elif kind == "SubStatement":
        yield from other_actors(thing, prefix="s_")


def _named(prefix: str, role: str, actor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield prefix + role, interned_actor(actor)
    # The members of a group that acts, or is acted upon, are asked for by the plain `agent` filter too.
    yield from _members(prefix + ("member" if role == "object" else role), actor)


def _members(role: str, actor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for member in actor.get("member", ()):
        yield role, interned_actor(member)


def other_activities(statement: Mapping[str, Any], *, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(role, IRI) of every activity named, save the object, which has a column of its own."""
    context = statement.get("context")
    if context:
        for role, activities in context.get("contextActivities", {}).items():
            for activity in activities if isinstance(activities, list) else [activities]:
                yield prefix + role, activity["id"]
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "SubStatement":
        yield from other_activities(thing, prefix="s_")
    elif prefix and kind == "Activity":
        yield prefix + "object", thing["id"]


def definitions(statement: Mapping[str, Any]) -> Iterator[tuple[str, JsonObject]]:
    """(IRI, definition) of the activities that a statement describes."""
    thing = statement["object"]
    if "definition" in thing and thing.get("objectType", "Activity") == "Activity":
        yield thing["id"], thing["definition"]
    context = statement.get("context")
    if context and "contextActivities" in context:
        for activities in context["contextActivities"].values():
            for activity in activities if isinstance(activities, list) else [activities]:
                if "definition" in activity:
                    yield activity["id"], activity["definition"]


def merged(known: JsonObject, told: Mapping[str, Any]) -> JsonObject:
    """A definition enriched by another: languages and extensions add up, the rest is the latest word."""
    result = dict(known)
    for key, value in told.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = {**old, **value} if both else value  # type: ignore[dict-item]
    return result
