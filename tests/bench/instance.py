"""An instance for the measures only: its own database and folder, its own servers; nothing is left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.environment import ROOT, two_free_ports

from .clients import AnswerError, Door, Line
from .processes import children, cpu_seconds, is_postgres, memory_mb

START_SECONDS = 90
QUIET_SECONDS = 0.6
# Of the caller's shell, only what a program needs to run.
_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "USER",
    "PGHOST",
    "PGPORT",
    "PGUSER",
    "PGPASSWORD",
    "PGSSLMODE",
)


class Server:
    """gunicorn as the product starts it, on loopback."""

    def __init__(
        self, instance: Instance, application: str, *, workers: int, threads: int, **env: str
    ) -> None:
        self.port = two_free_ports()
        self.log = instance.folder / f"server-{self.port}.log"
        command = [
            sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads), "--timeout", "60",
            "--log-level", "warning", "--worker-tmp-dir", str(instance.folder),
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, env={**instance.env, "PORT": str(self.port), **env}, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=self.log.open("wb"),
        )  # fmt: skip
        self.door = Door(self.port, *instance.credential)
        self.workers: list[int] = []
        try:
            self._wait(workers)
        except BaseException:
            self.stop()
            raise

    def _wait(self, workers: int) -> None:
        """Until every worker has loaded the application and fallen silent; no credential is shown."""
        deadline = time.monotonic() + START_SECONDS
        last: list[float] = []
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            self.workers = children(self.process.pid)
            spent = [cpu_seconds(pid) for pid in self.workers]
            if len(spent) == workers and spent == last and min(spent) > 0.08 and self._listens():
                return
            last = spent
            time.sleep(QUIET_SECONDS)
        raise AnswerError(f"The server did not start:\n{self.log.read_text()[-2000:]}")

    def _listens(self) -> bool:
        with suppress(OSError):
            Line(self.port).close()
            return True
        return False

    def memory_mb(self) -> float:
        """Of the largest worker."""
        return max(map(memory_mb, self.workers), default=0.0)

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Instance:
    """A migrated database with one organisation and one key. `url`: a PostgreSQL server, or nothing for SQLite."""

    def __init__(self, url: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.url = self.name = ""
        self.credential: tuple[str, str] = ("", "")
        self.door_url = url
        self.env = {name: os.environ[name] for name in _KEPT if name in os.environ} | {
            "LMS_VAR_DIR": str(self.folder),
            "LMS_PUBLIC_URL": "http://localhost",
            "SECRET_KEY": "only-for-measures-" + "0123456789abcdef" * 4,
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "PYTHONPATH": str(ROOT),
        }

    def __enter__(self) -> Self:
        try:
            if self.door_url:
                self._create()
            self.facts = self.inside("prepare")
            self.credential = (self.facts["key"], self.facts["secret"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.name:
            self._ask(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
        shutil.rmtree(self.folder, ignore_errors=True)

    def _create(self) -> None:
        parts = urlsplit(self.door_url)
        self.name = f"bench_{os.getpid()}"
        self.url = f"{parts.scheme}://{parts.netloc}/{self.name}" + (f"?{parts.query}" if parts.query else "")
        self.env["DATABASE_URL"] = self.url
        self._ask(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))

    def _ask(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.door_url, autocommit=True) as door:
            door.execute(statement)

    def inside(self, job: str, *, progress: str = "transaction", **options: Any) -> dict[str, Any]:
        """Run a job of `inside.py` in a process of the instance."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.inside", job, json.dumps(options)],
            env={**self.env, "LMS_XAPI_PROGRESS": progress}, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{job}:\n{done.stderr[-3000:]}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def serve(self, *, progress: str = "transaction") -> Server:
        """The site: two processes of four threads on PostgreSQL, one of eight on SQLite."""
        workers, threads = (2, 4) if self.url else (1, 8)
        return Server(
            self, "lms.wsgi:application", workers=workers, threads=threads, LMS_XAPI_PROGRESS=progress
        )

    def serve_nothing(self) -> Server:
        """The no-op, on the same kind of server."""
        workers, threads = (2, 4) if self.url else (1, 8)
        return Server(self, "tests.bench.noop:application", workers=workers, threads=threads)

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)

    def backends(self) -> Backends:
        return Backends(self.door_url, self.name)

    def readable(self) -> bool:
        """Whether the processor time of PostgreSQL's processes can be read from here."""
        with self.connect() as connection:
            return is_postgres(connection.info.backend_pid)


class Backends:
    """The PostgreSQL processes that work for the instance's database, asked from outside it."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.connection = psycopg.connect(url, autocommit=True)

    def __call__(self) -> list[int]:
        found = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type <> 'autovacuum worker'",
            [self.name],
        )
        return [row[0] for row in found]

    def close(self) -> None:
        self.connection.close()
