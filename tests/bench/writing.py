"""G1, G2, G3, G6: statements that come in, to PostgreSQL. A round is ours, then its anchor."""

from __future__ import annotations

import statistics

from . import direct
from .clients import AnswerError, together
from .driving import Plan, batches_of, drive, warm
from .inside import BATCH
from .instance import Instance
from .report import Figure, Result, ratios


def batches(site: Instance, plan: Plan) -> list[Result]:
    """POST of 50, with progress counted later or at once; COPY of 50 beside both."""
    clients, count = 2, plan.requests
    size = clients * count * BATCH
    rate: dict[str, list[float]] = {"coalesced": [], "transaction": [], "copy": [], "copy2": []}
    cost: dict[str, list[float]] = {"coalesced": [], "transaction": [], "later": []}
    wall: list[float] = []
    memory: dict[str, list[float]] = {"start": [], "warm": [], "peak": [], "end": []}

    def copied() -> float:
        first = direct.take_numbers(site.url, size)
        job = direct.copying(site.url, first=first, batches=count, size=BATCH)
        done = together(job, clients)
        return size / (done.client_cpu + sum(done.results))

    plan.say("starting and warming two servers")
    with site.serve(progress="coalesced") as later, site.serve(progress="transaction") as at_once:
        memory["start"].append(later.memory_mb())
        warm(later)
        site.inside("catch_up")
        warm(at_once)
        memory["warm"].append(later.memory_mb())
        for number in range(plan.rounds):
            plan.say(f"POST of {BATCH}, round {number + 1} of {plan.rounds}")
            done, meter = drive(site, later, clients, batches_of(later, count))
            rate["coalesced"].append(size / meter.cpu)
            cost["coalesced"].append(meter.cpu / size * 1e6)
            wall.append(size / done.wall)
            memory["peak"].append(meter.peak_mb)
            caught = site.inside("catch_up")
            if caught["statements"] < size:
                raise AnswerError("the coalesced server counted by itself")
            cost["later"].append(caught["cpu"] / caught["statements"] * 1e6)
            rate["copy"].append(copied())
            _, meter = drive(site, at_once, clients, batches_of(at_once, count))
            if site.inside("catch_up")["statements"]:
                raise AnswerError("progress was not kept in the transaction")
            rate["transaction"].append(size / meter.cpu)
            cost["transaction"].append(meter.cpu / size * 1e6)
            rate["copy2"].append(copied())
        memory["end"].append(later.memory_mb())
    unit = "st/CPU-s"
    peers = "ralph 1 500 (files, no duplicate look-up) · ADL_LRS 45 · Django floor 9 445 st/s"
    growth = memory["end"][0] / memory["warm"][0]
    return [
        Result(
            "G1", f"POST of {BATCH}, durable, progress coalesced; beside COPY of {BATCH} in a transaction",
            Figure.of(rate["coalesced"], unit), Figure.of(rate["copy"], "rows/CPU-s"),
            ratios(rate["coalesced"], rate["copy"]), 0.42, peers=f"{peers} · floor without auth 0.47",
        ),
        Result(
            "G1", f"POST of {BATCH}, durable, progress in the transaction; beside COPY of {BATCH}",
            Figure.of(rate["transaction"], unit), Figure.of(rate["copy2"], "rows/CPU-s"),
            ratios(rate["transaction"], rate["copy2"]), 0.30, peers=peers,
        ),
        Result("G1", f"POST of {BATCH}, wall, {clients} clients on the same machine", Figure.of(wall, "st/s")),
        Result(
            "G6", "Progress within the transaction: processor time it adds to a statement not counted at all",
            Figure.of(cost["transaction"], "µs"), Figure.of(cost["coalesced"], "µs"),
            Figure.of((a / b * 100 - 100 for a, b in zip(cost["transaction"], cost["coalesced"], strict=True)), "%"),
            40, at_most=True, unit="%", peers="62 µs wall with a commit of its own, against 155 µs",
        ),
        Result(
            "G6", "Progress counted later by the worker, added to the same",
            Figure.of(cost["later"], "µs"), Figure.of(cost["coalesced"], "µs"),
            Figure.of((a / b * 100 for a, b in zip(cost["later"], cost["coalesced"], strict=True)), "%"),
            20, at_most=True, unit="%", peers="27–36 µs against 155 µs",
        ),
        Result(
            "memory", f"Largest worker: fresh {memory['start'][0]:.0f} MB, warm (anchor), peak "
            f"{max(memory['peak']):.0f} MB, after the load (ours)",
            Figure.of(memory["end"], "MB"), Figure.of(memory["warm"], "MB"), Figure.of([growth], "×"), 1.25,
            at_most=True,
        ),
    ]  # fmt: skip


def singles(site: Instance, plan: Plan) -> list[Result]:
    """POST of one at eight clients; one INSERT a transaction beside it; the server's floor."""
    clients, count = 8, plan.singles
    total = clients * count
    wall: dict[str, list[float]] = {"ours": [], "direct": []}
    cpu: dict[str, list[float]] = {"ours": [], "noop": [], "server": []}
    with site.serve() as server, site.serve_nothing() as nothing:
        warm(server)
        drive(site, server, clients, batches_of(server, 20, 1))
        for number in range(plan.rounds):
            plan.say(f"POST of one, round {number + 1} of {plan.rounds}")
            done, meter = drive(site, server, clients, batches_of(server, count, 1))
            wall["ours"].append(total / done.wall)
            cpu["ours"].append(meter.cpu / total * 1000)
            cpu["server"].append(meter.server_cpu / total * 1000)
            first = direct.take_numbers(site.url, total)
            done = together(direct.inserting(site.url, first=first, count=count), clients)
            wall["direct"].append(total / done.wall)
            _, meter = drive(site, nothing, clients, lambda _: [nothing.door.get("/noop")] * (count * 4))
            cpu["noop"].append(meter.server_cpu / (total * 4) * 1000)
    return [
        Result(
            "G2", "POST of one, durable, 8 clients, wall; beside one prepared INSERT a transaction, 8 connections",
            Figure.of(wall["ours"], "req/s"), Figure.of(wall["direct"], "rows/s"),
            ratios(wall["ours"], wall["direct"]), 0.30,
            peers="ralph 76 · ADL_LRS 9.4 (150 ms of password hash) · Django floor on granian 824 req/s",
        ),
        Result(
            "G3", f"Processor time of a POST of one, server and PostgreSQL (server alone "
            f"{statistics.median(cpu['server']):.2f} ms); beside a view that does nothing",
            Figure.of(cpu["ours"], "ms"), Figure.of(cpu["noop"], "ms"), ratios(cpu["ours"], cpu["noop"]), 6,
            at_most=True, peers="no-op: granian 0.30 · gunicorn gthread 0.60 · sync 0.81 · async Django 1.7 ms",
        ),
    ]  # fmt: skip
