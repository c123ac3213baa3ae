"""Finding statements (xAPI Communication 2.1.3): narrow columns, link tables, keyset paging on the stored order.

Each way to match (as actor, as object, in the context…) is a branch with its own index and its own limit; the branches
are then merged. No branch decodes a body, and no page depends on how deep it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from courses.xapi.interning import number_of
from courses.xapi.models import (
    Statement,
    StatementActivity,
    StatementActor,
    XapiActivity,
    XapiActor,
    XapiVerb,
)

from .credentials import Sight

MAX_LIMIT = 500
DEFAULT_LIMIT = 100
_S = Statement._meta.db_table
_ACTORS = StatementActor._meta.db_table
# What the filter `agent` matches besides the actor: the object, and the members of a group that is either.
_PLAIN_ROLES = ("object", "member")
_ACTIVITIES = StatementActivity._meta.db_table


@dataclass(frozen=True)
class Search:
    """The parameters of a list, checked; `cursor` is the last number of the page before."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    until: datetime | None = None
    ascending: bool = False
    limit: int = DEFAULT_LIMIT
    cursor: int | None = None


@dataclass(frozen=True)
class Page:
    """Numbers and raw texts, in order, and whether more follow."""

    rows: list[tuple[int, str]]
    more: bool


@dataclass(frozen=True)
class _Names:
    """The filters as numbers; a name that nobody ever used finds nothing."""

    agent: int | None
    verb: int | None
    activity: int | None


_Sql = tuple[str, list[Any]]


def statement(*, uuid: UUID, sight: Sight, voided: bool = False) -> Statement | None:
    """The statement of that id within sight, voided or not as asked; None otherwise."""
    found = Statement.objects.filter(
        uuid=uuid, organisation=sight.organisation_id, voided_at__isnull=not voided
    )
    if sight.credential_id is not None:
        found = found.filter(credential=sight.credential_id)
    return found.first()


