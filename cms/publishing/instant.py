"""When a publication happens: now, unless the caller writes the past (the demo does)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from courses.shared import clock

_given: ContextVar[datetime | None] = ContextVar("published_at", default=None)


def publication_instant() -> datetime:
    return _given.get() or clock.now()


@contextmanager
def published_at(at: datetime | None) -> Iterator[None]:
    """Inside, publications bear this instant."""
    token = _given.set(at)
    try:
        yield
    finally:
        _given.reset(token)
