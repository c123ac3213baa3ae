"""Our statements in other systems' stores: what leaves, what waits, what is refused."""

import base64
import hashlib
import json
import stat
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from courses import api
from courses.models import AuditEntry, DeadLetter, ExternalStore, Statement
from courses.shared import clock, documents
from courses.xapi.forwarding import client, rules, secret_files, services
from courses.xapi.forwarding.errors import (
    ExternalStoreError,
    SettledLetterError,
    StoppedStoreError,
    UnreachableError,
)
from courses.xapi.ingest import Part
from tests import factories
from tests.factories import NOON

SECRET = "secret fictif n° 1"
PNG = b"\x89PNG\r\n\x00\xff image fictive"


def _record(**values):
    user = values.pop("actor", None) or factories.root()
    given = {
        "verb": "passed", "actor": user, "object_iri": "https://lms.example/activites/1", "object_name": "Leçon d’été",
        "registration": uuid4(), "evidence_class": "E1", "authority": api.Authority.assessment(), "at": NOON,
    }  # fmt: skip
    return api.record_statement(**given | values)


class OtherStore:
    """A real HTTP server that answers what it is told to, and keeps what it hears."""

    def __init__(self):
        self.heard, self.answers = [], lambda heard: 200
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}/xapi/"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def _handler(self):
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard = Heard(self.path, dict(self.headers), body)
                other.heard.append(heard)
                answer = other.answers(heard)
                status, text, headers = answer if isinstance(answer, tuple) else (answer, "", {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                """Quiet."""

        return Handler

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def received(self):
        """The ids that were answered 2xx, in order, as a store would have kept them."""
        return [uuid for heard in self.heard for uuid in heard.ids]


class Heard:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body

    @property
    def ids(self):
        body = json.loads(self.body)
        return [UUID(one["id"]) for one in (body if isinstance(body, list) else [body])]


@pytest.fixture
def other():
    store = OtherStore()
    yield store
    store.stop()


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path):
    settings.LMS_VAR_DIR = tmp_path
    return tmp_path


def a_store(endpoint="http://127.0.0.1:9/xapi/", **values):
    given = {
        "code": f"magasin-{ExternalStore.objects.count() + 1}", "name": "Observatoire fictif", "endpoint": endpoint,
        "key": "cle-fictive", "secret": SECRET, "organisation": None, "actor": factories.root(), "at": NOON,
    }  # fmt: skip
    return api.create_external_store(**given | values)


def forward(store, at=NOON, **values):
    return services.forward(store_id=store.pk, at=at, **values)


def until_done(store, at=NOON):
    while forward(store, at):
        pass
    store.refresh_from_db()
    return store


@pytest.mark.django_db
class TestForward:
    def test_sends_the_bytes_that_are_kept_and_nothing_else(self, other):
        statement, store = _record(), a_store(other.endpoint)

        assert forward(store) == 1

        (heard,) = other.heard
        assert heard.body == statement.raw.encode()
        assert heard.path.rstrip("?") == "/xapi/statements"
        assert heard.headers["Content-Type"] == "application/json"
        assert heard.headers["X-Experience-API-Version"] == "1.0.3"
        user, _, secret = base64.b64decode(heard.headers["Authorization"].split()[1]).decode().partition(":")
        assert (user, secret) == ("cle-fictive", SECRET)

    def test_sends_a_batch_as_an_array_of_the_same_bytes_in_the_stored_order(self, other):
        statements, store = [_record() for _ in range(3)], a_store(other.endpoint)

        assert forward(store) == 3

        assert other.heard[0].body == b"[" + b",".join(one.raw.encode() for one in statements) + b"]"
        store.refresh_from_db()
        assert (store.cursor, store.failures, store.next_try_at, store.last_sent_at) == (
            statements[-1].seq, 0, None, NOON,
        )  # fmt: skip

    def test_announces_each_version_by_a_request_of_its_own_and_keeps_the_order(self, other):
        store = a_store(other.endpoint)
        key, _ = api.create_lrs_key(
            organisation=factories.a_training_organisation(), scopes=["all"], actor=factories.root(), at=NOON
        )
        first = _record()
        newer = {
            "actor": {"objectType": "Agent", "account": {"homePage": "https://of.example", "name": "42"}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": "https://of.example/module/1"}, "version": "2.0.0",
        }  # fmt: skip
        (second,) = api.ingest(raw=json.dumps(newer).encode(), credential=key, at=NOON)
        third = _record()

        forward(store)

        assert [heard.headers["X-Experience-API-Version"] for heard in other.heard] == [
            "1.0.3",
            "2.0.0",
            "1.0.3",
        ]
        assert other.received == [first.uuid, second, third.uuid]

    def test_sends_nothing_twice(self, other):
        store = a_store(other.endpoint)
        _record()

        forward(store)

        assert forward(store) == 0
        assert len(other.heard) == 1

    def test_sends_what_the_filter_lets_through_and_passes_the_rest(self, other):
        home, abroad = factories.a_training_organisation(), factories.a_training_organisation()
        store = a_store(other.endpoint, organisation=home, classes=["E1"], verbs=[api.VERBS["passed"].iri])
        wanted = _record(organisation=home)
        _record(organisation=abroad)
        _record(organisation=home, evidence_class="E2")
        last = _record(organisation=home, verb="failed")

        assert forward(store) == 1

        assert other.received == [wanted.uuid]
        store.refresh_from_db()
        assert store.cursor == last.seq

    def test_passes_over_what_never_concerns_a_store_without_a_request(self, other):
        store = a_store(other.endpoint, organisation=factories.a_training_organisation())
        last = _record()

        assert forward(store) == 0

        store.refresh_from_db()
        assert store.cursor == last.seq
        assert other.heard == []

    def test_may_leave_out_what_was_there_before_it(self, other):
        _record()
        store = a_store(other.endpoint, from_start=False)
        new = _record()

        forward(store)

        assert other.received == [new.uuid]

    def test_forwards_a_voided_statement_like_any_other(self, other):
        statement, store = _record(), a_store(other.endpoint)
        Statement.objects.filter(pk=statement.pk).update(voided_at=NOON)

        forward(store)

        assert other.received == [statement.uuid]

    def test_sends_nothing_from_a_stopped_store_and_resumes_where_it_was(self, other):
        store = a_store(other.endpoint)
        services.set_active(store_id=store.pk, active=False, actor=factories.root(), at=NOON)
        statement = _record()

        assert forward(store) == 0
        services.set_active(store_id=store.pk, active=True, actor=factories.root(), at=NOON)
        forward(store)

        assert other.received == [statement.uuid]

    def test_keeps_each_request_of_a_reasonable_size(self, other):
        store = a_store(other.endpoint)
        long = {"https://lms.example/extensions/texte": "é" * 300_000}
        statements = [_record(extensions=long) for _ in range(3)]

        assert forward(store) == 3

        assert all(len(heard.body) < 1_300_000 for heard in other.heard)
        assert other.received == [one.uuid for one in statements]


@pytest.mark.django_db
class TestOutage:
    def test_a_day_without_the_other_store_loses_nothing_and_keeps_the_order(self, other):
        store, sent, now = a_store(other.endpoint), [], NOON
        other.answers = lambda heard: 503
        while now < NOON + timedelta(days=1):
            sent.append(_record(at=now).uuid)
            forward(store, now)
            now += timedelta(minutes=10)
        assert len(other.heard) < 150
        other.heard.clear()
        other.answers = lambda heard: 200

        until_done(store, now + timedelta(minutes=15))

        assert other.received == sent
        assert DeadLetter.objects.count() == 0
        store.refresh_from_db()
        assert (store.failures, store.last_error) == (0, "")

    def test_tries_again_ever_later_within_a_quarter_of_an_hour(self, other):
        store, now, pauses = a_store(other.endpoint), NOON, []
        _record()
        other.answers = lambda heard: 500
        for _ in range(10):
            forward(store, now)
            store.refresh_from_db()
            pauses.append((store.next_try_at - now).total_seconds())
            assert forward(store, now) == 0
            now = store.next_try_at

        assert len(other.heard) == 10
        assert 8 <= pauses[0] <= 10
        assert 16 <= pauses[1] <= 20
        assert all(720 <= pause <= 900 for pause in pauses[-2:])
        assert store.failures == 10
        assert store.last_error == "Le magasin est en panne (réponse 500)."

    def test_waits_as_long_as_it_is_asked_to(self, other):
        store = a_store(other.endpoint)
        _record()
        other.answers = lambda heard: (429, "", {"Retry-After": "120"})

        forward(store)

        store.refresh_from_db()
        assert store.next_try_at == NOON + timedelta(seconds=120)

    def test_a_store_that_accepts_the_first_requests_only_gets_the_rest_later(self, other, monkeypatch):
        monkeypatch.setattr("courses.xapi.forwarding.parcels.MAX_PARCEL_BYTES", 1)
        statements, store = [_record() for _ in range(3)], a_store(other.endpoint)
        other.answers = lambda heard: 200 if len(other.heard) < 3 else 500

        assert forward(store) == 2

        store.refresh_from_db()
        assert (store.cursor, store.failures) == (statements[1].seq, 1)

    @pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 408, 429, 500, 502, 503])
    def test_nothing_is_given_up_for_an_answer_that_is_not_about_the_statement(self, other, status):
        _record(), _record()
        store = a_store(other.endpoint)
        other.answers = lambda heard: (status, "", {"Location": f"{other.endpoint}ailleurs"})

        assert forward(store) == 0

        store.refresh_from_db()
        assert (store.cursor, store.failures) == (0, 1)
        assert f"réponse {status}" in store.last_error
        assert DeadLetter.objects.count() == 0

    def test_follows_no_redirection(self, other):
        _record()
        store = a_store(other.endpoint)
        other.answers = lambda heard: (302, "", {"Location": "http://127.0.0.1:9/"})

        forward(store)

        assert len(other.heard) == 1

    def test_a_closed_door_is_told_in_french(self):
        _record()
        store = a_store("http://127.0.0.1:9/xapi/")

        assert forward(store) == 0

        store.refresh_from_db()
        assert store.last_error == "Le magasin refuse la connexion."

    def test_does_not_wait_for_ever_for_a_silent_store(self, other, monkeypatch):
        monkeypatch.setattr(client, "SILENCE_SECONDS", 0.2)
        _record()
        store, end = a_store(other.endpoint), threading.Event()
        other.answers = lambda heard: end.wait(10) and 200

        began = time.monotonic()
        assert forward(store) == 0
        end.set()

        assert time.monotonic() - began < 3
        store.refresh_from_db()
        assert store.last_error == "Le magasin ne répond pas à temps."

    def test_cuts_the_line_of_a_store_that_drips(self, monkeypatch):
        monkeypatch.setattr(client, "WHOLE_SECONDS", 0.4)
        with dripping() as endpoint:
            _record()
            store = a_store(endpoint)
            began = time.monotonic()

            assert forward(store) == 0

        assert time.monotonic() - began < 3
        store.refresh_from_db()
        assert store.failures == 1

    def test_reads_no_more_of_an_answer_than_it_needs(self, other):
        _record()
        store = a_store(other.endpoint)
        other.answers = lambda heard: (500, "x" * 5_000_000, {})

        forward(store)

        store.refresh_from_db()
        assert len(store.last_error) < 600

    def test_says_when_the_secret_is_gone(self, other, var_dir):
        _record()
        store = a_store(other.endpoint)
        (var_dir / "secrets/stores" / store.code).unlink()

        assert forward(store) == 0

        store.refresh_from_db()
        assert "secret de ce magasin manque" in store.last_error

    def test_one_broken_store_does_not_keep_the_others_waiting(self, other):
        statement = _record()
        a_store("http://127.0.0.1:9/xapi/")
        a_store(other.endpoint)

        assert api.forward_all() == 1

        assert other.received == [statement.uuid]

    def test_costs_one_query_without_any_store(self, django_assert_num_queries):
        _record()

        with django_assert_num_queries(1):
            api.forward_all()


