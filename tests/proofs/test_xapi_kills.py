"""kill -9 under load, and readers beside writers: what was acknowledged is there, once, in an order one can follow."""

import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from lms.operations.serve import worker_command

from .record_store import ACKNOWLEDGED, Client, Database, Postgres, Process, Server, run, until

KILLS, CLIENTS, READ = 60, 4, 4000
PATIENCE = 120  # seconds in which a client at work must be told something
ADL = "http://adlnet.gov/expapi/verbs/"
VERBS = ("completed", "passed", "failed", "progressed")
SERVER_SET = {"stored", "authority", "version"}


# ---------------------------------------------------------------- what is sent


def statement(chance: random.Random) -> dict[str, Any]:
    """A statement under an id of its own."""
    return {
        "id": str(uuid4()),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "https://of.example", "name": str(chance.randrange(200))},
        },
        "verb": {"id": ADL + chance.choice(VERBS)},
        "object": {"objectType": "Activity", "id": f"https://of.example/module/{chance.randrange(40)}"},
        "result": {"score": {"scaled": chance.randrange(101) / 100}, "duration": "PT3M"},
        "timestamp": f"2026-03-12T{chance.randrange(24):02d}:{chance.randrange(60):02d}:00Z",
    }


def voiding(chance: random.Random, target: str) -> dict[str, Any]:
    """A statement that voids another."""
    thing = {"objectType": "StatementRef", "id": target}
    return statement(chance) | {
        "verb": {"id": f"{ADL}voided"},
        "object": thing,
        "result": {"completion": True},
    }


@dataclass
class Sending:
    """One request: what it held, and whether it was acknowledged."""

    statements: list[dict[str, Any]]
    acknowledged: bool = False

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.statements]


class Load:
    """Clients that send without pause; what each was told is kept here."""

    def __init__(
        self, server: Server, chance: random.Random, *, largest: int = 12, voids: bool = True
    ) -> None:
        self.server, self.largest, self.voids = server, largest, voids
        self.sent: list[Sending] = []
        self.statuses: dict[int, int] = {}
        self.unanswered = 0
        self.failures: list[str] = []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._live, args=[random.Random(chance.random())]) for _ in range(CLIENTS)
        ]

    def _live(self, chance: random.Random) -> None:
        try:
            with Client(self.server) as client:
                mine: list[str] = []
                while not self.over.is_set():
                    sending = self._next(chance, mine)
                    self.sent.append(sending)
                    self._send(client, sending, chance)
                    if sending.acknowledged and "result" in sending.statements[0]:
                        mine = [*mine[-50:], sending.ids[0]]
        except Exception as error:  # noqa: BLE001  (told to the test by its own thread)
            self.failures.append(repr(error))

    def _next(self, chance: random.Random, mine: list[str]) -> Sending:
        # The first one soon, however short the run; a voiding one among the targets changes nothing.
        if self.voids and mine and (len(mine) == 1 or chance.random() < 0.05):
            return Sending([voiding(chance, chance.choice(mine))])
        size = 1 if chance.random() < 0.4 else chance.randint(2, self.largest)
        return Sending([statement(chance) for _ in range(size)])

    def _send(self, client: Client, sending: Sending, chance: random.Random) -> None:
        """Again and again until it is acknowledged; one client in three gives up when there is no answer."""
        body: Any = sending.statements[0] if len(sending.statements) == 1 else sending.statements
        method, path = "POST", "/xapi/statements"
        if isinstance(body, dict) and chance.random() < 0.5:
            method, path = "PUT", f"/xapi/statements?statementId={body['id']}"
        gives_up, text = chance.random() < 1 / 3, json.dumps(body).encode()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, answer = client.ask(method, path, text)
            except (OSError, HTTPException) as error:
                self.unanswered += 1
                time.sleep(0.05)
                # A closed door was not even knocked at: there is nothing to give up.
                if gives_up and not isinstance(error, ConnectionRefusedError):
                    return
                continue
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status in ACKNOWLEDGED:
                sending.acknowledged = True
                return
            assert status >= 500, f"{status} {answer.decode(errors='replace')[:300]}"
            if gives_up:
                return
            time.sleep(0.05)
        raise TimeoutError(f"not acknowledged in {PATIENCE} s: {method} {path}")

    @property
    def acknowledged(self) -> int:
        return sum(len(one.statements) for one in list(self.sent) if one.acknowledged)

    def wait_for_more(self, what: str) -> None:
        """Until something was acknowledged since now."""
        before = self.acknowledged
        until(lambda: self.acknowledged > before or self.failures, f"acknowledged act {what}", PATIENCE)

    @contextmanager
    def lived(self) -> Iterator[None]:
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in self.threads:
                thread.join(PATIENCE + 60)
        assert not any(thread.is_alive() for thread in self.threads)


