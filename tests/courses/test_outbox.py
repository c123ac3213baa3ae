"""Work to do: one row for one effect, done once, whoever dies (R-25 to R-28)."""

import json
import subprocess
import sys
import threading
import time
from datetime import timedelta
from uuid import uuid4

import kombu
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from courses.models import IdempotencyKey, OutboxEntry
from courses.outbox import services
from courses.outbox.services import LEASE, MAX_ATTEMPTS, drain, handles, kinds, post, reconcile, resend
from courses.shared import clock
from tests import environment, factories
from tests.factories import NOON

KIND = "test.effect"


@pytest.fixture
def effects():
    """A kind of work that leaves a row for each time it is done, and fails when told to."""
    user = None
    bad: set[str] = set()

    @handles(KIND)
    def effect(key, at):
        IdempotencyKey.objects.create(user=user, route=key, key=uuid4(), body_hash="")
        if key in bad:
            raise ConnectionError("l’imprimante ne répond pas")

    class Effects:
        fail = bad

        @staticmethod
        def of(key):
            return IdempotencyKey.objects.filter(route=key).count()

    user = factories.a_user()
    yield Effects
    del services._handlers[KIND]


def the_entry() -> OutboxEntry:
    return OutboxEntry.objects.get(kind=KIND)


@pytest.mark.django_db
class TestPosting:
    def test_an_effect_is_one_row_however_often_posted(self, effects):
        for _ in range(3):
            post(KIND, key="1", at=NOON)
        post(KIND, key="2", at=NOON)

        assert OutboxEntry.objects.filter(kind=KIND).count() == 2

    def test_work_done_is_not_done_again_when_posted_again(self, effects):
        for _ in range(2):
            post(KIND, key="1", at=NOON)
            drain()

        assert effects.of("1") == 1

    def test_work_that_nobody_does_is_refused_at_once(self):
        with pytest.raises(LookupError, match=r"Nobody does « test\.nothing »"):
            post("test.nothing", key="1", at=NOON)

    def test_an_act_rolled_back_takes_its_work_along(self, effects):
        with transaction.atomic():
            post(KIND, key="1", at=NOON)
            transaction.set_rollback(True)

        assert not OutboxEntry.objects.filter(kind=KIND).exists()
        assert drain() == 0

    def test_work_for_later_waits(self, effects):
        post(KIND, key="1", at=NOON)

        with clock.travel(NOON - timedelta(seconds=1)):
            assert drain() == 0
        with clock.travel(NOON):
            assert drain() == 1

    def test_one_ring_for_all_that_an_act_posts(self, effects, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as rings:
            for key in "123":
                post(KIND, key=key, at=NOON)

        assert len(rings) == 1

    def test_every_kind_of_the_house_has_someone_to_do_it(self):
        assert {"completion.render", "credentials.render"} <= kinds()


@pytest.mark.django_db
class TestDoing:
    def test_the_effect_and_its_mark_are_one_transaction(self, effects):
        # given work that fails after its effect
        effects.fail.add("1")
        post(KIND, key="1", at=NOON)

        with clock.travel(NOON):
            assert drain() == 0

        # then neither the effect nor the mark is there, and the cause is told
        entry = the_entry()
        assert effects.of("1") == 0
        assert (entry.state, entry.attempts, entry.leased_until) == ("posted", 1, None)
        assert entry.cause == "ConnectionError: l’imprimante ne répond pas"

    def test_failed_work_is_tried_again_after_longer_and_longer_pauses(self, effects):
        effects.fail.add("1")
        post(KIND, key="1", at=NOON)

        pauses, now = [], NOON
        for _ in range(MAX_ATTEMPTS - 1):
            with clock.travel(now):
                drain()
            due = the_entry().due_at
            with clock.travel(due - timedelta(milliseconds=1)):
                drain()
                assert the_entry().due_at == due, "not before its hour"
            pauses.append((due - now).total_seconds())
            now = due

        assert pauses == [2, 4, 8, 16, 32, 64, 128]

    def test_then_it_is_dead_until_someone_resends_it(self, effects):
        # given work that failed as often as may be
        effects.fail.add("1")
        post(KIND, key="1", at=NOON)
        now = NOON
        for _ in range(MAX_ATTEMPTS):
            with clock.travel(now):
                drain()
            now = the_entry().due_at
        assert the_entry().state == "dead"
        with clock.travel(now + timedelta(days=1)):
            assert drain() == 0
        assert reconcile(now=now)["dead"] == 1

        # when the cause is mended and the work sent again
        effects.fail.clear()
        assert resend(now=now) == 1
        with clock.travel(now):
            assert drain() == 1

        # then it is done, once
        entry = the_entry()
        assert (entry.state, entry.sent_at, entry.cause) == ("sent", now, "")
        assert effects.of("1") == 1

    def test_work_that_fails_does_not_hold_up_the_rest(self, effects):
        effects.fail.add("1")
        for key in "123":
            post(KIND, key=key, at=NOON)

        with clock.travel(NOON):
            assert drain() == 2

    def test_the_command_counts_and_tells_by_its_exit(self, effects, capsys):
        post(KIND, key="1", at=NOON)
        OutboxEntry.objects.update(posted_at=clock.now() - timedelta(minutes=11))

        with pytest.raises(SystemExit):
            call_command("reconcile_outbox", json=True)
        assert json.loads(capsys.readouterr().out) == {
            "posted": 1,
            "sent": 0,
            "late": 1,
            "dead": 0,
            "resent": 0,
        }

        drain()
        call_command("reconcile_outbox", json=True)
        assert json.loads(capsys.readouterr().out)["late"] == 0


@pytest.mark.django_db
class TestAKilledWorker:
    """It took a piece, and will never say what became of it."""

    def test_its_piece_is_left_alone_while_the_lease_lasts_then_done_once_by_another(self, effects):
        post(KIND, key="1", at=NOON)
        taken = services._lease(NOON)

        with clock.travel(NOON + LEASE - timedelta(seconds=1)):
            assert drain() == 0
        with clock.travel(NOON + LEASE):
            assert drain() == 1
            assert drain() == 0
        assert effects.of("1") == 1
        assert taken.attempts == 1

    def test_an_outbox_is_empty_within_a_minute_of_a_kill(self):
        assert timedelta(seconds=5) + LEASE < timedelta(seconds=60)

    def test_one_that_was_only_slow_finds_it_taken_over(self, effects):
        # given a worker that fell asleep with a piece in hand, and another that took it over
        post(KIND, key="1", at=NOON)
        asleep = services._lease(NOON)
        later = NOON + LEASE
        services._lease(later)

        # when the first wakes up, it does not do what is no longer its own
        with clock.travel(later):
            assert services._do(asleep) is False
            assert effects.of("1") == 0

            # and its failure does not disturb the other's lease
            services._failed(asleep, RuntimeError("too late"))
        entry = the_entry()
        assert (entry.attempts, entry.leased_until, entry.cause) == (2, later + LEASE, "")

    def test_work_that_kills_each_of_its_workers_ends_dead(self, effects):
        post(KIND, key="1", at=NOON)
        now = NOON
        for _ in range(MAX_ATTEMPTS):
            assert services._lease(now).state == "posted"
            now += LEASE

        with clock.travel(now):
            assert drain() == 0
        assert (the_entry().state, the_entry().cause) == ("dead", "the worker died at each attempt")

    def test_resending_frees_what_a_killed_worker_held(self, effects):
        post(KIND, key="1", at=NOON)
        services._lease(NOON)

        assert resend(now=NOON + LEASE - timedelta(seconds=1)) == 0
        assert resend(now=NOON + LEASE) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestTwoWorkersAtOnce:
    PIECES = 12

    def together(self, work):
        """Two threads, two connections, one start."""
        barrier, trouble = threading.Barrier(2), []

        def run():
            try:
                work(barrier)
            except BaseException as error:  # noqa: BLE001  (told by the test)
                trouble.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert trouble == []

    def test_each_piece_is_done_once(self, effects):
        for n in range(self.PIECES):
            post(KIND, key=str(n), at=NOON)

        def work(barrier):
            barrier.wait(10)
            drain()

        self.together(work)

        assert [effects.of(str(n)) for n in range(self.PIECES)] == [1] * self.PIECES
        assert reconcile(now=clock.now())["posted"] == 0

    def test_the_control_without_lease_nor_lock_each_would_be_done_twice(self, effects):
        for n in range(self.PIECES):
            post(KIND, key=str(n), at=NOON)

        def work(barrier):
            pieces = list(OutboxEntry.objects.filter(kind=KIND, state="posted"))
            barrier.wait(10)
            for piece in pieces:
                services._handlers[KIND](piece.key, NOON)
                OutboxEntry.objects.filter(pk=piece.pk).update(state="sent", sent_at=NOON)

        self.together(work)

        assert [effects.of(str(n)) for n in range(self.PIECES)] == [2] * self.PIECES

    def test_a_piece_being_done_is_not_waited_for(self, effects):
        """SKIP LOCKED: the second worker goes on to the next piece."""
        started, may_end, done = threading.Event(), threading.Event(), []

        @handles("test.slow")
        def slow(key, at):
            started.set()
            assert may_end.wait(20)

        post("test.slow", key="1", at=NOON - timedelta(days=1))
        post(KIND, key="1", at=NOON)

        def first():
            try:
                done.append(drain(limit=1))
            finally:
                connection.close()

        thread = threading.Thread(target=first)
        thread.start()
        try:
            assert started.wait(20)
            # even once its lease is over, the row of a piece being done is locked
            with clock.travel(clock.now() + 2 * LEASE):
                assert drain() == 1
            assert effects.of("1") == 1
        finally:
            may_end.set()
            thread.join(30)
            del services._handlers["test.slow"]
        assert done == [1]


# ---------------------------------------------------------------- brokers

ACT = """
import sys, time
import django
django.setup()
from lms.celery import app
app.conf.task_default_queue = sys.argv[1]
from django.db import transaction
from certification import api as certification
from courses.shared import clock
from tests.world import Line, Organisation
with transaction.atomic():
    line = Line(Organisation(), until="train")
began = time.monotonic()
certification.issue_certificate(
    enrolment=line.enrolment, module=line.module, actor=line.organisation.manager, at=clock.now()
)
print(time.monotonic() - began)
"""


def act(env, queue):
    """A certificate is issued by a process of its own; how long the act took."""
    done = subprocess.run(
        [sys.executable, "-c", ACT, queue],
        cwd=environment.ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return float(done.stdout.splitlines()[-1])


def counts(env):
    told = subprocess.run(
        [sys.executable, "manage.py", "reconcile_outbox", "--json"],
        cwd=environment.ROOT, env=env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return json.loads(told.stdout)


@pytest.mark.broker
def test_a_worker_woken_by_a_real_broker_does_the_work(embedded_instance, broker_url, tmp_path):
    """No beat here: only the doorbell, through that broker, can have woken the worker."""
    queue = f"test-{uuid4()}"
    env = embedded_instance | {"CELERY_BROKER_URL": broker_url}
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [
                sys.executable, "-m", "celery", "--app", "lms", "worker", "--pool", "solo", "--queues", queue,
                "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--hostname", f"{queue}@test",
            ],
            cwd=environment.ROOT, env=env, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        # when an act posts work
        act(env, queue)

        # then it is done soon
        deadline = time.monotonic() + 60
        while (now := counts(env))["posted"] and time.monotonic() < deadline:
            time.sleep(0.5)
        assert now["sent"] >= 1, log.read_text()[-3000:]
        assert (now["posted"], now["dead"]) == (0, 0), log.read_text()[-3000:]
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        with kombu.Connection(broker_url) as broker:
            broker.default_channel.queue_delete(queue)


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"], ids=["redis", "amqp"]
)
def test_a_dead_broker_neither_fails_an_act_nor_holds_it_up(embedded_instance, url):
    env = embedded_instance | {"CELERY_BROKER_URL": url}

    took = act(env, "nowhere")

    # Six seconds at each click, and more, is the default of the client library.
    assert took < 5
    assert counts(env)["posted"] >= 1