@contextmanager
def dripping():
    """A server that sends its answer one sign at a time, never falling silent."""
    import socket

    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve():
        line, _ = listening.accept()
        with line:
            line.recv(65536)
            while not over.wait(0.05):
                try:
                    line.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/xapi/"
    over.set()
    thread.join()
    listening.close()


@pytest.mark.django_db
class TestRefusals:
    def test_a_batch_in_conflict_is_sent_one_by_one_and_what_is_there_already_has_arrived(self, other):
        statements, store = [_record() for _ in range(3)], a_store(other.endpoint)
        other.answers = lambda heard: 409 if len(heard.ids) > 1 or heard.ids == [statements[1].uuid] else 204

        assert forward(store) == 3

        assert [len(heard.ids) for heard in other.heard] == [3, 1, 1, 1]
        store.refresh_from_db()
        assert store.cursor == statements[-1].seq
        assert DeadLetter.objects.count() == 0

    @pytest.mark.parametrize("status", [400, 403, 413, 422])
    def test_the_refused_one_becomes_a_dead_letter_and_the_others_go_on(self, other, status):
        statements, store = [_record() for _ in range(3)], a_store(other.endpoint)
        bad = statements[1].uuid
        other.answers = lambda heard: (status, "verb.display:\r\n refused", {}) if bad in heard.ids else 200

        assert forward(store) == 3

        letter = DeadLetter.objects.get()
        assert (letter.statement, letter.status, letter.state, letter.at) == (
            statements[1],
            status,
            "dead",
            NOON,
        )
        assert letter.cause.startswith("Le magasin ")
        assert letter.cause.endswith(f"(réponse {status}) : verb.display: refused")
        store.refresh_from_db()
        assert (store.cursor, store.failures) == (statements[-1].seq, 0)

    def test_the_first_one_forbidden_is_judged_by_the_answers_that_follow(self, other):
        statements, store = [_record() for _ in range(3)], a_store(other.endpoint)
        other.answers = lambda heard: 403 if statements[0].uuid in heard.ids else 200

        assert forward(store) == 3

        assert DeadLetter.objects.get().statement == statements[0]

    def test_a_key_that_is_forbidden_everything_gives_nothing_up(self, other):
        [_record() for _ in range(3)]
        store = a_store(other.endpoint)
        other.answers = lambda heard: 403

        assert forward(store) == 0

        store.refresh_from_db()
        assert (store.cursor, store.failures) == (0, 1)
        assert DeadLetter.objects.count() == 0

    def test_never_shows_the_secret_that_the_other_side_sends_back(self, other, caplog):
        _record()
        store = a_store(other.endpoint)
        other.answers = lambda heard: (
            401, f"bad password {SECRET} in {heard.headers['Authorization']}", {}
        )  # fmt: skip

        forward(store)

        store.refresh_from_db()
        encoded = base64.b64encode(f"cle-fictive:{SECRET}".encode()).decode()
        for text in (store.last_error, caplog.text):
            assert SECRET not in text
            assert encoded not in text
        assert "•••" in store.last_error

    def test_a_letter_asked_again_is_sent_again_and_settled(self, other):
        statement, letter = a_refused_statement(other)
        other.heard.clear()
        other.answers = lambda heard: 200

        services.replay_dead_letter(letter_id=letter.pk, actor=factories.root(), at=NOON)
        assert other.heard == []
        assert services.resend_letters(store_id=letter.store_id, at=NOON) == 1

        letter.refresh_from_db()
        assert (letter.state, letter.settled_at) == ("sent", NOON)
        assert other.received == [statement.uuid]
        assert AuditEntry.objects.filter(action="xapi.store.replay", object_id=str(letter.pk)).count() == 1

    def test_a_letter_refused_again_says_its_new_cause(self, other):
        _, letter = a_refused_statement(other)
        other.answers = lambda heard: (422, "still wrong", {})

        services.replay_dead_letter(letter_id=letter.pk, actor=factories.root(), at=NOON)
        services.resend_letters(store_id=letter.store_id, at=NOON)

        letter.refresh_from_db()
        assert (letter.state, letter.status) == ("dead", 422)
        assert letter.cause.endswith("still wrong")

    def test_a_letter_asked_again_during_an_outage_waits_for_its_end(self, other):
        _, letter = a_refused_statement(other)
        services.replay_dead_letter(letter_id=letter.pk, actor=factories.root(), at=NOON)
        other.answers = lambda heard: 503
        services.resend_letters(store_id=letter.store_id, at=NOON)
        other.answers = lambda heard: 200

        services.resend_letters(store_id=letter.store_id, at=NOON + timedelta(hours=1))

        letter.refresh_from_db()
        assert letter.state == "sent"

    def test_all_are_asked_again_at_once(self, other):
        store = a_store(other.endpoint)
        statements = [_record() for _ in range(4)]
        other.answers = lambda heard: 400
        until_done(store)
        other.heard.clear()
        other.answers = lambda heard: 200

        asked = services.replay_all_dead_letters(store_id=store.pk, actor=factories.root(), at=NOON)
        api.forward_all()

        assert asked == 4
        assert other.received == [one.uuid for one in statements]
        assert Counter(DeadLetter.objects.values_list("state", flat=True)) == {"sent": 4}

    def test_a_letter_is_given_up_for_a_reason_and_the_statement_stays(self, other):
        statement, letter = a_refused_statement(other)

        with pytest.raises(ExternalStoreError, match="pourquoi"):
            services.drop_dead_letter(letter_id=letter.pk, actor=factories.root(), at=NOON, reason="  ")
        services.drop_dead_letter(letter_id=letter.pk, actor=factories.root(), at=NOON, reason="Essai.")

        letter.refresh_from_db()
        assert (letter.state, letter.settled_at) == ("dropped", NOON)
        assert AuditEntry.objects.get(action="xapi.store.drop").reason == "Essai."
        assert Statement.objects.filter(pk=statement.pk).exists()
        with pytest.raises(SettledLetterError):
            services.replay_dead_letter(letter_id=letter.pk, actor=factories.root(), at=NOON)

    def test_nothing_is_asked_again_of_a_stopped_store(self, other):
        _, letter = a_refused_statement(other)
        services.set_active(store_id=letter.store_id, active=False, actor=factories.root(), at=NOON)

        with pytest.raises(StoppedStoreError):
            services.replay_dead_letter(letter_id=letter.pk, actor=factories.root(), at=NOON)


