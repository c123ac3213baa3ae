"""One command for the embedded default: the site, the content origin and the worker, until stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from django.conf import settings

RESTART_PAUSE_SECONDS = 1.0
STOP_WAIT_SECONDS = 10.0


def _addresses(port: int) -> list[str]:
    """`localhost` may mean IPv4 or IPv6; packages run on 127.0.0.1 and the next port."""
    addresses = [f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"]
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        addresses.append(f"[::1]:{port}")
    except OSError:
        pass
    return addresses


def web_command(port: int) -> list[str]:
    """gunicorn with threads: one process shares its caches, and SQLite has one writer anyway."""
    binds = [option for address in _addresses(port) for option in ("--bind", address)]
    return [
        sys.executable, "-m", "gunicorn", "lms.wsgi:application", *binds,
        "--worker-class", "gthread", "--workers", "1", "--threads", "8", "--timeout", "60",
        "--log-level", "warning", "--worker-tmp-dir", str(settings.LMS_VAR_DIR),
        # A search of 10 000 characters gets its answer from us, in French; only this machine reaches these addresses.
        "--limit-request-line", "0",
    ]  # fmt: skip


def worker_command(var: Path) -> list[str]:
    """The embedded worker and its beat in one process."""
    return [
        sys.executable, "-m", "celery", "--app", "lms", "--quiet", "worker", "--beat", "--pool", "threads",
        "--concurrency", "2", "--loglevel", "WARNING", "--schedule", str(var / "beat"),
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip


class Supervisor:
    """Keeps its processes running; a killed one is started again, nothing was only in its memory."""

    def __init__(self, commands: dict[str, list[str]], say: Callable[[str], object]) -> None:
        self.commands, self.say = commands, say
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> None:
        """Until SIGINT or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for name in self.commands:
            self._start(name)
        while not self.stopping:
            time.sleep(0.2)
            for name, process in list(self.processes.items()):
                if process.poll() is not None and not self.stopping:
                    self.say(f"{name} stopped ({process.returncode}), starting it again")
                    _kill_group(process)
                    time.sleep(RESTART_PAUSE_SECONDS)
                    self._start(name)
        self._end()

    def _start(self, name: str) -> None:
        self.processes[name] = subprocess.Popen(  # noqa: S603  (our own commands, above)
            self.commands[name], env=os.environ.copy(), start_new_session=True
        )
        (settings.LMS_VAR_DIR / f"{name}.pid").write_text(str(self.processes[name].pid))

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_WAIT_SECONDS
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _kill_group(process)
            process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """What a dead one leaves behind (gunicorn's own children) would keep its ports."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
