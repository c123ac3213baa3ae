"""Clients: keep-alive connections that spend as little as they can, each in a process of its own."""

from __future__ import annotations

import base64
import multiprocessing
import os
import re
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)
_ANSWER_SECONDS = 60


class AnswerError(RuntimeError):
    """The server answered something else than success, or nothing."""


@dataclass(frozen=True)
class Door:
    """Where requests go, and as whom."""

    port: int
    key: str = ""
    secret: str = ""

    def get(self, target: str) -> bytes:
        return f"GET {target} HTTP/1.1\r\n{self._headers()}\r\n".encode()

    def post(self, target: str, body: bytes) -> bytes:
        head = (
            f"POST {target} HTTP/1.1\r\n{self._headers()}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _headers(self) -> str:
        token = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return (
            f"Host: localhost:{self.port}\r\nX-Experience-API-Version: 1.0.3\r\n"
            f"Authorization: Basic {token}\r\nAccept: */*\r\n"
        )


class Line:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """The body of a 2xx answer; AnswerError otherwise."""
        self.socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[:end], data[end + 4 :]
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        pieces, held = [body], len(body)
        while held < length:
            pieces.append(self._more())
            held += len(pieces[-1])
        body = b"".join(pieces)
        if head[9:10] != b"2":
            raise AnswerError(f"{head.splitlines()[0].decode()} {body[:300].decode(errors='replace')}")
        return body

    def _more(self) -> bytes:
        data = self.socket.recv(1 << 18)
        if not data:
            raise AnswerError("The server closed the connection.")
        return data

    def close(self) -> None:
        self.socket.close()


@dataclass
class Round:
    """What the clients of one round did together."""

    wall: float
    client_cpu: float
    results: list[Any] = field(default_factory=list)


Job = Callable[[int], Callable[[], Any]]


def _nothing() -> None:
    return None


def together(
    job: Job, count: int, *, before: Callable[[], object] = _nothing, after: Callable[[], object] = _nothing
) -> Round:
    """Run `job(index)` in `count` processes: each prepares itself, then all go at once.

    `before` runs once all are ready, `after` while the clients (and their connections) are still there.
    """
    forking = multiprocessing.get_context("fork")
    pairs = [forking.Pipe() for _ in range(count)]
    processes = [
        forking.Process(target=_client, args=(job, index, child), daemon=True)
        for index, (_, child) in enumerate(pairs)
    ]
    try:
        for process in processes:
            process.start()
        ends = [parent for parent, _ in pairs]
        for end in ends:
            _take(end)
        before()
        for end in ends:
            end.send("go")
        found = [_take(end) for end in ends]
        after()
        for end in ends:
            end.send("bye")
    finally:
        for process in processes:
            process.join(5)
            if process.is_alive():
                process.kill()
    started, ended = min(one[0] for one in found), max(one[1] for one in found)
    return Round(ended - started, sum(one[2] for one in found), [one[3] for one in found])


def _take(end: Any) -> Any:
    try:
        kind, value = end.recv()
    except EOFError:
        raise AnswerError("A client died.") from None
    if kind == "error":
        raise AnswerError(value)
    return value


def _client(job: Job, index: int, pipe: Any) -> None:
    try:
        go = job(index)
        pipe.send(("ready", None))
        pipe.recv()
        start, cpu = time.monotonic(), time.process_time()
        result = go()
        pipe.send(("done", (start, time.monotonic(), time.process_time() - cpu, result)))
        pipe.recv()
    except (AnswerError, OSError, psycopg.Error, AssertionError):
        pipe.send(("error", traceback.format_exc()))
    os._exit(0)