def a_refused_statement(other, **values):
    statement, store = _record(organisation=values.get("organisation")), a_store(other.endpoint, **values)
    other.answers = lambda heard: (400, "wrong", {})
    forward(store)
    return statement, DeadLetter.objects.get(store=store)


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_do_not_send_the_same_batch(self, other):
        _record()
        store = a_store(other.endpoint)
        asked, may_answer = threading.Event(), threading.Event()

        def slow(heard):
            asked.set()
            may_answer.wait(10)
            return 200

        other.answers = slow
        first = threading.Thread(target=lambda: (forward(store), connection.close()))
        first.start()
        asked.wait(10)

        assert forward(store) == 0
        # No transaction is open while we wait for another system: the house goes on writing.
        _record()
        may_answer.set()
        first.join()

        assert len(other.heard) == 1
        store.refresh_from_db()
        assert store.next_try_at is None

    def test_one_that_was_killed_is_replaced(self, other):
        statement, store = _record(), a_store(other.endpoint)
        ExternalStore.objects.filter(pk=store.pk).update(next_try_at=NOON + services.delivery.LEASE)

        assert forward(store) == 0
        assert forward(store, NOON + services.delivery.LEASE) == 1

        assert other.received == [statement.uuid]

    def test_the_one_that_is_overtaken_moves_nothing_back(self, other):
        statements, store = [_record() for _ in range(2)], a_store(other.endpoint)

        def overtake(heard):
            ExternalStore.objects.filter(pk=store.pk).update(cursor=statements[-1].seq)
            connection.close()
            return 200

        other.answers = overtake

        assert forward(store, limit=1) == 0

        store.refresh_from_db()
        assert (store.cursor, store.failures) == (statements[-1].seq, 0)


