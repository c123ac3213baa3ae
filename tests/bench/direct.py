"""The anchors: the same rows written, and the same page read, by bare SQL. Nothing here imports the product."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import psycopg

from .processes import cpu_seconds

_TABLE = "courses_statement"


def renewed(row: Sequence[Any], columns: Sequence[str], seq: int, uuid: Any) -> tuple[Any, ...]:
    """A row that the product wrote, as another statement."""
    return tuple(
        seq if name == "seq" else uuid if name == "uuid" else value
        for name, value in zip(columns, row, strict=True)
    )


def take_numbers(url: str, count: int) -> int:
    """The first of `count` numbers of the store's order, marked as counted: the head goes on from there."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "UPDATE courses_storehead SET sequence = sequence + %s, projected = sequence + %s "
            "WHERE id = 1 RETURNING sequence",
            [count, count],
        ).fetchone()
    assert found
    return int(found[0]) - count + 1


def _rows(
    connection: psycopg.Connection[Any], first: int, count: int
) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = connection.execute(f"SELECT * FROM {_TABLE} ORDER BY seq DESC LIMIT 500")
    columns = [column.name for column in cursor.description or ()]
    sample = cursor.fetchall()
    return columns, [renewed(sample[n % len(sample)], columns, first + n, uuid4()) for n in range(count)]


def copying(url: str, *, first: int, batches: int, size: int) -> Callable[[int], Callable[[], float]]:
    """A client that writes its rows by COPY, one transaction for each batch; gives its backend's processor time."""

    def job(index: int) -> Callable[[], float]:
        connection = psycopg.connect(url, autocommit=True)
        columns, rows = _rows(connection, first + index * batches * size, batches * size)
        words = f"COPY {_TABLE} ({', '.join(columns)}) FROM STDIN"

        def go() -> float:
            before = cpu_seconds(connection.info.backend_pid)
            for start in range(0, len(rows), size):
                with connection.transaction(), connection.cursor() as cursor, cursor.copy(words) as copy:
                    for row in rows[start : start + size]:
                        copy.write_row(row)
            return cpu_seconds(connection.info.backend_pid) - before

        return go

    return job


def inserting(url: str, *, first: int, count: int) -> Callable[[int], Callable[[], float]]:
    """A client that writes one row in each transaction, by a prepared INSERT."""

    def job(index: int) -> Callable[[], float]:
        connection = psycopg.connect(url, autocommit=True)
        columns, rows = _rows(connection, first + index * count, count)
        words = f"INSERT INTO {_TABLE} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"

        def go() -> float:
            before = cpu_seconds(connection.info.backend_pid)
            for row in rows:
                connection.execute(words, row, prepare=True)
            return cpu_seconds(connection.info.backend_pid) - before

        return go

    return job


class Pages:
    """The page of an agent and a verb, as one prepared query by a client that does nothing else."""

    SQL = (
        f"SELECT seq, raw FROM {_TABLE} WHERE actor_id = %s AND verb_id = %s AND organisation_id = %s "
        "AND voided_at IS NULL ORDER BY seq DESC LIMIT 101"
    )

    def __init__(self, connection: psycopg.Connection[Any], organisation: int) -> None:
        self.connection, self.organisation = connection, organisation

    def numbers(self, ifis: Sequence[str], verb: str) -> tuple[list[int], int]:
        """The keys of those actors, and of the verb."""
        found = dict(
            self.connection.execute(
                "SELECT ifi, id FROM courses_xapiactor WHERE ifi = ANY(%s)", [list(ifis)]
            ).fetchall()
        )
        one = self.connection.execute("SELECT id FROM courses_xapiverb WHERE iri = %s", [verb]).fetchone()
        assert one
        return [found[ifi] for ifi in ifis], int(one[0])

    def times(self, actors: Sequence[int], verb: int, count: int) -> float:
        """The median, in milliseconds."""
        spent = []
        for n in range(count):
            start = time.perf_counter()
            rows = self.connection.execute(
                self.SQL, [actors[n % len(actors)], verb, self.organisation], prepare=True
            ).fetchall()
            spent.append((time.perf_counter() - start) * 1000)
            assert len(rows) == 101, len(rows)
        return statistics.median(spent)

    def at_depth(self, verb: int, depth: int) -> int:
        """The number of the statement that ends the first `depth` of the verb's list."""
        found = self.connection.execute(
            f"SELECT seq FROM {_TABLE} WHERE verb_id = %s AND organisation_id = %s AND voided_at IS NULL "
            "ORDER BY seq DESC OFFSET %s LIMIT 1",
            [verb, self.organisation, depth - 1],
        ).fetchone()
        assert found, "the list is not that deep"
        return int(found[0])
