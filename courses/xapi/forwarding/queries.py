"""What is due, and how each store stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from courses.people.models import User
from courses.xapi.models import DeadLetter, DeadLetterState, ExternalStore, Statement

from . import permissions

WINDOW = 5000  # numbers examined by one query, whatever the filter leaves out
COUNTED = 10_000
ASKED_AGAIN = 0  # the status of a dead letter that waits for its second answer


@dataclass(frozen=True)
class Batch:
    """The next statements for a store, and the number up to which all have been looked at."""

    statements: list[Statement]
    examined: int


def matching(store: ExternalStore) -> QuerySet[Statement]:
    """The statements that the filter of a store lets through."""
    wanted = Q()
    if store.organisation_id:
        wanted &= Q(organisation=store.organisation_id)
    if store.verbs:
        wanted &= Q(verb__iri__in=store.verbs.split())
    if store.classes:
        wanted &= Q(evidence_class__in=store.classes.split())
    return Statement.objects.filter(wanted)


def head() -> int:
    """The last number given. No smaller one appears afterwards (INV-10), so a cursor may pass it."""
    return Statement.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def next_batch(store: ExternalStore, *, limit: int) -> Batch:
    """At most `limit` statements after the cursor, in the stored order."""
    end, start = head(), store.cursor
    while start < end:
        stop = min(end, start + WINDOW)
        found = list(matching(store).filter(seq__gt=start, seq__lte=stop).order_by("seq")[:limit])
        if found:
            return Batch(found, found[-1].seq if len(found) == limit else stop)
        start = stop
    return Batch([], start)


def due_stores(at: datetime) -> list[int]:
    """The active stores that may be tried now."""
    due = ExternalStore.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=at), active=True)
    return list(due.order_by("pk").values_list("pk", flat=True))


def asked_again(store: ExternalStore) -> QuerySet[DeadLetter]:
    """The refused statements that someone wants sent once more, in the stored order."""
    return store.dead_letters.filter(state=DeadLetterState.DEAD, status=ASKED_AGAIN).order_by("statement_id")


@dataclass(frozen=True)
class StoreLine:
    """A store and its state in words, for the screens."""

    store: ExternalStore
    badge: str
    words: str
    detail: str
    dead: int
    may_manage: bool
    may_stop: bool


def store_lines(user: User) -> list[StoreLine]:
    """The stores that a person may see."""
    dead = Count("dead_letters", filter=Q(dead_letters__state=DeadLetterState.DEAD))
    rows: Iterable[ExternalStore] = (
        ExternalStore.objects.visible_to(user).select_related("organisation").annotate(dead=dead)
    )
    return [
        StoreLine(
            store, *_state(store), store.dead,  # type: ignore[attr-defined]
            permissions.can_manage_store(user, store), permissions.can_stop_store(user, store),
        )
        for store in rows
    ]  # fmt: skip


def _state(store: ExternalStore) -> tuple[str, str, str]:
    """Badge, word, sentence."""
    if not store.active:
        return "closed", "Arrêté", "Rien ne part. Les traces l’attendent."
    if store.failures:
        return "missing", "En panne", store.last_error
    late = waiting(store)
    if late:
        number = f"plus de {COUNTED:,}".replace(",", "\u202f") if late > COUNTED else str(late)
        return "waiting", f"En retard de {number} trace{'s' if late > 1 else ''}", ""
    return "valid", "À jour", ""


def waiting(store: ExternalStore) -> int:
    """How many statements have not left yet, counted up to a bound."""
    return matching(store).filter(seq__gt=store.cursor).order_by()[: COUNTED + 1].count()