@pytest.mark.django_db
class TestAttachments:
    def test_travel_with_their_statement_when_they_have_no_address(self, other, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "media"
        statement, store = self._with_attachment(), a_store(other.endpoint)

        assert forward(store) == 1

        (heard,) = other.heard
        kind, _, boundary = heard.headers["Content-Type"].partition("; boundary=")
        assert kind == "multipart/mixed"
        assert '"' not in boundary
        first, second, end = heard.body.removeprefix(f"--{boundary}\r\n".encode()).split(
            f"\r\n--{boundary}".encode()
        )
        assert first == b"Content-Type: application/json\r\n\r\n" + statement.raw.encode()
        headers, payload = second.removeprefix(b"\r\n").split(b"\r\n\r\n", 1)
        assert payload == PNG
        assert headers.decode().split("\r\n") == [
            "Content-Type: image/png", "Content-Transfer-Encoding: binary",
            f"X-Experience-API-Hash: {hashlib.sha256(PNG).hexdigest()}",
        ]  # fmt: skip
        assert end == b"--\r\n"

    def test_stay_home_when_they_have_an_address(self, other):
        statement, store = (
            self._with_attachment(fileUrl="https://of.example/image.png"),
            a_store(other.endpoint),
        )

        forward(store)

        assert other.heard[0].headers["Content-Type"] == "application/json"
        assert other.heard[0].body == statement.raw.encode()

    def test_that_left_our_disk_stop_the_sending_and_say_so(self, other, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "media"
        self._with_attachment()
        store = a_store(other.endpoint)
        documents.path_of(hashlib.sha256(PNG).hexdigest()).unlink()

        assert forward(store) == 0

        store.refresh_from_db()
        assert "pièce jointe" in store.last_error

    def _with_attachment(self, **address):
        sha2 = hashlib.sha256(PNG).hexdigest()
        body = {
            "actor": {"objectType": "Agent", "account": {"homePage": "https://of.example", "name": "42"}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": "https://of.example/module/1"},
            "attachments": [
                {"usageType": "https://of.example/photo", "display": {"fr": "Photo"}, "contentType": "image/png",
                 "length": len(PNG), "sha2": sha2} | address
            ],
        }  # fmt: skip
        key, _ = api.create_lrs_key(
            organisation=factories.a_training_organisation(), scopes=["all"], actor=factories.root(), at=NOON
        )
        parts = {} if address else {sha2: Part("image/png", PNG)}
        (uuid,) = api.ingest(raw=json.dumps(body).encode(), credential=key, at=NOON, parts=parts)
        return Statement.objects.get(uuid=uuid)


@pytest.mark.django_db
class TestStores:
    def test_keep_their_secret_in_a_file_that_only_its_owner_reads(self, var_dir):
        store = a_store()

        path = var_dir / "secrets" / "stores" / store.code
        assert path.read_text() == SECRET
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        row = ExternalStore.objects.filter(pk=store.pk).values().get()
        assert SECRET not in str(row)
        assert SECRET not in str(AuditEntry.objects.filter(action="xapi.store.create").values().get())
        assert SECRET not in repr(client.Target(store.endpoint, store.key, SECRET))

    def test_a_new_address_asks_for_the_secret_again(self, var_dir):
        store = a_store()
        given = {
            "store_id": store.pk,
            "name": "Autre",
            "key": store.key,
            "actor": factories.root(),
            "at": NOON,
        }

        with pytest.raises(ExternalStoreError, match="saisissez de nouveau le secret"):
            services.update_external_store(endpoint="https://ailleurs.exemple.fr/xapi", **given)
        services.update_external_store(endpoint=store.endpoint, **given)

        assert secret_files.read(store.code) == SECRET
        services.update_external_store(endpoint="https://ailleurs.exemple.fr/xapi", secret="nouveau", **given)
        assert secret_files.read(store.code) == "nouveau"
        assert ExternalStore.objects.get().endpoint == "https://ailleurs.exemple.fr/xapi/"
        assert AuditEntry.objects.filter(action="xapi.store.update").count() == 2

    @pytest.mark.parametrize(
        "endpoint",
        ["ftp://a.fr/", "a.fr/xapi", "https://", "https://u:p@a.fr/", "https://a.fr/?q=1", "https://a.fr/#x",
         "https://a b.fr/", "https://a.fr:99999/", "file:///etc/passwd", "https://[::1/"],
    )  # fmt: skip
    def test_an_address_that_is_none_is_refused(self, endpoint):
        with pytest.raises(ExternalStoreError):
            a_store(endpoint)

    def test_an_address_may_be_given_with_the_name_of_the_resource(self):
        assert a_store("https://a.fr/xapi/statements/").endpoint == "https://a.fr/xapi/"

    def test_production_speaks_https_only(self, settings):
        settings.LMS_MODE = "production"

        with pytest.raises(ExternalStoreError, match="https"):
            a_store("http://traces.exemple.fr/xapi/")

    def test_the_store_of_an_organisation_is_not_on_our_own_network(self, settings):
        with pytest.raises(UnreachableError, match="réseau interne"):
            client.send(
                client.Target("https://127.0.0.1:9/", "k", "s", public_only=True),
                client.Parcel("1.0.3", "application/json", b"{}"),
            )

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"code": "../x"}, "tiret"), ({"name": ""}, "vide"), ({"secret": ""}, "secret"),
            ({"key": "a:b"}, "deux-points"), ({"verbs": ["pas un IRI"]}, "IRI"),
            ({"classes": ["E9"]}, "inconnue"), ({"secret": "a\nb"}, "illisible"),
        ],
    )  # fmt: skip
    def test_a_faulty_description_is_refused(self, wrong, words, var_dir):
        with pytest.raises(ExternalStoreError, match=words):
            a_store(**wrong)

        assert not list(Path(var_dir).rglob("secrets/stores/*"))

    def test_two_stores_never_bear_the_same_short_name(self):
        a_store(code="un")

        with pytest.raises(ExternalStoreError, match="déjà"):
            a_store(code="un")

    def test_stopping_twice_is_told_once(self):
        store = a_store()
        for _ in range(2):
            services.set_active(store_id=store.pk, active=False, actor=factories.root(), at=NOON)

        assert AuditEntry.objects.filter(action="xapi.store.stop").count() == 1

    def test_a_delay_is_never_longer_than_a_quarter_of_an_hour(self):
        for failures in range(1, 200):
            for jitter in (0, 100):
                assert 8 <= rules.pause(failures, jitter=jitter, asked=0).total_seconds() <= 900
        assert rules.pause(1, jitter=0, asked=10_000) == timedelta(minutes=15)


