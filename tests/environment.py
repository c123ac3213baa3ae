"""The surroundings of a test run: a folder of its own, no leftovers of the shell, no way out to the network."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEST_VAR = ROOT / "var" / "test"
PROVE_IN_FULL = "PROVE_IN_FULL"
LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}


class OutsideWorldError(RuntimeError):
    """A test tried to reach something that is not on this machine."""


def run_name() -> str:
    """One name for one run: shared by its workers, different from any other run at the same time."""
    return os.environ.setdefault("TEST_RUN_NAME", f"run-{os.getpid()}")


def worker_name() -> str:
    """gw0, gw1 … under xdist; `main` without."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def run_folder() -> Path:
    return TEST_VAR / run_name()


def prepare() -> None:
    """Put the environment in order before the settings read it."""
    if os.environ.pop("LMS_PROVE", "") == "1":
        os.environ[PROVE_IN_FULL] = "1"
    for name in [name for name in os.environ if name.startswith("LMS_")]:
        del os.environ[name]
    for name in ("CELERY_BROKER_URL", "PORT", "SECRET_KEY_FALLBACKS"):
        os.environ.pop(name, None)
    folder = run_folder() / worker_name()
    for shelf in ("static", "media"):
        (folder / shelf).mkdir(parents=True, exist_ok=True)
    os.environ["LMS_VAR_DIR"] = str(folder)
    os.environ["SECRET_KEY"] = "only-for-tests-" + "0123456789abcdef" * 4
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / "var" / "cache" / "hypothesis")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


def sweep_dead_runs() -> None:
    """Remove what killed runs left behind."""
    for folder in TEST_VAR.glob("run-*"):
        pid = int(folder.name.removeprefix("run-"))
        if not _alive(pid):
            shutil.rmtree(folder, ignore_errors=True)


def leave() -> None:
    """Remove this run's folder, once all its workers are done."""
    shutil.rmtree(run_folder(), ignore_errors=True)


def two_free_ports() -> int:
    """A port that is free, and the next one too: the site's and the content origin's."""
    while True:
        with socket.socket() as site, socket.socket() as content:
            site.bind(("127.0.0.1", 0))
            port = int(site.getsockname()[1])
            try:
                content.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def close_the_windows() -> None:
    """Refuse every connection that leaves this machine."""

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse_unless_local(address[0])
            return original(self, address)

        return connect

    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_unless_local(host)
        return resolve(host, *args, **kwargs)

    socket.socket.connect = guarded(socket.socket.connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded(socket.socket.connect_ex)  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo


def _refuse_unless_local(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else (host or "")
    if name not in LOOPBACK and not name.startswith("127.") and name != "0.0.0.0":  # noqa: S104
        raise OutsideWorldError(f"tests do not leave this machine: {name}")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
