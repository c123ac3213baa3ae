"""What processes cost: processor seconds and memory, as the kernel counts them under /proc."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

TICK = os.sysconf("SC_CLK_TCK")
SAMPLE_SECONDS = 0.2


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its threads; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return sorted(found)


def is_postgres(pid: int) -> bool:
    """Whether that number is a PostgreSQL process of this machine: the server may be on another one."""
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


class Meter:
    """The processor seconds of some processes between two instants; a process that comes or goes is not lost.

    `backends` lists the processes of the database, which come and go with connections.
    """

    def __init__(self, servers: list[int], backends: Callable[[], list[int]]) -> None:
        self.servers, self.backends = servers, backends
        self.peak_mb = 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server_start = sum(map(cpu_seconds, self.servers))
        self._start = {pid: cpu_seconds(pid) for pid in self.backends()}
        self._last = dict(self._start)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._look()
        self.server_cpu = sum(map(cpu_seconds, self.servers)) - self._server_start
        self.backend_cpu = sum(last - self._start.get(pid, 0.0) for pid, last in self._last.items())

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self._look()

    def _look(self) -> None:
        for pid in self.backends():
            self._last[pid] = max(self._last.get(pid, 0.0), cpu_seconds(pid))
        self.peak_mb = max(self.peak_mb, *map(memory_mb, self.servers), 0.0)

    @property
    def cpu(self) -> float:
        return self.server_cpu + self.backend_cpu