@pytest.mark.django_db
class TestCommand:
    def _run(self, *arguments):
        out = StringIO()
        call_command("external_store", *arguments, stdout=out)
        return out.getvalue()

    def test_adds_lists_disables_and_enables(self, tmp_path):
        organisation = factories.a_training_organisation()
        (tmp_path / "secret").write_text(f"{SECRET}\n")

        added = self._run(
            "add", "--code", "region", "--name", "Région", "--endpoint", "https://a.fr/xapi", "--key", "k",
            "--secret-file", str(tmp_path / "secret"), "--organisation", str(organisation.public_id),
            "--verb", api.VERBS["passed"].iri, "--class", "E1", "E2", "--json",
        )  # fmt: skip

        row = json.loads(added)
        assert (row["code"], row["endpoint"], row["classes"]) == (
            "region",
            "https://a.fr/xapi/",
            ["E1", "E2"],
        )
        assert SECRET not in added
        assert secret_files.read("region") == SECRET
        assert json.loads(self._run("disable", "region", "--json"))["active"] is False
        assert json.loads(self._run("enable", "region", "--json"))["active"] is True
        assert [row["code"] for row in json.loads(self._run("--json", "list"))] == ["region"]
        assert "code=region" in self._run("list")

    def test_says_what_is_wrong(self, tmp_path):
        given = ["add", "--code", "x", "--name", "X", "--endpoint", "ftp://x", "--key", "k", "--secret-file"]
        with pytest.raises(CommandError, match="illisible"):
            self._run(*given, str(tmp_path / "absent"))
        (tmp_path / "secret").write_text("s")
        with pytest.raises(CommandError, match="https"):
            self._run(*given, str(tmp_path / "secret"))
        with pytest.raises(CommandError, match="n’existe pas"):
            self._run("enable", "inconnu")


