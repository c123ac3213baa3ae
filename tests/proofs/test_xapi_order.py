"""The same statements in any order, in any pieces, sent any number of times, give the same projection (INV-18)."""

import json
import queue
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from uuid import UUID

import pytest

from courses.shared import canonical
from tests import environment

from .record_store import ACKNOWLEDGED, PUBLIC_URL, Client, Database, Server, a_dead_port, run
from .store_world import KEY

STATEMENTS, RUNS, CLIENTS, LARGEST_BATCH, TRIES = 5000, 10, 8, 50, 5
SEED = 20260312
NEVER = datetime(1, 1, 1, tzinfo=UTC)
ADL = "http://adlnet.gov/expapi/verbs/"
DURATIONS = (
    ("PT12M30S", 750),
    ("PT45S", 45),
    ("PT1H", 3600),
    ("PT0.99S", 0),
    ("P1DT2H", 93_600),
    ("P1W", 604_800),
)
ZONES = (0, 1, 2, -5)


@dataclass(frozen=True)
class Made:
    """One statement as it is sent, and what it tells, in plain values."""

    uuid: str
    text: str
    key: tuple[str, str] | None = None  # whom and what it counts for; nothing counts for nobody
    at: datetime = NEVER
    completed: bool = False
    passed: bool = False
    failed: bool = False
    score: int | None = None
    seconds: int = 0
    voids: str | None = None


