"""A life as a table: states, and the steps between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import ConflictError


@dataclass(frozen=True)
class Step:
    """One move: from any of `sources` to `target`."""

    sources: frozenset[str]
    target: str

    def __init__(self, sources: set[Any], target: Any) -> None:
        object.__setattr__(self, "sources", frozenset(str(s) for s in sources))
        object.__setattr__(self, "target", str(target))


class Workflow:
    """The steps by name; `take` moves an object or refuses with a ConflictError."""

    registry: dict[str, "Workflow"] = {}

    def __init__(self, name: str, choices: Any, steps: Mapping[str, Step]) -> None:
        self.name, self.choices, self.steps = name, choices, dict(steps)
        Workflow.registry[name] = self

    def allows(self, step: str, state: str) -> bool:
        return str(state) in self.steps[step].sources

    def take(self, step: str, instance: Any, *, field: str = "state") -> None:
        """Set the new state on `instance` (not saved)."""
        state = str(getattr(instance, field))
        if not self.allows(step, state):
            label = self.choices(state).label
            raise ConflictError(f"Cette action n’est pas possible dans l’état « {label} ».")
        setattr(instance, field, self.steps[step].target)

    def mermaid(self) -> str:
        """The diagram of the documentation, drawn from the same table."""
        return "\n".join(["stateDiagram-v2", *self._arrows()])

    def _arrows(self) -> Iterator[str]:
        for name, step in self.steps.items():
            for source in sorted(step.sources):
                yield f"    {source} --> {step.target}: {name}"
