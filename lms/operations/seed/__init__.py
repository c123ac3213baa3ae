"""The demonstration: a coherent world made through the services, the same for the same seed and day."""

from .world import AlreadySeeded, seed

__all__ = ["AlreadySeeded", "seed"]
