"""Which measures are taken, in what order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .driving import Plan
from .instance import Instance
from .pages import public_pages
from .reading import pages
from .report import Result
from .small import cold, sqlite, statement
from .writing import batches, singles


def run(plan: Plan, wanted: set[str]) -> tuple[list[Result], dict[str, Any]]:
    """The measures of the goals wanted (all, if none is named), and in what circumstances."""
    asked: Callable[..., bool] = lambda *goals: not wanted or bool(wanted & set(goals))  # noqa: E731
    results: list[Result] = []
    about: dict[str, Any] = {}
    if plan.url and asked("G1", "G2", "G3", "G4", "G5", "G6", "G11", "MEMORY"):
        plan.say("migrating a database of its own")
        with Instance(plan.url) as site:
            with site.connect() as connection:
                about["postgresql"] = str(connection.info.server_version // 10000)
                about |= {
                    name: connection.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                    for name in ("synchronous_commit", "fsync", "shared_buffers")
                }
            readable = site.readable()
            if asked("G5"):
                results += pages(site, plan)
            if asked("G1", "G6", "MEMORY") and readable:
                results = batches(site, plan) + results
            if asked("G2", "G3") and readable:
                results += singles(site, plan)
            if asked("G4"):
                results += statement(site, plan)
            if asked("G11"):
                results += cold(site, plan)
            if not readable:
                plan.notes.append(
                    "PostgreSQL’s processes cannot be read from here: G1, G2, G3, G6 and memory were not measured."
                )
    if asked("G10"):
        results += sqlite(plan)
    if asked("PAGES"):
        results += public_pages(plan)
    if not plan.url:
        plan.notes.append("No PostgreSQL was given (BENCH_DATABASE_URL): only SQLite was measured.")
    return sorted(results, key=lambda one: int(one.goal[1:]) if one.goal[0] == "G" else 99), about
