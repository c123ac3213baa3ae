"""What every test stands on: its own environment, a copied database, closed windows, and a few fixtures."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import environment

environment.prepare()

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()

from django.conf import settings as django_settings  # noqa: E402
from django.test import Client  # noqa: E402

from tests import database  # noqa: E402
from tests.proofs import record_store  # noqa: E402

# Tests sign in hundreds of times; the strength of the hash is not what they look at.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
environment.close_the_windows()


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        environment.sweep_dead_runs()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The last one out drops the template database and the run's folder."""
    if hasattr(config, "workerinput"):
        return
    from django.db import connection

    if connection.vendor == "postgresql" and list(environment.run_folder().glob("*.done")):
        database.PostgresHouse().drop_template()
    record_store.drop_template()
    environment.leave()


LONG = ("prove", "browser", "broker")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long tests first, dealt between the workers; and say out loud which have nothing to run on here."""
    from django.db import connection

    long = [item for item in items if any(item.get_closest_marker(name) for name in LONG)]
    kept = set(long)
    short = [item for item in items if item not in kept]
    # Of two workers, each is dealt one half, then takes from the other what that one has not begun.
    middle = max(0, len(items) // 2 - len(long[::2]))
    items[:] = [*long[::2], *short[:middle], *long[1::2], *short[middle:]]

    no_broker = not (os.environ.get("TEST_REDIS_URL") or os.environ.get("TEST_AMQP_URL"))
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL"))
        if item.get_closest_marker("broker") and no_broker:
            item.add_marker(pytest.mark.skip(reason="needs a broker: set TEST_REDIS_URL or TEST_AMQP_URL"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Replaces pytest-django's: a copy of the migrated template instead of a migration."""
    the_house = database.house()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        the_house.install()
    database.restore_after_transactional_tests(the_house)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        the_house.remove()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Each test has its own database: what a process remembers of another would be false."""
    from courses.xapi import memory

    memory.forget()
    database.cache.clear()


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """`client_for(user)`: a browser in which this person is signed in; `client_for()`: nobody is."""

    def make(user: object | None = None, **headers: str) -> Client:
        client = Client(SERVER_NAME="localhost", **headers)
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        return client

    return make


@pytest.fixture(scope="session")
def proof_scale() -> Callable[[int], int]:
    """`proof_scale(20)`: 20 under `make prove`, a twentieth (at least 1) otherwise."""
    in_full = os.environ.get(environment.PROVE_IN_FULL) == "1"
    return lambda count: count if in_full else max(1, count // 20)


@pytest.fixture
def embedded_instance(django_db_setup: None, tmp_path: Path) -> dict[str, str]:
    """The environment of a real, separate instance: its own folder, a migrated SQLite file, its own two ports.

    For tests that start `manage.py` as a process: `subprocess.Popen([sys.executable, "manage.py", …], env=…)`.
    """
    if not isinstance(the_house := database.house(), database.SqliteHouse):
        pytest.skip("the embedded instance is SQLite's")
    the_house.copy_to(tmp_path / "lms.sqlite3")
    leftovers = {"DATABASE_URL", "PYTEST_CURRENT_TEST"}
    kept = {name: value for name, value in os.environ.items() if name not in leftovers}
    return kept | {"LMS_VAR_DIR": str(tmp_path), "PORT": str(environment.two_free_ports())}


@pytest.fixture(params=["redis", "amqp"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """The address of a real broker, once for Redis and once for RabbitMQ. Mark the test `broker`."""
    name = {"redis": "TEST_REDIS_URL", "amqp": "TEST_AMQP_URL"}[request.param]
    if not (url := os.environ.get(name)):
        pytest.skip(f"{name} is not set")
    return url