@pytest.fixture
def side():
    """An organisation, its manager, and one from elsewhere."""
    organisation = factories.a_training_organisation()
    return (
        organisation,
        factories.a_user("organisation_manager", organisation),
        factories.a_user("organisation_manager", factories.a_training_organisation()),
    )


def posted(client, route, arguments=(), **values):
    return client.post(reverse(route, args=arguments), {"idempotency_key": str(uuid4()), **values})


@pytest.mark.django_db
class TestScreens:
    def test_an_empty_list_says_what_will_be_there(self, side, client_for):
        page = client_for(side[1]).get(reverse("external_stores")).content.decode()

        assert "Aucun magasin externe" in page
        assert "Ajouter un magasin" in page

    def test_each_state_is_a_word(self, side, client_for, other):
        home, manager, _ = side
        for code in ("a-jour", "retard", "panne", "arret"):
            a_store(other.endpoint, organisation=home, code=code)
        _record(organisation=home)
        _record(organisation=home)
        stores = {one.code: one for one in ExternalStore.objects.all()}
        forward(stores["a-jour"], clock.now())
        services.set_active(store_id=stores["arret"].pk, active=False, actor=manager, at=NOON)
        other.answers = lambda heard: 503
        forward(stores["panne"], clock.now())

        page = client_for(manager).get(reverse("external_stores")).content.decode()

        for words in (
            "À jour",
            "En retard de 2 traces",
            "En panne",
            "prochain essai le",
            "Arrêté",
            "(réponse 503)",
        ):
            assert words in page
        assert SECRET not in page

    def test_a_manager_adds_a_store_for_his_organisation_only(self, side, client_for):
        home, manager, stranger = side
        given = {
            "name": "Région", "code": "region", "endpoint": "https://a.fr/xapi", "key": "k", "secret": SECRET,
            "from_start": "on", "verbs": "", "classes": ["E1"],
        }  # fmt: skip

        for wrong in (stranger.rights.organisations_as("organisation_manager").pop(), "toutes"):
            refused = posted(client_for(manager), "external_store_new", organisation=wrong, **given)
            assert refused.status_code == 422
            assert SECRET not in refused.content.decode()
        done = posted(client_for(manager), "external_store_new", organisation=home.pk, **given)

        assert done.status_code == 302
        store = ExternalStore.objects.get()
        assert (store.organisation_id, store.classes, store.cursor) == (home.pk, "E1", 0)

    def test_a_programme_manager_adds_a_store_of_no_organisation(self, client_for):
        given = {"name": "ANCT", "code": "anct", "endpoint": "https://a.fr/", "key": "k", "secret": SECRET}

        done = posted(
            client_for(factories.a_user("programme_manager")),
            "external_store_new",
            organisation="toutes",
            **given,
        )

        assert done.status_code == 302
        assert ExternalStore.objects.get().organisation is None

    def test_the_secret_is_never_shown_and_may_be_kept(self, side, client_for):
        home, manager, _ = side
        store = a_store("https://a.fr/xapi/", organisation=home)
        browser = client_for(manager)
        page = browser.get(reverse("external_store_edit", args=[store.pk])).content.decode()
        assert SECRET not in page
        assert "https://a.fr/xapi/" in page

        same = {"endpoint": store.endpoint, "key": store.key, "secret": "", "verbs": ""}
        kept = posted(browser, "external_store_edit", [store.pk], name="Autre nom", **same)
        moved = posted(browser, "external_store_edit", [store.pk], name="X", **same | {"key": "autre"})

        assert (kept.status_code, moved.status_code) == (302, 422)
        assert "saisissez de nouveau le secret" in moved.content.decode()
        store.refresh_from_db()
        assert store.name == "Autre nom"
        assert secret_files.read(store.code) == SECRET

    def test_stops_and_starts_with_a_confirmation(self, side, client_for):
        home, manager, _ = side
        store, browser = a_store(organisation=home), client_for(manager)

        assert (
            "Rien n’est perdu"
            in browser.get(reverse("external_store_stop", args=[store.pk])).content.decode()
        )
        posted(browser, "external_store_stop", [store.pk])
        store.refresh_from_db()
        assert not store.active
        posted(browser, "external_store_start", [store.pk])
        store.refresh_from_db()
        assert store.active

    def test_what_is_not_yours_does_not_exist(self, side, client_for, other):
        home, _, stranger = side
        _, letter = a_refused_statement(other, organisation=home)
        browser = client_for(stranger)

        assert "Observatoire fictif" not in browser.get(reverse("external_stores")).content.decode()
        for route, key in (
            ("external_store_edit", letter.store_id), ("external_store_stop", letter.store_id),
            ("external_store_start", letter.store_id), ("dead_letters", letter.store_id),
            ("dead_letters_export", letter.store_id), ("dead_letters_replay", letter.store_id),
            ("dead_letter", letter.pk), ("dead_letter_drop", letter.pk),
        ):  # fmt: skip
            assert browser.get(reverse(route, args=[key])).status_code == 404, route
        assert posted(browser, "dead_letter_replay", [letter.pk]).status_code == 404

    def test_the_auditor_reads_all_and_changes_nothing(self, side, client_for, other):
        _, letter = a_refused_statement(other, organisation=side[0])
        browser = client_for(factories.a_user("auditor"))

        for route, key in (
            ("external_stores", None),
            ("dead_letters", letter.store_id),
            ("dead_letter", letter.pk),
        ):
            page = browser.get(reverse(route, args=[key] if key else []))
            assert page.status_code == 200
            assert 'method="post" action' not in page.content.decode().replace("/deconnexion/", "")
        assert posted(browser, "dead_letter_replay", [letter.pk]).status_code == 403
        assert posted(browser, "external_store_stop", [letter.store_id]).status_code == 403

    def test_the_programme_manager_may_halt_any_store_and_directs_only_those_of_nobody(
        self, side, client_for
    ):
        store, browser = a_store(organisation=side[0]), client_for(factories.a_user("programme_manager"))

        assert browser.get(reverse("external_store_edit", args=[store.pk])).status_code == 404
        assert posted(browser, "external_store_stop", [store.pk]).status_code == 302
        assert browser.get(reverse("external_store_start", args=[store.pk])).status_code == 404

    def test_the_refused_ones_are_listed_filtered_and_exported(self, side, client_for, other):
        home, manager, _ = side
        statement, letter = a_refused_statement(other, organisation=home)
        browser = client_for(manager)
        url = reverse("dead_letters", args=[letter.store_id])

        assert "(réponse 400)" in browser.get(url).content.decode()
        assert "(réponse 400)" in browser.get(url, {"cause": str(statement.uuid)}).content.decode()
        assert "Aucune trace ne correspond" in browser.get(url, {"cause": "autre"}).content.decode()
        assert "Aucune trace ne correspond" in browser.get(url, {"etat": "renvoyees"}).content.decode()
        assert browser.get(url, {"etat": "n’importe quoi"}).status_code == 200
        export = browser.get(reverse("dead_letters_export", args=[letter.store_id])).content.decode()
        assert str(statement.uuid) in export
        assert export.count("\r\n") == 2

    def test_one_is_read_sent_again_or_given_up(self, side, client_for, other):
        home, manager, _ = side
        _, letter = a_refused_statement(other, organisation=home)
        browser = client_for(manager)
        page = browser.get(reverse("dead_letter", args=[letter.pk])).content.decode()
        assert "&quot;actor&quot;" in page

        again = posted(browser, "dead_letter_replay", [letter.pk])
        assert again.status_code == 302
        assert "Renvoi demandé" in browser.get(again["Location"]).content.decode()
        without = posted(browser, "dead_letter_drop", [letter.pk], reason="")
        assert without.status_code == 422
        assert posted(browser, "dead_letter_drop", [letter.pk], reason="Essai.").status_code == 302
        assert posted(browser, "dead_letter_drop", [letter.pk], reason="Essai.").status_code == 409
        letter.refresh_from_db()
        assert letter.state == "dropped"

    def test_all_are_sent_again_after_a_confirmation(self, side, client_for, other):
        home, manager, _ = side
        _, letter = a_refused_statement(other, organisation=home)
        browser = client_for(manager)

        assert (
            "Tout renvoyer" in browser.get(reverse("dead_letters", args=[letter.store_id])).content.decode()
        )
        assert browser.get(reverse("dead_letters_replay", args=[letter.store_id])).status_code == 200
        assert posted(browser, "dead_letters_replay", [letter.store_id]).status_code == 302

        letter.refresh_from_db()
        assert letter.status == 0
