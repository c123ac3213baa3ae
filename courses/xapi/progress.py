"""Progress as statements tell it: counts and extremes by actor, activity and authority, whatever the order (INV-18).

Added in the transaction that stores them, or counted later by the worker (`LMS_XAPI_PROGRESS`); always equal to what
the statements up to `StoreHead.projected` give.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from .models import Statement, StoreHead, XapiProgress, XapiVerb
from .vocabulary import VERBS

COMPLETED = VERBS["completed"].iri
PASSED = VERBS["passed"].iri
FAILED = VERBS["failed"].iri
_TABLE = XapiProgress._meta.db_table
_KEY = ("actor_id", "activity_id", "authority_id")
COLUMNS = (
    "statements", "first_at", "last_at", "completed_at", "passed_at", "failed_at", "best_score_millionths",
    "duration_seconds",
)  # fmt: skip


def count(after: int, last: int) -> None:
    """Add the statements of the numbers after one and up to another."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({', '.join((*_KEY, *COLUMNS))}) "
            f"{_gather('s.seq > %s AND s.seq <= %s')} {_conflict()}",
            [after, last],
        )


def _functions() -> tuple[str, str]:
    return ("LEAST", "GREATEST") if connection.vendor == "postgresql" else ("MIN", "MAX")


def _conflict() -> str:
    least, greatest = _functions()
    earliest = ", ".join(
        f"{name} = COALESCE({least}({_TABLE}.{name}, excluded.{name}), {_TABLE}.{name}, excluded.{name})"
        for name in ("first_at", "completed_at", "passed_at", "failed_at")
    )
    latest = ", ".join(
        f"{name} = COALESCE({greatest}({_TABLE}.{name}, excluded.{name}), {_TABLE}.{name}, excluded.{name})"
        for name in ("last_at", "best_score_millionths")
    )
    sums = ", ".join(
        f"{name} = {_TABLE}.{name} + excluded.{name}" for name in ("statements", "duration_seconds")
    )
    return f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {earliest}, {latest}, {sums}"


def _gather(where: str) -> str:
    """The same counts, by the database: SELECT of key and columns from the statements that meet `where`."""
    return f"""
        SELECT s.actor_id, s.activity_id, s.authority_id, COUNT(*), MIN(s.timestamp), MAX(s.timestamp),
            MIN(CASE WHEN COALESCE(s.completion, v.iri = '{COMPLETED}') THEN s.timestamp END),
            MIN(CASE WHEN COALESCE(s.success, v.iri = '{PASSED}') THEN s.timestamp END),
            MIN(CASE WHEN COALESCE(NOT s.success, v.iri = '{FAILED}') THEN s.timestamp END),
            MAX(s.score_millionths), COALESCE(SUM(s.duration_seconds), 0)
        FROM {Statement._meta.db_table} s JOIN {XapiVerb._meta.db_table} v ON v.id = s.verb_id
        WHERE s.activity_id IS NOT NULL AND s.voided_at IS NULL AND {where}
        GROUP BY s.actor_id, s.activity_id, s.authority_id
    """


@transaction.atomic
def catch_up(*, limit: int = 5000) -> int:
    """Count the next statements that no writer counted; returns how many. 0 too when another was quicker."""
    head = StoreHead.objects.filter(pk=1).values_list("projected", "sequence", "voids").first()
    if head is None or head[0] >= head[1]:
        return 0
    start, end = head[0], min(head[0] + limit, head[1])
    count(start, end)
    # The head is taken last: writers wait for an instant, not for the count.
    # A voiding meanwhile has counted again without it what this one counted from an older sight.
    if not StoreHead.objects.filter(pk=1, projected=start, voids=head[2]).update(projected=end):
        transaction.set_rollback(True)
        return 0
    return end - start


def recount(statement: Statement) -> None:
    """The counts of one key again, from what remains of its statements."""
    if statement.activity_id is None:
        return
    key = (statement.actor_id, statement.activity_id, statement.authority_id)
    XapiProgress.objects.filter(actor_id=key[0], activity_id=key[1], authority_id=key[2]).delete()
    where = (
        "s.actor_id = %s AND s.activity_id = %s AND s.authority_id = %s "
        "AND s.seq <= (SELECT projected FROM courses_storehead WHERE id = 1)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({', '.join((*_KEY, *COLUMNS))}) {_gather(where)}",
            key,
        )


_EXPECTED = "s.seq <= (SELECT projected FROM courses_storehead WHERE id = 1)"


def differences() -> list[str]:
    """What differs between the counts kept and those that the statements give (French)."""
    expected = {tuple(row[:3]): tuple(row[3:]) for row in _selected(_gather(_EXPECTED))}
    kept = {tuple(row[:3]): tuple(row[3:]) for row in _selected(_KEPT)}
    names = {True: "absent", False: "sans origine"}
    return [
        f"Avancement déclaré {names[key in expected] if key not in kept or key not in expected else 'faux'}\u00a0: "
        f"acteur {key[0]}, activité {key[1]}, autorité {key[2]}"
        for key in sorted({*expected, *kept})
        if expected.get(key) != kept.get(key)
    ]


_KEPT = f"SELECT {', '.join((*_KEY, *COLUMNS))} FROM {_TABLE}"


def _selected(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [tuple(map(_plain, row)) for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    """One form for both databases: SQLite gives instants as text, PostgreSQL sums as decimals."""
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


@transaction.atomic
def rebuild() -> None:
    """Every count again, from an empty table."""
    StoreHead.objects.hold()
    XapiProgress.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_TABLE} ({', '.join((*_KEY, *COLUMNS))}) {_gather(_EXPECTED)}")


def lines() -> Iterator[list[Any]]:
    """The counts by the names themselves, in one order whatever the numbers: what a hash is made of."""
    rows = XapiProgress.objects.values_list("actor__ifi", "activity__iri", "authority__ifi", *COLUMNS)
    yield from sorted((list(row) for row in rows.iterator(2000)), key=lambda row: row[:3])
