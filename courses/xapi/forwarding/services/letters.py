"""What another store refused: asked again, or given up for a reason."""

from datetime import datetime

from django.db import transaction

from courses import audit
from courses.people.models import User
from courses.xapi.forwarding.errors import ExternalStoreError, SettledLetterError, StoppedStoreError
from courses.xapi.forwarding.queries import ASKED_AGAIN
from courses.xapi.models import DeadLetter, DeadLetterState, ExternalStore


@transaction.atomic
def replay_dead_letter(*, letter_id: int, actor: User, at: datetime) -> DeadLetter:
    """Ask for a refused statement to be sent again: the next round sends it, outside any transaction."""
    letter = _open_letter(letter_id)
    _running(letter.store)
    if letter.status != ASKED_AGAIN:
        letter.status = ASKED_AGAIN
        letter.save(update_fields=["status"])
        audit.record("xapi.store.replay", actor=actor, target=letter, at=at, after={"store": letter.store_id})
    return letter


@transaction.atomic
def replay_all_dead_letters(*, store_id: int, actor: User, at: datetime) -> int:
    """Ask for all that a store refused; returns how many."""
    store = ExternalStore.objects.select_for_update(of=("self",)).get(pk=store_id)
    _running(store)
    dead = store.dead_letters.filter(state=DeadLetterState.DEAD).exclude(status=ASKED_AGAIN)
    if count := dead.update(status=ASKED_AGAIN):
        audit.record("xapi.store.replay", actor=actor, target=store, at=at, after={"letters": count})
    return count


@transaction.atomic
def drop_dead_letter(*, letter_id: int, actor: User, at: datetime, reason: str) -> DeadLetter:
    """Give up sending a statement to that store. The statement itself stays here, untouched."""
    if not reason.strip():
        raise ExternalStoreError("Dites pourquoi cette trace est abandonnée.", field="reason")
    letter = _open_letter(letter_id)
    letter.state, letter.settled_at = DeadLetterState.DROPPED, at
    letter.save(update_fields=["state", "settled_at"])
    after = {"store": letter.store_id}
    audit.record("xapi.store.drop", actor=actor, target=letter, at=at, after=after, reason=reason.strip())
    return letter


def _open_letter(letter_id: int) -> DeadLetter:
    letters = DeadLetter.objects.select_for_update(of=("self",)).select_related("store")
    letter = letters.get(pk=letter_id)
    if letter.state != DeadLetterState.DEAD:
        raise SettledLetterError(f"Cette trace est déjà « {letter.get_state_display()} » : rien à faire.")
    return letter


def _running(store: ExternalStore) -> None:
    if not store.active:
        raise StoppedStoreError("Ce magasin est arrêté : remettez-le en marche pour renvoyer des traces.")
