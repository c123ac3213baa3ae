"""`python -m tests.bench`: measure, show the table, keep it as JSON; with --write, also in docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from tests.environment import ROOT

from . import report
from .driving import Plan
from .measures import run

JSON = ROOT / "var" / "bench.json"
PAGE = ROOT / "docs" / "performance.md"


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, _leave)
    started = time.monotonic()

    def say(words: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - started:5.0f} s] {words}\n")
        sys.stderr.flush()

    url = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL") or ""
    plan = Plan(url, say, rows=options.rows or (100_000 if options.quick else 1_000_000), full=options.full)
    if options.quick:
        plan.rounds, plan.requests, plan.singles, plan.pages, plan.small = 3, 30, 60, 70, 20_000
    plan.small = min(plan.small, plan.rows)
    load = os.getloadavg()[0]
    results, about = run(plan, {goal.strip().upper() for goal in options.only.split(",") if goal.strip()})
    about |= {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "cpu": _processor(),
        "python": platform.python_version(),
        "load_at_start": load,
        "load_at_end": os.getloadavg()[0],
        "rounds": plan.rounds,
        "rows": plan.rows,
        "notes": plan.notes,
    }
    sys.stdout.write(report.text(results) + "\n" + "".join(f"{note}\n" for note in plan.notes))
    report.write_json(JSON, results, about)
    if options.write:
        report.write_markdown(PAGE, report.markdown(results, _circumstances(about)))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS='…'", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, 100 000 statements")
    parser.add_argument("--only", default="", help="goals, comma separated: G1,G5,PAGES")
    parser.add_argument("--rows", type=int, help="statements stored for the pages (1 000 000)")
    parser.add_argument("--full", action="store_true", help="the pages at 5 000 000 statements too")
    parser.add_argument("--write", action="store_true", help="put the table in docs/performance.md")
    return parser.parse_args()


def _leave(number: int, frame: FrameType | None) -> None:
    """As an interruption from the keyboard: everything is dropped on the way out."""
    raise KeyboardInterrupt


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "?")


def _circumstances(about: dict[str, object]) -> str:
    server = (
        f"PostgreSQL {about['postgresql']} (synchronous_commit {about['synchronous_commit']}, fsync {about['fsync']}, "
        f"shared_buffers {about['shared_buffers']}), "
        if "postgresql" in about
        else ""
    )
    words = (
        f"Measured {about['at']} on {about['cores']} cores ({about['cpu']}), {server}Python {about['python']}; load "
        f"average {about['load_at_start']:.1f} before, {about['load_at_end']:.1f} after. Median of {about['rounds']} "
        "rounds (lowest–highest); the ratio is taken round by round."
    )
    return " ".join([words, *about["notes"]])  # type: ignore[misc]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
