"""G5: pages, as the store grows."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from urllib.parse import quote

from . import direct, statements
from .clients import AnswerError, Line
from .driving import STATEMENTS, Plan
from .inside import BUSY
from .instance import Instance, Server
from .report import Figure, Result, ratios

DEPTH = 500_000


@dataclass
class _Pages:
    ours: list[float] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)
    noop: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    deep: list[float] = field(default_factory=list)


def pages(site: Instance, plan: Plan) -> list[Result]:
    """GET of an agent and a verb, and of a verb's list at its depth, as the store grows."""
    sizes = sorted({min(plan.small, plan.rows), plan.rows, *([5_000_000] if plan.full else [])})
    found: dict[int, _Pages] = {}
    stored = 0
    for size in sizes:
        plan.say(f"filling the store up to {size:,} statements")
        site.inside("fill", rows=size - stored, seed=size)
        stored = size
        found[size] = _read_pages(site, plan, size)
    main, small = found[plan.rows], found[sizes[0]]
    depth = min(DEPTH, plan.rows // 2)
    without = [a - b for a, b in zip(main.ours, main.noop, strict=True)]
    results = [
        Result(
            "G5", f"GET of an agent and a verb, 100 statements of {plan.rows:,}, warm, whole request as the client "
            "sees it; beside the bare SQL",
            Figure.of(main.ours, "ms"), Figure.of(main.sql, "ms"), ratios(main.ours, main.sql), 2, at_most=True,
            peers="1 ms of SQL by the composite index · 256 ms by GIN",
        ),
        Result(
            "G5", f"The same less the request that does nothing ({statistics.median(main.noop):.2f} ms)",
            Figure.of(without, "ms"), Figure.of(main.sql, "ms"), ratios(without, main.sql),
        ),
        Result(
            "G5", f"A verb’s list at depth {depth:,}, by cursor; beside its first page",
            Figure.of(main.deep, "ms"), Figure.of(main.first, "ms"), ratios(main.deep, main.first), 1.5,
            at_most=True, peers="keyset 0.5 ms · OFFSET 410–11 000 ms",
        ),
    ]  # fmt: skip
    largest = sizes[-1]
    what = f"The agent’s page at {largest:,} statements; beside the same at {sizes[0]:,}"
    if len(sizes) > 1:
        results.append(
            Result(
                "G5", what + ("" if plan.full else " (5 M not run: --full)"),
                Figure.of(found[largest].ours, "ms"), Figure.of(small.ours, "ms"),
                ratios(found[largest].ours, small.ours), 1.5 if plan.full else None, at_most=True,
            )
        )  # fmt: skip
    else:
        plan.notes.append("5 M against 100 k was not run (it needs --full).")
    return results


def _read_pages(site: Instance, plan: Plan, size: int) -> _Pages:
    found = _Pages()
    verb = quote(statements.COMMON_VERB, safe="")
    targets = [
        f"{STATEMENTS}?agent={quote(statements.actor_json(n), safe='')}&verb={verb}&limit=100"
        for n in range(BUSY)
    ]
    with site.connect() as connection, site.serve() as server, site.serve_nothing() as nothing:
        sql = direct.Pages(connection, site.facts["organisation"])
        ifis = [f"account:{statements.HOME}|{statements.actor_name(n)}" for n in range(BUSY)]
        actors, verb_number = sql.numbers(ifis, statements.COMMON_VERB)
        first = f"{STATEMENTS}?verb={verb}&limit=100"
        deep = f"{first}&cursor={sql.at_depth(verb_number, min(DEPTH, size // 2))}"
        line, floor = Line(server.port), Line(nothing.port)
        asked = [server.door.get(target) for target in targets]
        _times(line, asked, 2 * BUSY)
        sql.times(actors, verb_number, 2 * BUSY)
        for number in range(plan.rounds):
            plan.say(f"pages of {size:,}, round {number + 1} of {plan.rounds}")
            # An idle connection is closed after two seconds: each round has its own.
            line, floor = _again(line, server), _again(floor, nothing)
            _times(line, asked[:4], 8)
            found.ours.append(_times(line, asked, plan.pages))
            found.sql.append(sql.times(actors, verb_number, plan.pages))
            found.first.append(_times(line, [server.door.get(first)], plan.pages))
            found.deep.append(_times(line, [server.door.get(deep)], plan.pages))
            floor = _again(floor, nothing)
            found.noop.append(_times(floor, [nothing.door.get("/noop")], plan.pages))
    return found


def _again(line: Line, server: Server) -> Line:
    line.close()
    return Line(server.port)


def _times(line: Line, requests: list[bytes], count: int) -> float:
    """The median, in milliseconds; every answer is looked at, so that an empty page is no fast page."""
    spent = []
    for n in range(count):
        start = time.perf_counter()
        answer = line.ask(requests[n % len(requests)])
        spent.append((time.perf_counter() - start) * 1000)
        if answer and answer.count(b'"stored":"') != 100:
            raise AnswerError("a page of 100 statements was expected")
    return statistics.median(spent)
