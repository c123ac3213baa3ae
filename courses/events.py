"""The door, news that goes up: frozen dataclasses in signals, connected by the floors above."""

from courses.people.events import RoleChanged, role_changed

__all__ = ["RoleChanged", "role_changed"]
