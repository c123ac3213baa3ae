"""Posting work, and doing it: lease, attempts, dead letters."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from courses.shared import clock

from .models import OutboxEntry, OutboxState

logger = logging.getLogger(__name__)

# Only spans the moment between taking a piece and locking its row: the row's lock guards the work itself, however
# long. So a killed worker delays its piece by seconds, and the outbox is empty within a minute.
LEASE = timedelta(seconds=20)
MAX_ATTEMPTS = 8

Handler = Callable[[str, datetime], None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work of one kind: it gets the key and the instant, in a transaction."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def kinds() -> set[str]:
    """The kinds of work that someone does."""
    return set(_handlers)


def post(kind: str, *, key: str, at: datetime) -> None:
    """Post one piece of work; the same kind and key are one effect, however often posted."""
    if kind not in _handlers:
        raise LookupError(f"Nobody does « {kind} ».")
    _, created = OutboxEntry.objects.get_or_create(kind=kind, key=key, defaults={"due_at": at})
    # One ring wakes the worker for all that a transaction posted.
    if created and not any(hook[1] is _ring for hook in connection.run_on_commit):
        transaction.on_commit(_ring)


def _ring() -> None:
    """The doorbell: the work is a row already, so a dead broker only delays it until the next sweep."""
    from .tasks import drain_outbox

    try:
        drain_outbox.apply_async(retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  (any broker may fail in its own way: the act is committed)
        logger.warning("outbox: the doorbell is silent (%s), the sweep will do", type(error).__name__)


def drain(*, limit: int = 200) -> int:
    """Do what is due; returns how many pieces were done."""
    done = 0
    for _ in range(limit):
        entry = _lease(clock.now())
        if entry is None:
            break
        done += _do(entry)
    return done


def _lease(now: datetime) -> OutboxEntry | None:
    """Take the next piece: others leave it alone until the lease ends, so a killed worker only delays it."""
    with transaction.atomic():
        due = (
            OutboxEntry.objects.filter(state=OutboxState.POSTED, due_at__lte=now)
            .filter(Q(leased_until=None) | Q(leased_until__lte=now))
            .order_by("due_at", "id")
        )
        entry = due.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        ).first()
        if entry is None:
            return None
        if entry.attempts >= MAX_ATTEMPTS:
            # It never failed, it never ended: it kills whoever does it.
            entry.state, entry.leased_until, entry.cause = (
                OutboxState.DEAD,
                None,
                "the worker died at each attempt",
            )
            entry.save(update_fields=["state", "leased_until", "cause"])
            return entry
        entry.leased_until = now + LEASE
        entry.attempts += 1
        entry.save(update_fields=["leased_until", "attempts"])
        return entry


def _do(entry: OutboxEntry) -> bool:
    """The effect and its mark are one transaction: done once, or not at all."""
    try:
        with transaction.atomic():
            locked = OutboxEntry.objects.select_for_update().get(pk=entry.pk)
            if locked.state != OutboxState.POSTED or locked.attempts != entry.attempts:
                return False
            now = clock.now()
            _handlers[entry.kind](entry.key, now)
            locked.state, locked.sent_at, locked.leased_until, locked.cause = OutboxState.SENT, now, None, ""
            locked.save(update_fields=["state", "sent_at", "leased_until", "cause"])
    except Exception as error:
        logger.exception("outbox: %s failed", entry.kind)
        _failed(entry, error)
        return False
    return True


def _failed(entry: OutboxEntry, error: Exception) -> None:
    now = clock.now()
    dead = entry.attempts >= MAX_ATTEMPTS
    # Whoever has taken it over since then is not disturbed.
    OutboxEntry.objects.filter(pk=entry.pk, state=OutboxState.POSTED, attempts=entry.attempts).update(
        state=OutboxState.DEAD if dead else OutboxState.POSTED,
        leased_until=None,
        due_at=now + timedelta(seconds=2**entry.attempts),
        cause=f"{type(error).__name__}: {error}"[:2000],
    )


def resend(*, now: datetime) -> int:
    """Give dead letters and expired leases a new life; returns how many."""
    stuck = OutboxEntry.objects.filter(
        Q(state=OutboxState.DEAD) | Q(state=OutboxState.POSTED, leased_until__lte=now)
    )
    return stuck.update(state=OutboxState.POSTED, attempts=0, leased_until=None, due_at=now)


def reconcile(*, now: datetime, late_after: timedelta = timedelta(minutes=10)) -> dict[str, int]:
    """Counts: posted, sent, late (posted for longer than the alarm delay) and dead."""
    entries = OutboxEntry.objects.all()
    return {
        "posted": entries.filter(state=OutboxState.POSTED).count(),
        "sent": entries.filter(state=OutboxState.SENT).count(),
        "late": entries.filter(state=OutboxState.POSTED, posted_at__lte=now - late_after).count(),
        "dead": entries.filter(state=OutboxState.DEAD).count(),
    }
