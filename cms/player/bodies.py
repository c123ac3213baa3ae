"""The words of frozen lessons, kept in the process: what is frozen never changes, nor does what it shows."""

from threading import Lock
from typing import Any
from uuid import UUID

from cms.publishing.queries import frozen_body

_KEPT = 200
_bodies: dict[tuple[int, UUID], Any] = {}
_lock = Lock()


def body_of(path_version_id: int, lesson: UUID) -> Any | None:
    """The body as that version has it, its pictures and documents already fetched once shown; None when it has none."""
    name = (path_version_id, lesson)
    if (kept := _bodies.get(name)) is not None:
        return kept
    body = frozen_body(path_version_id, lesson)
    if body is not None:
        with _lock:
            while len(_bodies) >= _KEPT:
                _bodies.pop(next(iter(_bodies)))
            _bodies[name] = body
    return body