def statements(count: int) -> list[Made]:
    """Always the same ones: nine in ten tell something of 40 actors and 25 activities, the others of statements."""
    chance = random.Random(SEED)
    made = [_telling(chance) for _ in range(count * 9 // 10)]
    told = [one.uuid for one in made]
    while len(made) < count:
        kind = chance.choices(("void", "void a void", "void nothing", "comment"), (8, 1, 1, 6))[0]
        voiding = [one.uuid for one in made if one.voids]
        if kind == "comment":
            made.append(_about(chance, "commented", chance.choice(told)))
        elif kind == "void a void" and voiding:
            made.append(_about(chance, "voided", chance.choice(voiding)))
        elif kind == "void nothing":
            made.append(_about(chance, "voided", _uuid(chance)))
        else:
            made.append(_about(chance, "voided", chance.choice(told)))
    return made


def _telling(chance: random.Random) -> Made:
    number = chance.randrange(40)
    agent, ifi = _agent(number)
    activity = f"https://of.example/module/{chance.randrange(25)}"
    verb = chance.choice(("completed", "passed", "failed", "progressed"))
    result: dict[str, Any] = {}
    seconds = 0
    if chance.random() < 0.5:
        result["duration"], seconds = chance.choice(DURATIONS)
    millionths = chance.randrange(-1_000_000, 1_000_001) if chance.random() < 0.5 else None
    if millionths is not None:
        result["score"] = {"scaled": millionths / 1_000_000}
    # A result may say another thing than the verb; then it is the result that counts.
    success = chance.choice((True, False)) if chance.random() < 0.3 else None
    completion = chance.choice((True, False)) if chance.random() < 0.3 else None
    result |= {k: v for k, v in (("success", success), ("completion", completion)) if v is not None}
    body = {"actor": agent, "verb": {"id": f"{ADL}{verb}"}, "object": {"id": activity}}
    if result:
        body["result"] = result
    uuid, text, at = _finished(chance, body)
    return Made(
        uuid, text, (ifi, activity), at,
        completed=completion if completion is not None else verb == "completed",
        passed=success if success is not None else verb == "passed",
        failed=not success if success is not None else verb == "failed",
        score=millionths, seconds=seconds,
    )  # fmt: skip


def _about(chance: random.Random, verb: str, target: str) -> Made:
    """A statement whose object is another."""
    iri = f"{ADL}voided" if verb == "voided" else f"https://w3id.org/xapi/adl/verbs/{verb}"
    thing = {"objectType": "StatementRef", "id": target}
    agent, _ = _agent(chance.randrange(40))
    uuid, text, at = _finished(chance, {"actor": agent, "verb": {"id": iri}, "object": thing})
    return Made(uuid, text, at=at, voids=target if verb == "voided" else None)


def _agent(number: int) -> tuple[dict[str, Any], str]:
    if number % 4 == 0:
        return {"mbox": f"mailto:personne{number}@exemple.fr"}, f"mbox:mailto:personne{number}@exemple.fr"
    account = {"homePage": "https://of.example", "name": str(number)}
    return {"objectType": "Agent", "account": account}, f"account:https://of.example|{number}"


def _finished(chance: random.Random, body: dict[str, Any]) -> tuple[str, str, datetime]:
    at = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(microseconds=chance.randrange(30 * 86_400 * 10**6))
    hours = chance.choice(ZONES)
    local = (at + timedelta(hours=hours)).replace(tzinfo=None).isoformat(timespec="microseconds")
    written = local + (f"{'+' if hours > 0 else '-'}{abs(hours):02d}:00" if hours else "Z")
    uuid = _uuid(chance)
    return uuid, json.dumps({"id": uuid, **body, "timestamp": written}), at


def _uuid(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def voided(made: list[Made]) -> set[str]:
    """What a voiding statement names, unless that voids too."""
    return {one.voids for one in made if one.voids} - {one.uuid for one in made if one.voids}


def projection_hash(made: list[Made]) -> str:
    """What the statements add up to, by plain sums over the whole list: no order, no increments, no database."""
    gone, told = voided(made), dict[tuple[str, str], list[Made]]()
    for one in made:
        if one.key and one.uuid not in gone:
            told.setdefault(one.key, []).append(one)
    lines = []
    for (actor, activity), group in sorted(told.items()):
        instants = [one.at for one in group]
        lines.append(
            [
                actor, activity, f"account:{PUBLIC_URL}|org/{KEY}", len(group), min(instants), max(instants),
                *(
                    min((one.at for one in group if getattr(one, name)), default=None)
                    for name in ("completed", "passed", "failed")
                ),
                max((one.score for one in group if one.score is not None), default=None),
                sum(one.seconds for one in group),
            ]
        )  # fmt: skip
    return canonical.sha256("".join(f"{canonical.dumps(line)}\n" for line in lines))


# ---------------------------------------------------------------- one run


def parcels(made: list[Made], chance: random.Random) -> list[list[Made]]:
    """The statements in another order and another cut; one batch in eight comes again, as it was or in other pieces."""
    order = chance.sample(made, len(made))
    cut: list[list[Made]] = []
    while order:
        size = chance.choice((1, chance.randint(1, LARGEST_BATCH)))
        cut.append(order[:size])
        del order[:size]
    for batch in chance.sample(cut, max(2, len(cut) // 8)):
        again = batch if chance.random() < 0.5 else chance.sample(made, len(batch))
        # Often just behind, so that both are on their way at once.
        place = cut.index(batch) + 1 if chance.random() < 0.5 else chance.randrange(len(cut))
        cut.insert(place, again)
    return cut


def send_all(server: Server, cut: list[list[Made]], chance: random.Random) -> list[str]:
    """Eight clients share the batches and insist; each refusal they met, in words."""
    work: queue.SimpleQueue[list[Made]] = queue.SimpleQueue()
    for batch in cut:
        work.put(batch)
    refused: list[str] = []
    chances = [random.Random(chance.random()) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=_send, args=(server, work, own, refused)) for own in chances]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused if work.empty() else [*refused, f"{work.qsize()} batches left"]


def _send(
    server: Server, work: "queue.SimpleQueue[list[Made]]", chance: random.Random, refused: list[str]
) -> None:
    try:
        with Client(server) as client:
            while True:
                batch = work.get_nowait()
                time.sleep(0.3 if chance.random() < 0.01 else chance.uniform(0, 0.01))
                if chance.random() < 0.05:
                    _send_into_the_void(client)
                method, path, body = _request(batch, chance)
                for _ in range(TRIES):
                    status, answer = client.insist(method, path, body)
                    if status in ACKNOWLEDGED:
                        break
                    refused.append(f"{status} {answer.decode(errors='replace')[:300]}")
    except queue.Empty:
        return
    except Exception as error:  # noqa: BLE001  (told to the test by its own thread)
        refused.append(repr(error))


def _send_into_the_void(client: Client) -> None:
    """The network is elsewhere for a moment: nobody hears it."""
    living, client.connection.port = client.connection.port, a_dead_port()
    client.connection.close()
    try:
        with pytest.raises((OSError, HTTPException)):
            client.ask("POST", "/xapi/statements", b"[]")
    finally:
        client.connection.port = living


def _request(batch: list[Made], chance: random.Random) -> tuple[str, str, bytes]:
    if len(batch) == 1 and chance.random() < 0.5:
        return "PUT", f"/xapi/statements?statementId={batch[0].uuid}", batch[0].text.encode()
    if len(batch) == 1 and chance.random() < 0.5:
        return "POST", "/xapi/statements", batch[0].text.encode()
    return "POST", "/xapi/statements", f"[{','.join(one.text for one in batch)}]".encode()


@contextmanager
def counting(database: Database, progress: str) -> Iterator[None]:
    """Coalesced: the worker's count goes on beside the writers, and to its end once they have gone."""
    if progress != "coalesced":
        yield
        return
    with subprocess.Popen(
        [sys.executable, "-m", "tests.proofs.store_world", "count"],
        cwd=environment.ROOT, env=database.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as worker:  # fmt: skip
        try:
            yield
        finally:
            told, _ = worker.communicate(timeout=120)
    assert worker.returncode == 0
    assert json.loads(told.splitlines()[-1])["counted"] > 0


def one_run(
    database: Database, made: list[Made], number: int, progress: str
) -> tuple[dict[str, Any], list[str]]:
    """All of it into an empty store; what the product then says of its projections, and what it refused meanwhile."""
    chance = random.Random(f"{SEED}/{number}")
    database.fresh()
    with counting(database, progress), Server(database, progress=progress) as server:
        refused = send_all(server, parcels(made, chance), chance)
        said = server.said()
    checked = run(database.env, "manage.py", "rebuild_records", "--check", "--json")
    assert checked.stdout, checked.stderr[-3000:]
    found: dict[str, Any] = json.loads(checked.stdout)
    return found, [*refused, said] if refused else []


@pytest.mark.prove
def test_any_order_and_any_repetition_give_the_same_projection(database, proof_scale):
    made = statements(proof_scale(STATEMENTS))
    count, gone = len(made), voided(made)
    assert any(one.voids for one in made)
    runs = max(3, proof_scale(RUNS))

    for number in range(runs):
        # when all are sent in one more order
        progress = "coalesced" if number == runs - 1 else "transaction"
        found, refused = one_run(database, made, number, progress)

        # then what is kept is what the statements alone give, in every run
        assert found["differences"] == [], f"run {number}, {progress}"
        assert found["hash"] == projection_hash(made), f"run {number}, {progress}"
        # and each is there once, in numbers without a gap, the voided ones marked
        assert database.ask("SELECT count(*), min(seq), max(seq) FROM courses_statement") == [
            (count, 1, count)
        ]
        assert database.ask("SELECT projected, sequence FROM courses_storehead") == [(count, count)]
        marked = database.ask("SELECT uuid FROM courses_statement WHERE voided_at IS NOT NULL")
        assert {str(UUID(str(uuid))) for (uuid,) in marked} == gone & {one.uuid for one in made}
        # and nobody was refused: each statement was valid, and the same as itself
        assert refused == [], f"run {number}, {progress}"


def test_the_control_one_statement_or_one_voiding_less_is_another_hash():
    made = statements(250)
    lone = next(one for one in made if one.key and one.uuid not in voided(made))
    last_void = next(one for one in made if one.voids in voided(made) & {other.uuid for other in made})

    assert projection_hash(made[::-1]) == projection_hash(made)
    assert projection_hash([one for one in made if one is not lone]) != projection_hash(made)
    assert projection_hash([one for one in made if one.voids != last_void.voids]) != projection_hash(made)
