"""How an entry is hashed: one function, versioned, domain-separated (R-56)."""

from typing import Any

from courses.shared import canonical

HASHED = (
    "chain", "sequence", "at", "action", "actor", "real_actor", "role", "organisation", "object_type",
    "object_id", "object_seal", "after", "reason", "request_id", "previous_hash", "version",
)  # fmt: skip


def entry_hash(entry: Any) -> str:
    """SHA-256 of every column of an entry but its key and its hash."""
    return canonical.digest("audit-entry-1", {name: getattr(entry, name) for name in HASHED})
