"""The verbs of forwarding."""

from .delivery import forward, forward_all, resend_letters
from .letters import drop_dead_letter, replay_all_dead_letters, replay_dead_letter
from .stores import create_external_store, set_active, update_external_store

__all__ = [
    "create_external_store", "drop_dead_letter", "forward", "forward_all", "replay_all_dead_letters",
    "replay_dead_letter", "resend_letters", "set_active", "update_external_store",
]  # fmt: skip
