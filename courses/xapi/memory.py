"""What a process remembers of the database, so as not to ask again: bounded, and safe to lose at any time."""

from collections.abc import Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_memories: "list[Memory[Any, Any]]" = []


class Memory(dict[K, V]):
    """A dictionary that starts again when it is full."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        _memories.append(self)

    def keep(self, found: Mapping[K, V]) -> None:
        """Remember these too."""
        if len(self) + len(found) > self.most:
            self.clear()
        self.update(found)


def forget() -> None:
    """Empty every memory: for tests, whose databases come and go."""
    for memory in _memories:
        memory.clear()