def page(search: Search, sight: Sight) -> Page:
    """One page of a list."""
    names = _names(search)
    if names is None:
        return Page([], more=False)
    bounds = _bounds(search, sight)
    branches = _branches(search, names, bounds, sight)
    order = "ASC" if search.ascending else "DESC"
    tail = f"ORDER BY seq {order} LIMIT {search.limit + 1}"
    if len(branches) == 1:
        sql, values = branches[0]
        sql = sql.replace("SELECT s.seq", "SELECT s.seq, s.raw", 1) + f" {tail.replace('seq', 's.seq', 1)}"
    else:
        union = " UNION ".join(
            f"SELECT seq FROM ({one} {tail.replace('seq', 's.seq', 1)}) b{index}"
            for index, (one, _) in enumerate(branches)
        )
        values = [value for _, given in branches for value in given]
        sql = (
            f"SELECT s.seq, s.raw FROM {_S} s JOIN (SELECT seq FROM ({union}) u {tail}) x ON x.seq = s.seq "
            f"ORDER BY s.seq {order}"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return Page(rows[: search.limit], more=len(rows) > search.limit)


def _names(search: Search) -> _Names | None:
    found = _Names(
        search.agent and number_of(XapiActor, "ifi", search.agent),  # type: ignore[arg-type]
        search.verb and number_of(XapiVerb, "iri", search.verb),  # type: ignore[arg-type]
        search.activity and number_of(XapiActivity, "iri", search.activity),  # type: ignore[arg-type]
    )
    asked = (search.agent, search.verb, search.activity)
    given = (found.agent, found.verb, found.activity)
    return None if any(a and n is None for a, n in zip(asked, given, strict=True)) else found


def _bounds(search: Search, sight: Sight) -> _Sql:
    """What holds of the listed statement itself, whatever it targets: place in the order, sight, not voided."""
    parts, values = ["s.organisation_id = %s", "s.voided_at IS NULL"], [sight.organisation_id]
    if sight.credential_id is not None:
        parts.append("s.credential_id = %s")
        values.append(sight.credential_id)
    if search.since:
        parts.append("s.seq >= %s")
        values.append(_first_after(search.since))
    if search.until:
        parts.append("s.seq < %s")
        values.append(_first_after(search.until))
    if search.cursor is not None:
        parts.append(f"s.seq {'>' if search.ascending else '<'} %s")
        values.append(search.cursor)
    return " AND ".join(parts), values


def _first_after(instant: datetime) -> int:
    """The first number stored after that instant: numbers are in the order of `stored`, so halving finds it."""
    stored = connection.ops.adapt_datetimefield_value(instant)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(seq), MAX(seq) FROM {_S}")
        low, high = cursor.fetchone()
        if low is None:
            return 1
        high += 1
        while low < high:
            middle = (low + high) // 2
            cursor.execute(
                f"SELECT seq FROM {_S} WHERE seq = (SELECT MIN(seq) FROM {_S} WHERE seq >= %s) AND stored > %s",
                [middle, stored],
            )
            if cursor.fetchone():
                high = middle
            else:
                low = middle + 1
    return int(low)


def _branches(search: Search, names: _Names, bounds: _Sql, sight: Sight) -> list[_Sql]:
    ways = _ways_open(search, names)
    agents = _agent_ways(names.agent, linked=ways.agent, related=search.related_agents)
    activities = _activity_ways(names.activity, linked=ways.activity)
    plain = _plain(search, names, "s")
    branches: list[_Sql] = []
    for agent_join, agent_where, agent_values in agents:
        for activity_join, activity_where, activity_values in activities:
            where = [part for part in (agent_where, activity_where, plain[0], bounds[0]) if part]
            branches.append(
                (
                    f"SELECT s.seq FROM {_S} s {agent_join} {activity_join} WHERE {' AND '.join(where)}",
                    [*agent_values, *activity_values, *plain[1], *bounds[1]],
                )
            )
    if ways.target:
        branches.append(_through_targets(search, names, bounds, sight))
    return branches


class _Open(NamedTuple):
    """Which roundabout ways lead anywhere at all: most lists need none of them."""

    target: bool = False
    agent: bool = False
    activity: bool = False


def _ways_open(search: Search, names: _Names) -> _Open:
    """One question for the three: the order makes each of them a look at an index."""
    parts, values = [], []
    filtered = names.agent or names.verb or names.activity or search.registration
    parts.append(
        f"(SELECT target FROM {_S} WHERE target IS NOT NULL ORDER BY target LIMIT 1) IS NOT NULL"
        if filtered
        else "1 = 0"
    )
    if names.agent is not None:
        roles = "" if search.related_agents else f" AND role IN {_PLAIN_ROLES}"
        parts.append(f"EXISTS (SELECT 1 FROM {_ACTORS} WHERE actor_id = %s{roles})")
        values.append(names.agent)
    else:
        parts.append("1 = 0")
    if names.activity is not None and search.related_activities:
        parts.append(f"EXISTS (SELECT 1 FROM {_ACTIVITIES} WHERE activity_id = %s)")
        values.append(names.activity)
    else:
        parts.append("1 = 0")
    if not filtered:
        return _Open()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return _Open(*map(bool, cursor.fetchone()))


_Way = tuple[str, str, list[Any]]


def _agent_ways(agent: int | None, *, linked: bool, related: bool) -> list[_Way]:
    if agent is None:
        return [("", "", [])]
    ways: list[_Way] = [("", "s.actor_id = %s", [agent])]
    if related:
        ways.append(("", "s.authority_id = %s", [agent]))
    if linked:
        role = "" if related else f" AND la.role IN {_PLAIN_ROLES}"
        ways.append((f"JOIN {_ACTORS} la ON la.statement_id = s.seq", f"la.actor_id = %s{role}", [agent]))
    return ways


def _activity_ways(activity: int | None, *, linked: bool) -> list[_Way]:
    if activity is None:
        return [("", "", [])]
    ways: list[_Way] = [("", "s.activity_id = %s", [activity])]
    if linked:
        ways.append((f"JOIN {_ACTIVITIES} lo ON lo.statement_id = s.seq", "lo.activity_id = %s", [activity]))
    return ways


def _plain(search: Search, names: _Names, alias: str) -> _Sql:
    parts, values = [], []
    if names.verb is not None:
        parts.append(f"{alias}.verb_id = %s")
        values.append(names.verb)
    if search.registration is not None:
        registration = search.registration
        parts.append(f"{alias}.registration = %s")
        values.append(registration if connection.vendor == "postgresql" else registration.hex)  # type: ignore[arg-type]
    return " AND ".join(parts), values


def _through_targets(search: Search, names: _Names, bounds: _Sql, sight: Sight) -> _Sql:
    """Statements that target, at any remove, one that matches: voiding statements among them.

    Every statement on the way is within sight: a reference tells nothing of what its target says elsewhere (INV-11).
    """
    seen, seen_values = "{0}.organisation_id = %s", [sight.organisation_id]
    if sight.credential_id is not None:
        seen += " AND {0}.credential_id = %s"
        seen_values.append(sight.credential_id)
    parts: list[str] = []
    values: list[Any] = []
    for way in (
        _either(names.agent, "actor", search.related_agents),
        _either(names.activity, "activity", search.related_activities),
        _plain(search, names, "t"),
    ):
        if way[0]:
            parts.append(way[0])
            values += way[1]
    return (
        f"SELECT s.seq FROM {_S} s WHERE {bounds[0]} AND s.seq IN ("
        "WITH RECURSIVE chain(seq, target) AS ("
        f"SELECT seq, target FROM {_S} WHERE target IS NOT NULL "
        f"UNION SELECT chain.seq, n.target FROM chain JOIN {_S} n ON n.uuid = chain.target "
        f"WHERE n.target IS NOT NULL AND {seen.format('n')}) "
        f"SELECT chain.seq FROM chain JOIN {_S} t ON t.uuid = chain.target "
        f"WHERE {seen.format('t')} AND {' AND '.join(parts)})",
        [*bounds[1], *seen_values, *seen_values, *values],
    )


def _either(number: int | None, kind: str, related: bool) -> _Sql:
    """The same ways as alternatives of one condition: few statements are asked."""
    if number is None:
        return "", []
    table = _ACTORS if kind == "actor" else _ACTIVITIES
    role = f" AND l.role IN {_PLAIN_ROLES}" if kind == "actor" and not related else ""
    ways, values = [f"t.{kind}_id = %s"], [number]
    if related and kind == "actor":
        ways.append("t.authority_id = %s")
        values.append(number)
    if related or kind == "actor":
        ways.append(
            f"EXISTS (SELECT 1 FROM {table} l WHERE l.statement_id = t.seq AND l.{kind}_id = %s{role})"
        )
        values.append(number)
    return f"({' OR '.join(ways)})", values
