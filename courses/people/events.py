"""News of persons, for the floors above."""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class RoleChanged:
    """A role was granted or ended for this account."""

    user_id: int


role_changed = Signal()
