"""G4, G10, G11: one statement in process, one process on SQLite, a server just started."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial

from . import statements
from .clients import Line, together
from .driving import STATEMENTS, Plan
from .inside import BATCH
from .instance import Instance, Server
from .report import Figure, Result, ratios


def statement(site: Instance, plan: Plan) -> list[Result]:
    """One statement read, checked and composed, in process."""
    plan.say("one statement in process")
    found = site.inside("statement", rounds=plan.rounds, seconds=0.4)
    ours = Figure.of(found["ours"], "µs")
    return [
        Result(
            "G4", "Parse, check and compose one statement; beside jsonschema-rs alone on the decoded value",
            ours, Figure.of(found["schema"], "µs"), ratios(found["ours"], found["schema"]), 3, at_most=True,
            peers="jsonschema-rs 14 · msgspec 15 · handwritten 36, with parsing and canonical 44 µs",
        ),
        Result(
            "G4", "The same; beside tincan’s Statement.from_json (how many times faster)",
            ours, Figure.of(found["tincan"], "µs"), ratios(found["tincan"], found["ours"]), 10,
            peers="ralph’s model 581 · tincan 608 µs",
        ),
    ]  # fmt: skip


def sqlite(plan: Plan) -> list[Result]:
    """One process, one file."""
    results = []
    with Instance("") as site:
        for progress, limit in (("transaction", 0.5), ("coalesced", None)):
            plan.say(f"SQLite in process, progress {progress}")
            found = site.inside("sqlite", progress=progress, rounds=plan.rounds, batches=plan.requests)
            results.append(
                Result(
                    "G10", f"SQLite, one process, batches of {BATCH}, synchronous full, progress {progress}; beside "
                    "executemany of the same rows",
                    Figure.of(found["ours"], "rows/s"), Figure.of(found["direct"], "rows/s"),
                    ratios(found["ours"], found["direct"]), limit, peers="23 300–36 000 rows/s direct",
                )
            )  # fmt: skip
        plan.say("SQLite over HTTP")
        rates = []
        with site.serve() as server:
            for _ in range(plan.rounds + 1):
                done = together(partial(_posting, server, plan.requests), 2)
                rates.append(2 * plan.requests * BATCH / done.wall)
    results.append(
        Result("G10", f"SQLite over HTTP, POST of {BATCH}, 2 clients, wall", Figure.of(rates[1:], "st/s"))
    )
    return results


def _posting(server: Server, count: int, index: int) -> Callable[[], None]:
    chance = random.Random(time.time_ns() + index)
    requests = [server.door.post(STATEMENTS, statements.batch(chance, BATCH)) for _ in range(count)]
    line = Line(server.port)

    def go() -> None:
        for request in requests:
            line.ask(request)

    return go


def cold(site: Instance, plan: Plan) -> list[Result]:
    """Servers just started, whose workers loaded the application and saw no credential yet."""
    clients = 16
    one: list[float] = []
    many: list[float] = []
    for number in range(min(plan.rounds, 3)):
        plan.say(f"cold credentials, round {number + 1}")
        for times, count in ((one, 1), (many, clients)):
            with site.serve() as server:
                done = together(partial(_posting_one, server), count)
                times.append(done.wall * 1000)
    return [
        Result(
            "G11", f"{clients} clients at once on a fresh server, each one POST: until the last is answered; beside "
            "one client’s first POST on a fresh server",
            Figure.of(many, "ms"), Figure.of(one, "ms"), ratios(many, one), 5, at_most=True,
            peers="ralph: none of 16 answered in 3 s",
        )
    ]  # fmt: skip


def _posting_one(server: Server, index: int) -> Callable[[], None]:
    body = statements.make(random.Random(time.time_ns() + index)).text.encode()
    request, line = server.door.post(STATEMENTS, body), Line(server.port)

    def go() -> None:
        line.ask(request)

    return go
