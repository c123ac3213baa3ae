"""The test database: migrated once into a template, then copied for each worker and after each transactional test.

Migrating from zero takes some twenty seconds; a copy takes a blink. The template is kept under a key made of all
that shapes it (migrations, walls, reference data, the versions of Django and Wagtail), so that it is never stale.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import django
import psycopg
import wagtail
from django.core.cache import cache
from django.core.management import call_command, get_commands
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

from tests import environment

APPS = ("courses", "certification", "cms", "lms")
SHAPING = (
    "**/migrations/*.py",
    "**/walls.py",
    "**/data/**/*",
    "**/load_reference.py",
    "**/reference*.py",
    "**/reference*/**/*",
)
# What a model asks of the walls is in no migration.
WALL_ORDER = re.compile(rb"^.*(?:APPEND_ONLY|NO_OVERLAP|CLOSING_COLUMNS|FROZEN_WHEN|EXISTS).*$", re.MULTILINE)


def template_key() -> str:
    """The hash of everything that decides what a freshly migrated database holds."""
    digest = hashlib.sha256(f"{django.VERSION} {wagtail.VERSION}".encode())
    files = {path for app in APPS for pattern in SHAPING for path in (environment.ROOT / app).glob(pattern)}
    for path in sorted(files):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(environment.ROOT)).encode())
            digest.update(path.read_bytes())
    for app in APPS:
        for path in sorted((environment.ROOT / app).rglob("*models*.py")):
            digest.update(b"".join(WALL_ORDER.findall(path.read_bytes())))
    return digest.hexdigest()[:16]


class SqliteHouse:
    """One template file, one copy for each worker."""

    def __init__(self) -> None:
        folder = environment.TEST_VAR / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        self.template = folder / f"{template_key()}.sqlite3"
        self.copy = environment.run_folder() / environment.worker_name() / "test.sqlite3"

    def install(self) -> None:
        """Point the connection at this worker's own copy."""
        self.copy_to(self.copy)
        _point_at(self.copy)

    def restore(self) -> None:
        """Give the copy the template's content again, walls included, whatever a test committed."""
        connection.close()
        source, target = sqlite3.connect(self.template), sqlite3.connect(self.copy, timeout=30)
        with contextlib.closing(source), contextlib.closing(target):
            source.backup(target)

    def copy_to(self, path: Path) -> None:
        """A migrated database with the reference data, at `path`."""
        with one_at_a_time(self.template.with_suffix(".lock")):
            if not self.template.exists():
                self._build()
        path.parent.mkdir(parents=True, exist_ok=True)
        source, target = sqlite3.connect(self.template), sqlite3.connect(path)
        with contextlib.closing(source), contextlib.closing(target):
            source.backup(target)

    def remove(self) -> None:
        connection.close()

    def _build(self) -> None:
        draft = self.template.with_suffix(f".{os.getpid()}.draft")
        draft.unlink(missing_ok=True)
        _point_at(draft)
        _fill()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA journal_mode=DELETE")
        connection.close()
        draft.rename(self.template)
        for old in sorted(self.template.parent.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-6]:
            old.unlink(missing_ok=True)


@functools.cache
def _door() -> dict[str, str]:
    """Where databases are made and dropped: the database named by the environment, remembered before any copy."""
    return {key: connection.settings_dict[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}


class PostgresHouse:
    """One template database for the run, one copy for each worker; all of them dropped at the end."""

    def __init__(self) -> None:
        stem = f"test_{environment.run_name().replace('-', '_')}"
        self.template = f"{stem}_template"
        self.copy = f"{stem}_{environment.worker_name()}"
        self.door = _door()
        # A pool would keep hold of a database that has to be dropped.
        connection.settings_dict["OPTIONS"].pop("pool", None)

    def install(self) -> None:
        done = environment.run_folder() / f"{self.template}.done"
        with one_at_a_time(done.with_suffix(".lock")):
            if not done.exists():
                self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.template)))
                _point_at(self.template)
                _fill()
                connection.close()
                done.touch()
        self._copy()
        _point_at(self.copy)

    def restore(self) -> None:
        connection.close()
        self._copy()

    def remove(self) -> None:
        """Drop this worker's copy. The template goes with the run, see `drop_template`."""
        connection.close()
        self._drop(self.copy)

    def drop_template(self) -> None:
        self._drop(self.template)

    def _copy(self) -> None:
        self._drop(self.copy)
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(self.copy), sql.Identifier(self.template)
            )
        )

    def _drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        door = psycopg.connect(
            host=self.door["HOST"] or None,
            port=self.door["PORT"] or None,
            user=self.door["USER"] or None,
            password=self.door["PASSWORD"] or None,
            dbname=self.door["NAME"],
            autocommit=True,
        )
        with contextlib.closing(door):
            door.execute(statement)


House = SqliteHouse | PostgresHouse


def house() -> House:
    """The test database of this worker, on the engine that the settings chose."""
    return SqliteHouse() if connection.vendor == "sqlite" else PostgresHouse()


def restore_after_transactional_tests(the_house: House) -> None:
    """A flush would be refused by the walls, and would take the reference data along: copy the template instead."""

    def _fixture_teardown(self: TransactionTestCase) -> None:
        the_house.restore()
        forget()

    TransactionTestCase._fixture_teardown = _fixture_teardown  # type: ignore[attr-defined]


def forget() -> None:
    """Empty what the process remembers about rows: the cache (with Wagtail's sites) and the content types."""
    from django.contrib.contenttypes.models import ContentType

    cache.clear()
    ContentType.objects.clear_cache()


def _fill() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    if "load_reference" in get_commands():
        call_command("load_reference", verbosity=0)


def _point_at(name: Path | str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(name)


@contextlib.contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Hold a lock that every process of the machine knows by its file."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
