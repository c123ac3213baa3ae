"""A record store to be tried: its database (either kind), its servers and its clients."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests import environment
from tests.database import one_at_a_time

from .store_world import KEY

PUBLIC_URL = "http://localhost"
START_SECONDS = 90
ANSWER_SECONDS = 60
ACKNOWLEDGED = {200, 204}


def instance_environment(folder: Path, **more: str) -> dict[str, str]:
    """Of the caller's surroundings all but its own database and test."""
    leftovers = {"DATABASE_URL", "PYTEST_CURRENT_TEST"}
    kept = {name: value for name, value in os.environ.items() if name not in leftovers}
    return kept | {"LMS_VAR_DIR": str(folder), "LMS_PUBLIC_URL": PUBLIC_URL, **more}


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the instance, to its end."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=environment.ROOT, env=env, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def prepare(env: dict[str, str]) -> str:
    """Fill the database of this environment; the secret of its key."""
    done = run(env, "-m", "tests.proofs.store_world", "prepare")
    assert done.returncode == 0, done.stderr[-3000:]
    return str(json.loads(done.stdout.splitlines()[-1])["secret"])


# ---------------------------------------------------------------- databases


PROOF_TEMPLATE = "proofs.template"


def drop_template() -> None:
    """At the end of the run, by the last one out."""
    done = environment.run_folder() / PROOF_TEMPLATE
    if done.exists():
        url, name, _ = done.read_text().splitlines()
        with psycopg.connect(url, autocommit=True) as door:
            door.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Sqlite:
    """One file, and a copy of it as it was before anything was stored."""

    workers, threads = 1, 8

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.file = env, Path(env["LMS_VAR_DIR"]) / "lms.sqlite3"
        self.secret = prepare(env)
        self.template = self.file.with_suffix(".template")
        # The last connection closed, so the file is whole.
        shutil.copyfile(self.file, self.template)

    def fresh(self) -> None:
        """Nothing stored yet. No process may be at work."""
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.file, timeout=30)) as database:
            return database.execute(question).fetchall()

    def hang_up(self) -> int:
        """Nobody's connections can be cut here."""
        return 0


class Template:
    """On a PostgreSQL server, a database that copies are made of; `url` names another one to come in by.

    The first worker that wants it makes it, for the whole run: migrating takes half a minute.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.door = url
        self.name = f"proof_{environment.run_name().replace('-', '_')}"
        self.env = instance_environment(folder, DATABASE_URL=self.address(self.name))
        done = environment.run_folder() / PROOF_TEMPLATE
        with one_at_a_time(done.with_suffix(".lock")):
            if not done.exists():
                self.make(self.name)
                done.write_text(f"{url}\n{self.name}\n{prepare(self.env)}")
        self.secret = done.read_text().splitlines()[2]

    def address(self, name: str) -> str:
        parts = urlsplit(self.door)
        return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")

    def make(self, name: str, of: str = "template1") -> None:
        self.drop(name)
        self.act(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(of)))

    def drop(self, name: str) -> None:
        self.act(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def act(self, words: sql.Composed) -> None:
        with psycopg.connect(self.door, autocommit=True) as door:
            door.execute(words)


class Postgres:
    """A copy of the template, on the server that the tests were given."""

    workers, threads = 2, 4

    def __init__(self, env: dict[str, str], template: Template) -> None:
        self.template, self.name, self.secret = (
            template,
            f"{template.name}_{environment.worker_name()}",
            template.secret,
        )
        self.env = env | {"DATABASE_URL": template.address(self.name)}
        self.fresh()

    def fresh(self) -> None:
        self.template.make(self.name, of=self.template.name)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as database:
            return database.execute(question).fetchall()

    def hang_up(self) -> int:
        """Cut every connection to this database but the asking one; how many."""
        return len(
            self.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        )

    def remove(self) -> None:
        self.template.drop(self.name)


Database = Sqlite | Postgres


# ---------------------------------------------------------------- processes


class Process:
    """A program of the instance in a session of its own, so that it dies with all its children at once."""

    def __init__(self, command: list[str], env: dict[str, str], name: str) -> None:
        self.command, self.env = command, env
        self.log = Path(env["LMS_VAR_DIR"]) / f"{name}.log"
        self.groups: list[int] = []

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=environment.ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.groups.append(self.process.pid)

    def kill(self) -> None:
        """kill -9 of the whole group: nobody says goodbye."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As an operator does; then nothing of it may be left."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        left = [group for group in self.groups if alive(group)]
        self.kill()
        assert left == [], "processes outlive the server"

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


class Server(Process):
    """gunicorn as the product starts it, on loopback: two processes where the database takes two writers."""

    def __init__(
        self, database: Database, application: str = "lms.wsgi:application", progress: str = "transaction"
    ) -> None:
        self.port = environment.two_free_ports()
        self.secret = database.secret
        command = [
            sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", str(database.workers), "--threads", str(database.threads),
            "--timeout", "60", "--graceful-timeout", "5", "--log-level", "warning",
            "--worker-tmp-dir", database.env["LMS_VAR_DIR"],
        ]  # fmt: skip
        super().__init__(
            command, database.env | {"PORT": str(self.port), "LMS_XAPI_PROGRESS": progress}, "web"
        )

    def start(self) -> None:
        super().start()
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException), Client(self) as client:
            return client.ask("GET", "/xapi/about")[0] == 200
        return False

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def alive(group: int) -> bool:
    """Whether a process of the group still runs; one that ended and waits for init to note it does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in {"Z", "X"}:
                return True
    return False


# ---------------------------------------------------------------- clients


class Client:
    """A keep-alive connection of the proof's key, opened again when it was lost."""

    def __init__(self, server: Server) -> None:
        token = base64.b64encode(f"{KEY}:{server.secret}".encode()).decode()
        self.headers = {
            "Host": "localhost",
            "Authorization": f"Basic {token}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
        }
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=ANSWER_SECONDS)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """One try: the status and the body, or what http.client raises when there is no answer."""
        try:
            self.connection.request(method, path, body, self.headers)
            with self.connection.getresponse() as answer:
                self.answered = answer
                return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def insist(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """The same request until it is answered: servers close connections that were idle."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                return self.ask(method, path, body)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, f"no answer to {method} {path}"
                time.sleep(0.02)

    def listed(self, path: str) -> list[dict[str, Any]]:
        """Every statement of a list, its pages followed to the end."""
        found: list[dict[str, Any]] = []
        while path:
            status, body = self.insist("GET", path)
            assert status == 200, body
            page = json.loads(body)
            found += page["statements"]
            path = page["more"]
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def a_dead_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(is_so: Callable[[], object], what: str, seconds: float) -> None:
    """Wait for it."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"no {what} in {seconds} s"
        time.sleep(0.02)