# ---------------------------------------------------------------- kill -9


class Worker(Process):
    """The embedded worker and its beat."""

    def __init__(self, database: Database) -> None:
        var = Path(database.env["LMS_VAR_DIR"])
        super().__init__(worker_command(var), database.env, "worker")

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@pytest.mark.prove
def test_killed_at_any_moment_nothing_acknowledged_is_lost(database, proof_scale):
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    cut = 0

    # given clients at work, when the servers die at any moment
    with Server(database) as server, Worker(database) as worker:
        load = Load(server, chance)
        with load.lived():
            for number in range(proof_scale(KILLS)):
                load.wait_for_more(f"before kill {number} (seed {seed})")
                if number % 5 == 1 and isinstance(database, Postgres):
                    time.sleep(chance.uniform(0, 0.3))
                    cut += database.hang_up()
                    load.wait_for_more(f"after the connections were cut at {number} (seed {seed})")
                if number % 10 == 2:
                    worker.kill()
                    worker.start()
                time.sleep(chance.uniform(0, 1))
                server.kill()
                server.start()
            load.wait_for_more(f"after the last kill (seed {seed})")
    figures = {
        "acknowledged": load.acknowledged, "statuses": load.statuses, "unanswered": load.unanswered, "cut": cut,
        "open": sum(not one.acknowledged for one in load.sent), "seed": seed,
    }  # fmt: skip
    logging.getLogger(__name__).info("%s", figures)
    assert load.failures == [], f"{figures}\n{server.said()}"
    assert cut > 0 or not isinstance(database, Postgres)

    # then what was acknowledged is there, once, as it was sent
    rows = database.ask("SELECT uuid, raw FROM courses_statement")
    present = {str(UUID(str(uuid))): json.loads(raw) for uuid, raw in rows}
    assert len(rows) == len(present)
    assert_kept(load.sent, present)
    # and a batch is there or it is not (INV-02), and nothing else is there
    halves = [one.ids for one in load.sent if len({uuid in present for uuid in one.ids}) > 1]
    assert halves == [], figures
    assert present.keys() <= {uuid for one in load.sent for uuid in one.ids}
    assert any(not one.acknowledged for one in load.sent) or load.unanswered, "no request was ever cut"
    # and every invariant holds
    checked = run(database.env, "manage.py", "check_invariants", "--json")
    results = {row["id"]: row for row in json.loads(checked.stdout)}
    assert [row for row in results.values() if not row["ok"]] == [], figures
    assert {"INV-08", "INV-09", "INV-10", "INV-12", "INV-17"} <= results.keys()
    assert results["INV-08"]["checked"] == len(present)
    assert results["INV-12"]["checked"] > 0, "nothing was voided"


