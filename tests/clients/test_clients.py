"""Clients that others wrote, against a live record store."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from courses import api
from tests import factories
from tests.clients.tincan_client import Journey
from tests.factories import NOON

HERE = Path(__file__).parent
PATIENCE_SECONDS = 120


@pytest.fixture
def key(transactional_db: None) -> tuple[str, str]:
    """A key that opens everything of its organisation, and its secret."""
    row, secret = api.create_lrs_key(
        organisation=factories.a_training_organisation(), scopes=["all"], actor=factories.root(), at=NOON
    )
    return row.key, secret


@pytest.mark.parametrize("base", ["/xapi/", "/xapi/1.0.3/"])
def test_the_python_client_tincan_does_all_it_can(live_server: Any, key: tuple[str, str], base: str) -> None:
    journey = Journey(endpoint=live_server.url + base, key=key[0], secret=key[1])

    faults = [outcome.line() for outcome in journey.run() if outcome.fault]

    assert not faults, "\n".join(faults)


def test_a_key_that_may_only_write_makes_the_reading_steps_fail(
    live_server: Any, transactional_db: None
) -> None:
    row, secret = api.create_lrs_key(
        organisation=factories.a_training_organisation(), scopes=["statements/write"],
        actor=factories.root(), at=NOON,
    )  # fmt: skip
    journey = Journey(endpoint=live_server.url + "/xapi/", key=row.key, secret=secret)

    outcomes = {outcome.step: outcome.fault for outcome in journey.run()}

    assert outcomes["one statement by PUT"] == ""
    assert "403" in outcomes["get by id"]
    assert "403" in outcomes["state: set, replace, get, list, delete, clear"]


@pytest.mark.parametrize(
    ("script", "version"),
    [("xapi", "1.0.3"), ("xapi", "2.0.0"), ("tincanjs", "1.0.2"), ("adl_xapiwrapper", "1.0.1")],
)
def test_a_node_client_does_all_it_can(
    live_server: Any, key: tuple[str, str], script: str, version: str
) -> None:
    installed = Path(os.environ.get("XAPI_NODE_CLIENTS", ""))
    if not os.environ.get("XAPI_NODE_CLIENTS") or not (installed / "node_modules").is_dir():
        pytest.skip("XAPI_NODE_CLIENTS names no folder with node_modules: see tests/clients/README.md")
    if (node := shutil.which("node")) is None:
        pytest.skip("node is not installed")
    given = {"XAPI_ENDPOINT": f"{live_server.url}/xapi/", "XAPI_KEY": key[0], "XAPI_SECRET": key[1]}

    walked = subprocess.run(
        [node, str(HERE / f"{script}.mjs")],
        env={**os.environ, **given, "XAPI_VERSION": version},
        capture_output=True, text=True, timeout=PATIENCE_SECONDS,
    )  # fmt: skip

    assert walked.returncode == 0, walked.stdout + walked.stderr
