"""What the measures share: how much is measured, and how a server is driven."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import statements
from .clients import Line, Round, together
from .inside import BATCH
from .instance import Instance, Server
from .processes import Meter

STATEMENTS = "/xapi/statements"
# Every worker takes its share of each round's connections.
WARM_ROUNDS = 4


@dataclass
class Plan:
    """How much is measured."""

    url: str
    say: Callable[[str], None]
    rounds: int = 5
    requests: int = 60
    singles: int = 150
    pages: int = 60
    rows: int = 1_000_000
    full: bool = False
    small: int = 100_000
    notes: list[str] = field(default_factory=list)


@contextmanager
def _metered(
    site: Instance, servers: list[int]
) -> Iterator[tuple[Callable[[], object], Callable[[], object], Meter]]:
    backends = site.backends()
    meter = Meter(servers, backends)
    try:
        yield meter.__enter__, meter.__exit__, meter
    finally:
        meter.stop()
        backends.close()


def drive(
    site: Instance, server: Server, clients: int, make: Callable[[int], list[bytes]]
) -> tuple[Round, Meter]:
    """One round of requests against a server: its clients' wall time, its processes' processor time."""

    def job(index: int) -> Callable[[], int]:
        requests = make(index)
        line = Line(server.port)

        def go() -> int:
            for request in requests:
                line.ask(request)
            return len(requests)

        return go

    with _metered(site, server.workers) as (before, after, meter):
        done = together(job, clients, before=before, after=after)
    return done, meter


_seeds = iter(range(1, 1_000_000))


def batches_of(server: Server, count: int, size: int = BATCH) -> Callable[[int], list[bytes]]:
    seed = next(_seeds)

    def make(index: int) -> list[bytes]:
        chance = random.Random(seed * 1000 + index)
        if size == 1:
            return [server.door.post(STATEMENTS, statements.make(chance).text.encode()) for _ in range(count)]
        return [server.door.post(STATEMENTS, statements.batch(chance, size)) for _ in range(count)]

    return make


def warm(server: Server, clients: int = 4) -> None:
    """Every worker meets every name: until then it asks the database for them."""

    def posting(seed: int) -> Callable[[int], Callable[[], None]]:
        def job(index: int) -> Callable[[], None]:
            chance = random.Random(seed * 1000 + index)
            firsts = range(index * BATCH, statements.ACTORS, clients * BATCH)
            requests = [
                server.door.post(STATEMENTS, statements.batch(chance, BATCH, first)) for first in firsts
            ]

            def go() -> None:
                for request in requests:  # a new connection each time: any worker may take it
                    line = Line(server.port)
                    line.ask(request)
                    line.close()

            return go

        return job

    for _ in range(WARM_ROUNDS):
        together(posting(next(_seeds)), clients)
