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
    def key(cls, credential: Any) -> Self:
        """Another system that writes with a key (E4)."""
        return cls(f"org/{credential.key}", credential.organisation_id)


def account(home_page: str, name: str) -> JsonObject:
    """An agent known by its account on this site, and by nothing else."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


def instant_text(at: datetime) -> str:
    """RFC 3339, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def text_of(statement: Mapping[str, Any]) -> str:
    """The stored and served text."""
    return json.dumps(statement, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def content_hash(statement: Mapping[str, Any]) -> str:
    """Hash of what the sender says, whatever the server adds: equal hashes, equal statements."""
    said = {key: value for key, value in statement.items() if key not in SERVER_SET}
    return canonical.sha256(f"statement-1\n{text_of(said)}")


def same_statement(kept: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Equivalence of xAPI: what the server sets does not count, nor a timestamp that the sender left out."""
    ignored = {*SERVER_SET, *(() if "timestamp" in given else ("timestamp",))}
    return {k: v for k, v in kept.items() if k not in ignored} == {
        k: v for k, v in given.items() if k not in ignored
    }


DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,6}(?:[.,]\d{1,9})?)W|(?:(?P<years>\d{1,6}(?:[.,]\d{1,9})?)Y)?"
    r"(?:(?P<months>\d{1,6}(?:[.,]\d{1,9})?)M)?(?:(?P<days>\d{1,9}(?:[.,]\d{1,9})?)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9}(?:[.,]\d{1,9})?)H)?(?:(?P<minutes>\d{1,12}(?:[.,]\d{1,9})?)M)?"
    r"(?:(?P<seconds>\d{1,12}(?:[.,]\d{1,9})?)S)?)?)"
)
# A year and a month have no fixed length: 365 and 30 days, as ISO readers commonly do.
_SECONDS = {"weeks": 604800, "years": 31536000, "months": 2592000, "days": 86400, "hours": 3600, "minutes": 60,
            "seconds": 1}  # fmt: skip


def seconds(duration: str | None) -> int | None:
    """Whole seconds of an ISO 8601 duration (already checked)."""
    match = DURATION.fullmatch(duration) if duration else None
    if match is None:
        return None
    total = sum(
        Fraction(part.replace(",", ".")) * _SECONDS[unit] for unit, part in match.groupdict("0").items()
    )
    return int(total)


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


def actors_of(statement: Mapping[str, Any], *, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(role, identifier) of every agent and group that a statement names, members included."""
    context = statement.get("context", {})
    named = [
        ("actor", statement.get("actor")),
        ("authority", statement.get("authority")),
        ("instructor", context.get("instructor")),
        ("team", context.get("team")),
    ]
    thing = statement.get("object", {})
    if thing.get("objectType") in {"Agent", "Group"}:
        named.append(("object", thing))
    for role, actor in named:
        if actor:
            yield prefix + role, interned_actor(actor)
            for member in actor.get("member", []):
                yield prefix + role, interned_actor(member)
    if thing.get("objectType") == "SubStatement":
        yield from actors_of(thing, prefix="sub_")


def activities_of(statement: Mapping[str, Any], *, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(role, IRI) of every activity that a statement names."""
    thing = statement.get("object", {})
    if thing.get("objectType", "Activity") == "Activity":
        yield prefix + "object", thing["id"]
    for role, activities in statement.get("context", {}).get("contextActivities", {}).items():
        for activity in activities if isinstance(activities, list) else [activities]:
            yield prefix + role, activity["id"]
    if thing.get("objectType") == "SubStatement":
        yield from activities_of(thing, prefix="sub_")