def assert_kept(sent: list[Sending], present: dict[str, dict[str, Any]]) -> None:
    """Acknowledged minus present is empty, and every body is the one sent."""
    told = {one["id"]: one for sending in sent if sending.acknowledged for one in sending.statements}
    assert told, "nothing was acknowledged"
    assert sorted(told.keys() - present.keys()) == []
    altered = [
        uuid
        for uuid, one in told.items()
        if {name: value for name, value in present[uuid].items() if name not in SERVER_SET} != one
    ]
    assert altered == []


def test_the_control_a_statement_that_was_lost_is_seen():
    kept, lost = statement(random.Random(1)), statement(random.Random(2))
    sent = [Sending([kept], acknowledged=True), Sending([lost], acknowledged=True)]

    with pytest.raises(AssertionError):
        assert_kept(sent, {kept["id"]: kept})
    with pytest.raises(AssertionError):
        assert_kept(sent, {kept["id"]: kept, lost["id"]: lost | {"timestamp": "2026-03-13T00:00:00Z"}})


# ---------------------------------------------------------------- readers beside writers (INV-10)


class Reader(threading.Thread):
    """Polls the list as fast as it can and notes the ids, in the order in which it sees them."""

    def __init__(self, server: Server, place: Callable[["Reader"], str]) -> None:
        super().__init__()
        self.server, self.place = server, place
        self.seen: list[str] = []
        self.last: dict[str, Any] | None = None
        self.failures: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        try:
            with Client(self.server) as client:
                self.client = client
                while True:
                    # What was over before this look has all been written before it.
                    over = self.over.is_set()
                    found = client.listed(f"/xapi/statements?ascending=true&limit=7{self.place(self)}")
                    self.seen += [one["id"] for one in found]
                    if found:
                        self.last = found[-1]
                    elif over:
                        return
        except Exception as error:  # noqa: BLE001  (told to the test by its own thread)
            self.failures.append(repr(error))


def since_the_last(reader: Reader) -> str:
    """After the instant of the last statement seen."""
    return f"&since={quote(reader.last['stored'])}" if reader.last else ""


def after_the_last(reader: Reader) -> str:
    """After the number of the last one: numbers have no gap, so it is how many were seen."""
    return f"&cursor={len(reader.seen)}" if reader.seen else ""


def read_while_writing(
    database: Database, count: int, **server_options: Any
) -> tuple[set[str], list[Reader]]:
    """Four clients write until `count` statements are stored, two readers follow; what was written, and the readers."""
    chance = random.Random(secrets.randbits(32))
    with Server(database, **server_options) as server:
        load = Load(server, chance, largest=4, voids=False)
        readers = [Reader(server, since_the_last), Reader(server, after_the_last)]
        for reader in readers:
            reader.start()
        try:
            with load.lived():
                until(lambda: load.acknowledged >= count or load.failures, f"{count} statements", 300)
        finally:
            for reader in readers:
                reader.over.set()
            for reader in readers:
                reader.join(60)
        assert load.failures == [], server.said()
        assert [reader.failures for reader in readers] == [[], []], server.said()
    return {uuid for one in load.sent for uuid in one.ids}, readers


def fault(reader: Reader, written: set[str]) -> str:
    """What this reader saw otherwise than each statement exactly once; nothing if all is well."""
    missed, twice = written - set(reader.seen), len(reader.seen) - len(set(reader.seen))
    if not missed and not twice and set(reader.seen) == written:
        return ""
    return f"{reader.place.__name__}: of {len(written)}, {len(missed)} never seen, {twice} seen again"


@pytest.mark.prove
def test_readers_see_each_statement_exactly_once_while_others_write(database, proof_scale):
    written, readers = read_while_writing(database, proof_scale(READ))

    assert [fault(reader, written) for reader in readers] == ["", ""]
    assert readers[0].seen == readers[1].seen


@pytest.mark.prove
def test_the_control_with_the_heads_lock_off_a_reader_misses_statements(postgres, proof_scale):
    written, readers = read_while_writing(
        postgres, proof_scale(READ), application="tests.proofs.unlocked:application"
    )

    assert fault(readers[1], written)
