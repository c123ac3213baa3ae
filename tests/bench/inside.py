"""What has to run within the product: `python -m tests.bench.inside JOB OPTIONS`, in an instance's environment.

Prints one line of JSON.
"""

from __future__ import annotations

import contextlib
import json
import logging
import random
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

from . import direct, statements
from .processes import cpu_seconds

BATCH = 50
# Advisers whose pages are read: each has more than a page of the common verb, however large the store.
BUSY = 40
BUSY_ROWS = 400


def prepare() -> dict[str, Any]:
    """Migrate; one organisation, one key that reads and writes."""
    from django.core.management import call_command

    from courses import api
    from tests.factories import NOON, a_training_organisation, root

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference", verbosity=0)
    key, secret = api.create_lrs_key(
        organisation=a_training_organisation(),
        scopes=["statements/write", "statements/read"],
        actor=root(),
        at=NOON,
    )
    return {"key": key.key, "secret": secret, "organisation": key.organisation_id, "credential": key.pk}


def fill(*, rows: int, seed: int) -> dict[str, Any]:
    """Store `rows` more statements by COPY, with their names, their links and the head moved on."""
    from django.db import ProgrammingError, connection

    from courses.xapi import store
    from courses.xapi.models import LrsKey, Statement

    key = LrsKey.objects.get()
    names = _names(key)
    head = Statement.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    start = time.monotonic()
    chance = random.Random(seed)
    every = max(rows // (BUSY * BUSY_ROWS), 1)
    with connection.cursor() as cursor, contextlib.suppress(ProgrammingError):
        # What is made here refers to what exists; a superuser need not have it checked a million times.
        cursor.execute("SET session_replication_role = replica")
    for first in range(0, rows, 20_000):
        lines = list(_lines(chance, range(first, min(first + 20_000, rows)), head, every, names, key))
        with connection.connection.transaction(), connection.connection.cursor() as cursor:
            columns = ", ".join(store.Row._fields)
            for into, text in (
                (f"courses_statement ({columns})", "".join(line[0] for line in lines)),
                (
                    "courses_statementactivity (statement_id, role, activity_id)",
                    "".join(line[1] for line in lines),
                ),
            ):
                with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    copy.write(text)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM courses_storehead")
        cursor.execute(
            "INSERT INTO courses_storehead (id, sequence, stored, projected, voids, unmet_voids) "
            "VALUES (1, %s, now(), %s, 0, 0)",
            [head + rows, head + rows],
        )
        for table in ("courses_statement", "courses_statementactivity", "courses_xapiactor"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return {"rows": rows, "seconds": time.monotonic() - start}


def _names(key: Any) -> dict[str, dict[Any, int]]:
    from django.db import transaction

    from courses.xapi import store
    from courses.xapi.interning import intern
    from courses.xapi.models import XapiActivity, XapiActor, XapiVerb
    from courses.xapi.rules import Authority

    authority = store._authority_name(Authority.key(key))
    actors = {n: f"account:{statements.HOME}|{statements.actor_name(n)}" for n in range(statements.ACTORS)}
    activities = {n: statements.activity_iri(n) for n in range(statements.ACTIVITIES)}
    above = {f(n) for n in range(statements.ACTIVITIES) for f in (statements.module_iri, statements.path_iri)}
    with transaction.atomic():
        known = intern(XapiActor, "ifi", [*actors.values(), authority])
        verbs = intern(XapiVerb, "iri", statements.VERBS)
        iris = intern(XapiActivity, "iri", [*activities.values(), *above])
    return {
        "actor": {n: known[name] for n, name in actors.items()},
        "verb": {n: verbs[iri] for n, iri in enumerate(statements.VERBS)},
        "iri": dict(iris),
        "authority": {"": known[authority]},
    }


def _lines(
    chance: random.Random, numbers: range, head: int, every: int, names: dict[str, dict[Any, int]], key: Any
) -> Iterator[tuple[str, str]]:
    """For each statement its line of the table, and those of its links, in COPY's text format."""
    from django.conf import settings

    from courses.xapi import store, texts
    from courses.xapi.rules import Authority

    stored = "2026-10-01T08:00:00.000000Z"
    authority = texts.authority_text(settings.LMS_PUBLIC_URL, Authority.key(key).name)
    for number in numbers:
        busy = number // every % BUSY if number % every == 0 and number // every < BUSY * BUSY_ROWS else None
        made = statements.make(chance, actor=busy)
        raw, _ = texts.compose(
            made.text, {"id": "", "timestamp": made.timestamp, "object": {}}, uuid=str(made.uuid),
            stored=stored, authority=authority, version="1.0.0",
        )  # fmt: skip
        seq = head + number + 1
        score = json.loads(made.text[made.text.index('"scaled":') + 9 : made.text.index(',"raw"')])
        row: dict[str, Any] = dict.fromkeys(store.Row._fields)
        row |= {
            "seq": seq, "uuid": made.uuid, "stored": stored, "timestamp": made.timestamp,
            "actor_id": names["actor"][made.actor], "verb_id": names["verb"][made.verb],
            "activity_id": names["iri"][statements.activity_iri(made.activity)], "registration": made.registration,
            "success": score >= 0.5, "completion": True, "score_millionths": round(score * 1_000_000),
            "duration_seconds": made.seconds, "authority_id": names["authority"][""], "credential_id": key.pk,
            "organisation_id": key.organisation_id, "evidence_class": "E4", "version": "1.0.0", "raw": raw,
            "received_hash": texts.received_hash(made.text),
        }  # fmt: skip
        links = "".join(
            f"{seq}\t{role}\t{names['iri'][iri]}\n"
            for role, iri in (
                ("grouping", statements.path_iri(made.activity)),
                ("parent", statements.module_iri(made.activity)),
            )
        )
        yield "\t".join(r"\N" if value is None else str(value) for value in row.values()) + "\n", links


def catch_up() -> dict[str, Any]:
    """Count what no writer counted: the cost of a statement, worker and database together."""
    from django.db import connection

    from courses.xapi import progress

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else 0
    before, own, start = cpu_seconds(backend), time.process_time(), time.monotonic()
    counted = 0
    while done := progress.catch_up():
        counted += done
    return {
        "statements": counted,
        "cpu": cpu_seconds(backend) - before + time.process_time() - own,
        "wall": time.monotonic() - start,
    }


def statement(*, rounds: int, seconds: float) -> dict[str, Any]:
    """Microseconds of one statement: read, checked and composed; by the schema alone; by tincan."""
    import jsonschema_rs
    import tincan

    from courses.shared import strict_json
    from courses.xapi import texts, validation

    chance = random.Random(4)
    made = [statements.make(chance) for _ in range(500)]
    raws = [one.text.encode() for one in made]
    values = [strict_json.parse(raw) for raw in raws]
    schema = jsonschema_rs.validator_for(validation.SCHEMA)
    authority = texts.authority_text("http://localhost", "org/bench")

    def ours() -> None:
        for raw in raws:
            body = strict_json.parse(raw)
            validation.check_statement(body, version=validation.VERSION_1)
            texts.compose(
                raw.decode(), body, uuid=body["id"], stored="2026-10-01T08:00:00.000000Z", authority=authority,
                version="1.0.0",
            )  # fmt: skip

    def schema_only() -> None:
        for value in values:
            schema.is_valid(value)

    def theirs() -> None:
        for one in made[:100]:
            tincan.Statement.from_json(one.text)

    found: dict[str, list[float]] = {"ours": [], "schema": [], "tincan": []}
    for _ in range(rounds):
        for name, what, size in (("ours", ours, 500), ("schema", schema_only, 500), ("tincan", theirs, 100)):
            found[name].append(_microseconds(what, seconds) / size)
    return found


def _microseconds(what: Callable[[], None], seconds: float) -> float:
    """Processor time of one call, over `seconds` of calls."""
    what()
    start, calls = time.process_time(), 0
    while (spent := time.process_time() - start) < seconds:
        what()
        calls += 1
    return spent / calls * 1e6


def sqlite(*, rounds: int, batches: int) -> dict[str, Any]:
    """Rows a second: batches through the product, and the same rows written directly into the same table."""
    from django.conf import settings
    from django.db import connection

    from courses import api
    from courses.models import LrsKey
    from courses.shared import clock

    key = LrsKey.objects.get()
    chance = random.Random(10)
    for first in range(0, statements.ACTORS, BATCH):
        api.ingest(raw=statements.batch(chance, BATCH, first), credential=key, at=clock.now())
    found: dict[str, Any] = {"ours": [], "direct": []}
    path = Path(settings.DATABASES["default"]["NAME"])
    for _ in range(rounds):
        bodies = [statements.batch(chance, BATCH) for _ in range(batches)]
        start = time.monotonic()
        for body in bodies:
            api.ingest(raw=body, credential=key, at=clock.now())
        found["ours"].append(batches * BATCH / (time.monotonic() - start))
        connection.close()
        found["direct"].append(_direct_sqlite(path, batches))
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def _direct_sqlite(path: Path, batches: int) -> float:
    """executemany of 50 rows of the same table in each transaction, with the product's own pragmas."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")
    cursor = connection.execute("SELECT * FROM courses_statement ORDER BY seq DESC LIMIT 500")
    columns = [column[0] for column in cursor.description]
    sample = cursor.fetchall()
    count = batches * BATCH
    (last,) = connection.execute(
        "UPDATE courses_storehead SET sequence = sequence + ?, projected = projected + ? "
        "WHERE id = 1 RETURNING sequence",
        [count, count],
    ).fetchone()
    rows = [
        direct.renewed(sample[n % len(sample)], columns, last - count + 1 + n, uuid4().hex)
        for n in range(count)
    ]
    insert = f"INSERT INTO courses_statement ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    start = time.monotonic()
    for first in range(0, count, BATCH):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, rows[first : first + BATCH])
        connection.execute("COMMIT")
    spent = time.monotonic() - start
    connection.close()
    return count / spent


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": prepare, "fill": fill, "catch_up": catch_up, "statement": statement, "sqlite": sqlite,
}  # fmt: skip

if __name__ == "__main__":
    django.setup()
    logging.disable(logging.WARNING)
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))  # noqa: T201
