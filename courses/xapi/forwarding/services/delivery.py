"""Sending: read a batch, ask the other side, then move the cursor in a short transaction.

No request runs inside a transaction: SQLite has one writer, and it must not wait for another system. A lease keeps two
workers from sending the same batch; were they to, the identifiers are the same and the other side keeps one.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import randbelow
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from courses.shared import clock
from courses.xapi.forwarding import client, parcels, queries, rules, secret_files
from courses.xapi.forwarding.errors import UnreachableError
from courses.xapi.forwarding.queries import ASKED_AGAIN
from courses.xapi.forwarding.rules import Verdict
from courses.xapi.models import DeadLetter, DeadLetterState, ExternalStore, Statement

logger = logging.getLogger(__name__)

# A turn ends between two requests once it has lasted TURN_SECONDS, so it is over well before its lease.
TURN_SECONDS = 60
LEASE = timedelta(minutes=2)
MOST_BATCHES = 20


class _TurnOverError(Exception):
    """Another worker moved the cursor, or our time is up: leave the rest to the next turn."""


class _FailedError(Exception):
    """Nothing can be sent now."""

    def __init__(self, cause: str, retry_after: int = 0) -> None:
        super().__init__(cause)
        self.retry_after = retry_after


def forward_all() -> int:
    """Serve every store that is due, until it has nothing more; returns how many statements were settled."""
    return sum(map(_serve, queries.due_stores(clock.now())))


def _serve(store_id: int) -> int:
    total = 0
    try:
        for act in (forward, resend_letters):
            for _ in range(MOST_BATCHES):
                settled = act(store_id=store_id, at=clock.now())
                total += settled
                if not settled:
                    break
    except Exception:
        # A fault of ours with one store must not keep the others waiting; the lease will end.
        logger.exception("forwarding: store %s was left", store_id)
    return total


def forward(*, store_id: int, at: datetime, limit: int = 50) -> int:
    """Send the next statements to one store, in the stored order; returns how many are settled (sent or refused)."""
    store = _due(store_id, at)
    if store is None:
        return 0
    batch = queries.next_batch(store, limit=limit)
    if not batch.statements:
        _pass_over(store, batch.examined)
        return 0
    return _turn(store, at, lambda turn: turn.deliver(batch))


def resend_letters(*, store_id: int, at: datetime, limit: int = 50) -> int:
    """Send again the refused statements that someone asked for; returns how many have their answer."""
    store = _due(store_id, at)
    if store is None:
        return 0
    letters = list(queries.asked_again(store).select_related("statement")[:limit])
    return _turn(store, at, lambda turn: turn.deliver_letters(letters)) if letters else 0


def _due(store_id: int, at: datetime) -> ExternalStore | None:
    stores = ExternalStore.objects.filter(pk=store_id, active=True)
    return stores.filter(Q(next_try_at=None) | Q(next_try_at__lte=at)).first()


def _pass_over(store: ExternalStore, examined: int) -> None:
    """Nothing for this store so far: do not look at it again."""
    if examined > store.cursor:
        ExternalStore.objects.filter(pk=store.pk, cursor=store.cursor).update(cursor=examined)


def _turn(store: ExternalStore, at: datetime, act: Callable[["_Turn"], None]) -> int:
    lease = at + LEASE
    free = ExternalStore.objects.filter(
        Q(next_try_at=None) | Q(next_try_at__lte=at), pk=store.pk, active=True
    )
    if not free.update(next_try_at=lease):
        return 0
    turn = _Turn(store, at)
    kept = ExternalStore.objects.filter(pk=store.pk, next_try_at=lease)
    try:
        act(turn)
    except _TurnOverError:
        pass
    except (_FailedError, UnreachableError) as failure:
        pause = rules.pause(
            turn.failures + 1, jitter=randbelow(101), asked=getattr(failure, "retry_after", 0)
        )
        kept.update(failures=F("failures") + 1, next_try_at=at + pause, last_error=str(failure))
        return turn.settled
    kept.update(next_try_at=None)
    return turn.settled


class _Turn:
    """One worker serving one store for a while."""

    def __init__(self, store: ExternalStore, at: datetime) -> None:
        self.store, self.at = store, at
        self.cursor, self.failures, self.settled = store.cursor, store.failures, 0
        self.ends = monotonic() + TURN_SECONDS
        self.known_good = False  # this turn has seen that the key is accepted
        self.forbidden: list[tuple[Statement, str]] = []  # 403, while no other answer says whose fault it is

    def deliver(self, batch: queries.Batch) -> None:
        """Every statement of the batch, then past what the filter left out."""
        for run in parcels.runs(batch.statements):
            if len(run) == 1 or not self._send_together(run):
                for item in run:
                    self._send_alone(item)
        if self.forbidden:
            raise _FailedError(self.forbidden[-1][1])
        if batch.examined > self.cursor:
            self._move(batch.examined)

    def deliver_letters(self, letters: list[DeadLetter]) -> None:
        """Each one alone: its answer is its own."""
        for letter in letters:
            (run,) = parcels.runs([letter.statement])
            answer = self._ask(run)
            waiting = DeadLetter.objects.filter(pk=letter.pk, state=DeadLetterState.DEAD, status=ASKED_AGAIN)
            if rules.verdict(answer.status, alone=True) is Verdict.ACCEPTED:
                waiting.update(state=DeadLetterState.SENT, status=answer.status, settled_at=self.at)
                mended = {"failures": 0, "last_error": "", "last_sent_at": self.at}
                ExternalStore.objects.filter(pk=self.store.pk).update(**mended)
            else:
                waiting.update(status=answer.status, cause=rules.cause(answer.status, answer.detail))
            self.settled += 1

    def _ask(self, items: list[parcels.Item]) -> client.Answer:
        """The answer, when it is about these statements; a failure of the store raises."""
        if monotonic() > self.ends:
            raise _TurnOverError
        answer = client.send(_target(self.store), parcels.parcel(items))
        if rules.verdict(answer.status, alone=len(items) == 1) is Verdict.FAILED:
            raise _FailedError(rules.cause(answer.status, answer.detail), answer.retry_after)
        return answer

    def _send_together(self, run: list[parcels.Item]) -> bool:
        answer = self._ask(run)
        if rules.verdict(answer.status, alone=False) is Verdict.SPLIT:
            return False
        self._settle(run[-1].statement, count=len(run), accepted=True)
        return True

    def _send_alone(self, item: parcels.Item) -> None:
        statement = item.statement
        answer = self._ask([item])
        verdict = rules.verdict(answer.status, alone=True)
        if verdict is Verdict.ACCEPTED:
            self._settle(statement, count=1, accepted=True)
            return
        refusal = (statement, rules.cause(answer.status, answer.detail))
        if verdict is Verdict.FORBIDDEN and not self.known_good:
            self.forbidden.append(refusal)
        else:
            self._settle(statement, count=1, accepted=False, refused=(answer.status, refusal[1]))

    def _settle(
        self, statement: Statement, *, count: int, accepted: bool, refused: tuple[int, str] | None = None
    ) -> None:
        """The cursor and the letters of what was refused, at once."""
        letters = [self._letter(one, 403, cause) for one, cause in self.forbidden]
        if refused:
            letters.append(self._letter(statement, *refused))
        with transaction.atomic():
            self._move(statement.pk, accepted=accepted)
            DeadLetter.objects.bulk_create(letters, ignore_conflicts=True)
        self.settled += count + len(self.forbidden)
        self.forbidden, self.failures, self.known_good = [], 0, True

    def _letter(self, statement: Statement, status: int, cause: str) -> DeadLetter:
        return DeadLetter(store=self.store, statement=statement, status=status, cause=cause, at=self.at)

    def _move(self, seq: int, *, accepted: bool = False) -> None:
        """Only from where we found it: another worker may have gone further."""
        values = {"cursor": seq, "failures": 0, "last_error": ""} | (
            {"last_sent_at": self.at} if accepted else {}
        )
        if not ExternalStore.objects.filter(pk=self.store.pk, cursor=self.cursor).update(**values):
            raise _TurnOverError
        self.cursor = seq


def _target(store: ExternalStore) -> client.Target:
    return client.Target(
        endpoint=store.endpoint,
        key=store.key,
        secret=secret_files.read(store.code),
        # The operator and the programme may name a machine of their own network; an organisation may not.
        public_only=settings.LMS_MODE == "production" and store.organisation_id is not None,
    )
