"""Traces, a page at a time, in the order of their numbers: never counted, never skipped over (millions of rows)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import CharField, Q, QuerySet, Value

from courses.api import OrganisationKind, Role
from courses.models import (
    Adviser,
    Enrolment,
    Organisation,
    Statement,
    StatementActivity,
    StatementActor,
    User,
    XapiActivity,
    XapiActor,
    XapiVerb,
)
from lms.reporting.sentences import in_french, sentence

PAGE = 50
SITE = "site"  # the sender that is no key: what this server wrote itself
# An agent filter that is not « related » finds the actor, a member of the actor group, and the object.
_DIRECT_ROLES = ("object", "member")
_SAME_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Asked:
    """What a reader asks for: names as the store writes them, rows of ours by their keys."""

    agent: str = ""
    verb: str = ""
    activity: str = ""
    registration: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    related_agents: bool = False
    related_activities: bool = False
    ascending: bool = False
    evidence_class: str = ""
    sender: "Sender | None" = None
    voided: bool | None = None
    organisation: int | None = None


@dataclass(frozen=True)
class Sender:
    """Who hands statements in: a key of an organisation, or this site (no key)."""

    value: str
    label: str
    credential: int | None = None
    organisation: int | None = None


@dataclass(frozen=True)
class Choices:
    """What the reader may choose among: (value, label, key) of organisations, and senders."""

    organisations: tuple[tuple[str, str, int], ...]
    senders: tuple[Sender, ...]


@dataclass(frozen=True)
class Selection:
    """Every way a statement may match; it matches by one of them at least. None when a name is unknown here."""

    ways: tuple[QuerySet[Statement], ...]
    unknown: tuple[str, ...]
    ids: dict[str, int]


@dataclass(frozen=True)
class Line:
    """One statement in a list."""

    statement: Statement
    sentence: str
    sender: str

    @property
    def told_at(self) -> datetime | None:
        """When the sender says that it happened, if the day or the hour differs from the reception."""
        apart = abs(self.statement.stored - self.statement.timestamp)
        return self.statement.timestamp if apart >= _SAME_MOMENT else None


@dataclass(frozen=True)
class StatementPage:
    """At most `PAGE` lines, and the numbers where the pages beside it begin."""

    lines: tuple[Line, ...]
    unknown: tuple[str, ...]
    older: int | None
    newer: int | None


def choices_for(user: User) -> Choices:
    """The organisations and keys that `user` may filter on, in one query."""
    rights = user.rights
    seen = Organisation.objects.filter(Q(kind=OrganisationKind.TRAINING) | Q(lrs_keys__isnull=False))
    if not rights.reads_nation:
        seen = seen.filter(pk__in=rights.organisations_as(Role.ORGANISATION_MANAGER))
    organisations: dict[int, tuple[str, str, int]] = {}
    senders = [Sender(SITE, "Ce site")]
    columns = ("pk", "public_id", "name", "lrs_keys__pk", "lrs_keys__key", "lrs_keys__name")
    for pk, public_id, name, key_pk, key, usage in seen.order_by("name", "lrs_keys__key").values_list(
        *columns
    ):
        organisations[pk] = (str(public_id), name, pk)
        if key_pk:
            senders.append(Sender(key, _key_label(key, usage, name), key_pk, pk))
    return Choices(tuple(organisations.values()), tuple(senders))


def select(user: User, asked: Asked) -> Selection:
    """The statements that `user` may see and that answer to `asked`."""
    ids, unknown = _interned(asked)
    if unknown:
        return Selection((), unknown, ids)
    rows = _narrowed(Statement.objects.visible_to(user), asked, ids)
    ways = product(_agent_ways(ids, asked.related_agents), _activity_ways(ids, asked.related_activities))
    return Selection(tuple(rows.filter(agent, activity) for agent, activity in ways), (), ids)


def window(
    selection: Selection,
    *,
    before: int | None = None,
    after: int | None = None,
    descending: bool = True,
    limit: int = PAGE,
) -> QuerySet[Statement]:
    """The first `limit` statements in that order, numbered below `before` and above `after`."""
    order = "-seq" if descending else "seq"
    bounds = Q()
    if before is not None:
        bounds &= Q(seq__lt=before)
    if after is not None:
        bounds &= Q(seq__gt=after)
    ways = [way.filter(bounds).order_by(order)[:limit] for way in selection.ways]
    if not ways:
        return Statement.objects.none()
    if len(ways) == 1:
        return ways[0]
    # Each way walks its own index; SQLite takes no LIMIT inside a UNION, hence the two floors.
    found = [Statement.objects.filter(pk__in=way.values("pk")).order_by().values("pk") for way in ways]
    return Statement.objects.filter(pk__in=found[0].union(*found[1:])).order_by(order)[:limit]


def statement_page(
    *, user: User, asked: Asked, before: int | None = None, after: int | None = None
) -> StatementPage:
    """One page, beside a number or at the end where the order begins."""
    selection = select(user, asked)
    descending = before is not None or (after is None and not asked.ascending)
    rows = window(selection, before=before, after=after, descending=descending, limit=PAGE + 1)
    found = list(
        rows.defer("received").select_related("actor", "verb", "activity", "credential", "organisation")
    )
    more, found = len(found) > PAGE, found[:PAGE]
    if not found:
        return StatementPage(
            (),
            selection.unknown,
            None if after is None else after + 1,
            None if before is None else before - 1,
        )
    # Beyond the end we came from there is a page at least: the one we left.
    behind = before is not None or after is not None
    numbers = sorted(row.seq for row in found)
    has_older, has_newer = (more, behind) if descending else (behind, more)
    found.sort(key=lambda row: row.seq, reverse=not asked.ascending)
    return StatementPage(
        lines=tuple(lines_of(user, found)),
        unknown=selection.unknown,
        older=numbers[0] if has_older else None,
        newer=numbers[-1] if has_newer else None,
    )


def lines_of(user: User, statements: Sequence[Statement]) -> Iterable[Line]:
    """The sentence of each; names of persons only where `user` may read them."""
    read = [(row, body_of(row)) for row in statements]
    people = advisers_in(user, read)
    for row, body in read:
        adviser = people.get(own_account(row, body))
        yield Line(row, sentence_of(row, body, adviser), sender_of(row))


def sentence_of(row: Statement, body: dict[str, Any], adviser: Adviser | None) -> str:
    """The sentence of one row."""
    return sentence(
        body,
        person=str(adviser) if adviser else "",
        thing=_known_name(row),
        seconds=row.duration_seconds,
        site=settings.LMS_PUBLIC_URL,
    )


def advisers_in(user: User, read: Iterable[tuple[Statement, dict[str, Any]]]) -> dict[str, Adviser]:
    """Public id → adviser, for the actors that are advisers whom `user` may see, or learners of his organisation."""
    accounts = {account for row, body in read if (account := own_account(row, body))}
    if not accounts:
        return {}
    visible = (
        Adviser.objects.filter(
            Q(pk__in=Adviser.objects.visible_to(user).values("pk"))
            | Q(pk__in=Enrolment.objects.visible_to(user).values("adviser"))
        )
        .filter(user__public_id__in=accounts)
        .select_related("user")
    )
    return {str(adviser.user.public_id): adviser for adviser in visible}


def own_account(row: Statement, body: dict[str, Any]) -> str:
    """The public id of the actor when it is an account of ours: written by us, or sent under our address."""
    account = body.get("actor", {}).get("account", {})
    if row.credential_id is not None and account.get("homePage") != settings.LMS_PUBLIC_URL:
        return ""
    try:
        return str(UUID(str(account.get("name", ""))))
    except ValueError:
        return ""


def body_of(row: Statement) -> dict[str, Any]:
    """The statement as data; its numbers keep their digits."""
    body: dict[str, Any] = json.loads(row.raw, parse_float=Decimal)
    return body


def sender_of(row: Statement) -> str:
    """« Ce site », or the key and its organisation."""
    if row.credential is None:
        return "Ce site"
    organisation = row.organisation.name if row.organisation else ""
    return _key_label(row.credential.key, row.credential.name, organisation)


def _key_label(key: str, usage: str, organisation: str) -> str:
    return f"{organisation}, {usage or f'clé {key[:8]}'}" if organisation else usage or f"clé {key[:8]}"


def _known_name(row: Statement) -> str:
    """What this site calls the activity, for the statements that do not say it."""
    if row.activity is None:
        return ""
    try:
        definition = json.loads(row.activity.definition)
    except ValueError:
        return ""
    return in_french(definition.get("name")) if isinstance(definition, dict) else ""


def _interned(asked: Asked) -> tuple[dict[str, int], tuple[str, ...]]:
    """The numbers of the names asked for, in one query, and those that no statement bears."""
    names = {
        "agent": (asked.agent, XapiActor, "ifi"),
        "verb": (asked.verb, XapiVerb, "iri"),
        "activity": (asked.activity, XapiActivity, "iri"),
    }
    wanted = {kind: given for kind, given in names.items() if given[0]}
    if not wanted:
        return {}, ()
    queries = [
        model._default_manager.filter(**{column: name}).values_list(
            Value(kind, output_field=CharField()), "pk"
        )
        for kind, (name, model, column) in wanted.items()
    ]
    ids = dict(queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0])
    return ids, tuple(kind for kind in wanted if kind not in ids)


def _narrowed(rows: QuerySet[Statement], asked: Asked, ids: dict[str, int]) -> QuerySet[Statement]:
    """All that every way of matching shares: narrow columns only."""
    if "verb" in ids:
        rows = rows.filter(verb=ids["verb"])
    if asked.registration:
        rows = rows.filter(registration=asked.registration)
    if asked.evidence_class:
        rows = rows.filter(evidence_class=asked.evidence_class)
    if asked.voided is not None:
        rows = rows.filter(voided_at__isnull=not asked.voided)
    if asked.organisation:
        rows = rows.filter(organisation=asked.organisation)
    if asked.sender:
        # A key writes for its organisation only: naming it lets the database use its index.
        rows = rows.filter(credential=asked.sender.credential)
        if asked.sender.organisation:
            rows = rows.filter(organisation=asked.sender.organisation)
    bounds = numbers_at({"since": asked.since, "until": asked.until})
    if "since" in bounds:
        rows = rows.filter(seq__gt=bounds["since"])
    if "until" in bounds:
        rows = rows.filter(seq__lte=bounds["until"])
    return rows


def _agent_ways(ids: dict[str, int], related: bool) -> list[Q]:
    if "agent" not in ids:
        return [Q()]
    agent = ids["agent"]
    links = StatementActor.objects.filter(actor=agent)
    if not related:
        links = links.filter(role__in=_DIRECT_ROLES)
    ways = [Q(actor=agent), Q(pk__in=links.values("statement"))]
    return [*ways, Q(authority=agent)] if related else ways


def _activity_ways(ids: dict[str, int], related: bool) -> list[Q]:
    if "activity" not in ids:
        return [Q()]
    links = StatementActivity.objects.filter(activity=ids["activity"])
    direct = Q(activity=ids["activity"])
    return [direct, Q(pk__in=links.values("statement"))] if related else [direct]


# `stored` never goes back as numbers go up, and has no index of its own: the number is found by halving.
_HALVING = """
WITH RECURSIVE halving (side, instant, low, high) AS (
    SELECT asked.side, asked.instant, CAST(0 AS bigint), head.top
    FROM ({asked}) asked, (SELECT COALESCE(MAX(seq), 0) AS top FROM courses_statement) head
    UNION ALL
    SELECT side, instant,
        CASE WHEN {reached} THEN (low + high + 1) / 2 ELSE low END,
        CASE WHEN {reached} THEN high ELSE (low + high + 1) / 2 - 1 END
    FROM halving WHERE low < high
)
SELECT side, low FROM halving WHERE low = high
"""
_REACHED = """COALESCE((SELECT stored FROM courses_statement WHERE seq <= (low + high + 1) / 2
    ORDER BY seq DESC LIMIT 1) <= instant, TRUE)"""


def numbers_at(instants: dict[str, datetime | None]) -> dict[str, int]:
    """For each named instant, the number of the last statement stored by then."""
    given = {side: instant for side, instant in instants.items() if instant}
    if not given:
        return {}
    asked = " UNION ALL ".join(["SELECT %s AS side, %s AS instant"] * len(given))
    adapted = connection.ops.adapt_datetimefield_value
    parameters = [value for side, instant in given.items() for value in (side, adapted(instant))]
    with connection.cursor() as cursor:
        cursor.execute(_HALVING.format(asked=asked, reached=_REACHED), parameters)
        return dict(cursor.fetchall())
