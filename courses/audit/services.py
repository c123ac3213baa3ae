"""Writing the trail."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models, transaction

from courses.shared import canonical, logs

from .enums import ACTIONS, Chain
from .models import AuditChain, AuditEntry
from .rules import entry_hash

SYSTEM = "system"


class Actor(Protocol):
    """Whoever acts: known to the trail by an opaque id only."""

    public_id: UUID


def record(
    action: str,
    *,
    actor: Actor,
    target: models.Model,
    at: datetime,
    after: dict[str, Any] | None = None,
    reason: str = "",
    role: str = "",
    organisation: str = "",
) -> AuditEntry:
    """Append one entry to the chain of `action`; must run inside the act's transaction.

    `after` holds ids, states and amounts, never a name. A sealed target gives its seal to the entry.
    """
    return _append(
        action, str(actor.public_id), target._meta.label_lower, str(target.pk), getattr(target, "seal", ""),
        at, after, reason, role, organisation,
    )  # fmt: skip


def record_system(
    action: str, *, object_type: str, object_id: str, at: datetime, reason: str = ""
) -> AuditEntry:
    """An act of the machine itself (a lowered wall, a scheduled job)."""
    return _append(action, SYSTEM, object_type, object_id, "", at, None, reason, "", "")


def _append(
    action: str, actor: str, object_type: str, object_id: str, object_seal: str, at: datetime,
    after: dict[str, Any] | None, reason: str, role: str, organisation: str,
) -> AuditEntry:  # fmt: skip
    name = ACTIONS[action]
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs to the transaction of its act.")
    AuditChain.objects.get_or_create(name=name)
    chain = AuditChain.objects.select_for_update().get(name=name)
    entry = AuditEntry(
        chain=Chain(name).value,
        sequence=chain.sequence + 1,
        at=at,
        action=action,
        actor=actor,
        role=role,
        organisation=organisation,
        object_type=object_type,
        object_id=object_id,
        object_seal=object_seal,
        after=canonical.dumps(after) if after else "",
        reason=reason,
        request_id=logs.request_id.get(),
        previous_hash=chain.hash,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    chain.sequence, chain.hash = entry.sequence, entry.hash
    chain.save(update_fields=["sequence", "hash"])
    return entry
