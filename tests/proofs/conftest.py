"""The two databases on which a proof is made, whatever the one that the other tests run on."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from .record_store import PUBLIC_URL, Database, Postgres, Sqlite, Template


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Template]:
    """Made when first wanted, dropped at the end of the run."""

    @cache
    def get() -> Template:
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            pytest.skip("needs PostgreSQL: set TEST_DATABASE_URL")
        return Template(url, tmp_path_factory.mktemp("template"))

    return get


@pytest.fixture
def sqlite(embedded_instance: dict[str, str]) -> Sqlite:
    """A store of its own in a file."""
    return Sqlite(embedded_instance | {"LMS_PUBLIC_URL": PUBLIC_URL})


@pytest.fixture
def postgres(
    embedded_instance: dict[str, str], postgres_template: Callable[[], Template], tmp_path: Path
) -> Iterator[Postgres]:
    """A store of its own in a database of its own."""
    one = Postgres(embedded_instance | {"LMS_PUBLIC_URL": PUBLIC_URL}, postgres_template())
    yield one
    one.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each of the two in turn."""
    found: Database = request.getfixturevalue(request.param)
    return found
