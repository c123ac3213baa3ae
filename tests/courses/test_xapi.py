"""The record store: our own traces, and what other systems send."""

import base64
import copy
import json
import threading
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from courses import api
from courses.models import (
    AuditEntry,
    ExternalStore,
    LrsKey,
    Statement,
    StatementActivity,
    StatementActor,
    StatementErasure,
    XapiActivity,
    XapiProgress,
    XapiVerb,
)
from courses.shared import clock
from courses.xapi import tasks, texts, vocabulary
from courses.xapi.rules import same_statement, seconds
from courses.xapi.validation import check_statement
from tests import factories
from tests.factories import NOON

STATEMENTS = "/xapi/statements"
PLAIN = {
    "actor": {"objectType": "Agent", "account": {"homePage": "https://of.example", "name": "42"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"fr": "a achevé"}},
    "object": {"objectType": "Activity", "id": "https://of.example/module/1"},
}


def _record(**values):
    user = values.pop("actor", None) or factories.a_user()
    given = {
        "verb": "passed", "actor": user, "object_iri": "https://lms.example/activites/1", "object_name": "Leçon",
        "registration": uuid4(), "evidence_class": "E1", "authority": api.Authority.assessment(), "at": NOON,
    }  # fmt: skip
    return api.record_statement(**given | values)


@pytest.mark.django_db
class TestRecordStatement:
    def test_keeps_the_text_as_it_will_be_served_with_what_the_server_sets(self):
        user = factories.a_user()

        statement = _record(actor=user, success=True, score_percent=85, minutes=210, at=NOON)

        body = json.loads(statement.raw)
        assert UUID(body["id"]) == statement.uuid
        assert body["stored"] == body["timestamp"] == "2026-03-12T12:00:00.000000Z"
        assert body["version"] == "1.0.3"
        assert body["authority"]["account"]["name"] == "system/assessment"
        assert body["result"]["duration"] == "PT3H30M"
        assert statement.duration_seconds == 210 * 60
        assert Statement.objects.get(pk=statement.pk).raw == statement.raw

    def test_names_the_actor_by_his_opaque_account_and_nothing_else(self):
        user = factories.a_user()

        statement = _record(actor=user)

        assert json.loads(statement.raw)["actor"] == {
            "objectType": "Agent",
            "account": {"homePage": settings.LMS_PUBLIC_URL, "name": str(user.public_id)},
        }
        for personal in (user.first_name, user.last_name, user.username, "mailto"):
            assert personal not in statement.raw

    def test_interns_names_once_and_links_every_actor_and_activity(self):
        user = factories.a_user()

        first = _record(actor=user, context_activities={"parent": ["https://lms.example/modules/1"]})
        second = _record(actor=user)

        assert (first.actor_id, first.verb_id, first.activity_id) == (
            second.actor_id, second.verb_id, second.activity_id,
        )  # fmt: skip
        assert XapiVerb.objects.count() == 1
        assert XapiActivity.objects.count() == 2
        roles = StatementActivity.objects.filter(statement=first).values_list("role", flat=True)
        assert list(roles) == ["parent"]  # the object has a column of its own, as actor and authority
        assert not StatementActor.objects.filter(statement=first).exists()

    def test_the_stored_instant_never_goes_back(self):
        later = _record(at=NOON)

        earlier = _record(at=NOON - timedelta(days=1))

        assert earlier.seq > later.seq
        assert earlier.stored == later.stored + timedelta(microseconds=1)
        assert earlier.timestamp == NOON - timedelta(days=1)

    def test_is_never_changed_nor_deleted(self):
        statement = _record()

        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(pk=statement.pk).update(raw="{}")
        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(pk=statement.pk)._raw_delete("default")
        assert Statement.objects.get(pk=statement.pk).raw == statement.raw

    def test_is_a_statement_that_we_would_accept(self):
        statement = _record(
            success=True, completion=True, score_percent=50, minutes=45, object_type="assessment",
            extensions={"https://lms.example/extensions/feuille": "3"},
            context_activities={"grouping": ["https://lms.example/parcours/1"]},
        )  # fmt: skip

        check_statement(json.loads(statement.raw))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestOrder:
    def test_a_number_never_becomes_visible_before_a_smaller_one(self):
        user, order = factories.a_user(), []
        first_wrote, first_may_end = threading.Event(), threading.Event()

        def slow():
            with transaction.atomic():
                _record(actor=user)
                first_wrote.set()
                first_may_end.wait(10)
                order.append("slow")
            connection.close()

        def quick():
            first_wrote.wait(10)
            _record(actor=user)
            order.append("quick")
            connection.close()

        threads = [threading.Thread(target=act) for act in (slow, quick)]
        for thread in threads:
            thread.start()
        first_wrote.wait(10)
        threads[1].join(0.5)
        assert not Statement.objects.exists()  # the quick one waits for its turn
        first_may_end.set()
        for thread in threads:
            thread.join(10)

        assert order == ["slow", "quick"]
        assert Statement.objects.count() == 2


class TestVocabulary:
    def test_no_iri_is_written_twice(self):
        terms = [*vocabulary.VERBS.values(), *vocabulary.ACTIVITY_TYPES.values()]

        assert len({term.iri for term in terms}) == len(terms)

    def test_every_word_speaks_french(self):
        for name, term in {**vocabulary.VERBS, **vocabulary.ACTIVITY_TYPES}.items():
            assert term.name == name
            assert term.label


def _changed(**changes):
    return {**copy.deepcopy(PLAIN), **changes}


BAD = {
    "no verb": {key: value for key, value in PLAIN.items() if key != "verb"},
    "an unknown property": _changed(extra=1),
    "a property in another case": {"Actor": PLAIN["actor"], **PLAIN},
    "null": _changed(result=None),
    "a number as text": _changed(result={"score": {"scaled": "1"}}),
    "a scaled score above 1": _changed(result={"score": {"scaled": 1.01}}),
    "a raw score above its maximum": _changed(result={"score": {"raw": 11, "min": 0, "max": 10}}),
    "a truth as text": _changed(result={"success": "true"}),
    "two identifiers": _changed(actor={"mbox": "mailto:a@example.org", "openid": "https://a.example"}),
    "no identifier": _changed(actor={"name": "A"}),
    "an empty anonymous group": _changed(actor={"objectType": "Group", "member": []}),
    "a relative verb": _changed(verb={"id": "passed"}),
    "a bad language": _changed(verb={"id": "http://v.example", "display": {"f_r": "x"}}),
    "a timestamp without zone": _changed(timestamp="2026-03-12T12:00:00"),
    "a timestamp at -00:00": _changed(timestamp="2026-03-12T12:00:00-00:00"),
    "a thirteenth month": _changed(timestamp="2026-13-12T12:00:00Z"),
    "an instant before all calendars": _changed(timestamp="0001-01-01T00:00:00+14:00"),
    "a bad duration": _changed(result={"duration": "3 h"}),
    "an empty duration": _changed(result={"duration": "PT"}),
    "a bad id": _changed(id="42"),
    "another version": _changed(version="0.9"),
    "a nested substatement": _changed(
        object={"objectType": "SubStatement", **PLAIN, "object": {"objectType": "SubStatement", **PLAIN}}
    ),
    "an id in a substatement": _changed(object={"objectType": "SubStatement", "id": str(uuid4()), **PLAIN}),
    "a platform without activity": _changed(
        object={"objectType": "Agent", "mbox": "mailto:a@example.org"}, context={"platform": "x"}
    ),
    "an object of no type": _changed(object={"objectType": "Thing", "id": "https://a.example"}),
    "an object type that is a list": _changed(object={"objectType": [], "id": "https://a.example"}),
    "text": "statement",
    "a number": 3,
}
GOOD = {
    "plain": PLAIN,
    "an anonymous group": _changed(
        actor={"objectType": "Group", "member": [{"mbox": "mailto:a@example.org"}, {"openid": "https://b.example"}]}
    ),
    "another statement": _changed(object={"objectType": "StatementRef", "id": str(uuid4())}),
    "a substatement": _changed(object={"objectType": "SubStatement", **PLAIN}),
    "a whole result": _changed(
        result={"score": {"scaled": -1, "raw": 5, "min": 0, "max": 10}, "success": False, "duration": "P1DT2H3.5S",
                "response": "", "extensions": {"https://e.example": None}}
    ),
    "a context": _changed(
        context={"registration": str(uuid4()), "language": "fr-FR", "platform": "x",
                 "contextActivities": {"parent": {"id": "https://p.example"}}}
    ),
    "a future and nine decimals": _changed(timestamp="2100-01-01T00:00:00.123456789+02:00"),
}  # fmt: skip


@pytest.fixture
def key(db):
    return _Key("statements/write", "statements/read/mine")


class _Key:
    """A key of an organisation, and a client that uses it."""

    def __init__(self, *scopes, organisation=None):
        self.organisation = organisation or factories.a_training_organisation()
        self.row, self.secret = api.create_lrs_key(
            organisation=self.organisation, scopes=scopes, actor=factories.root(), at=NOON
        )
        self.client = Client(SERVER_NAME="localhost")

    def headers(self, **changes):
        token = base64.b64encode(f"{self.row.key}:{self.secret}".encode()).decode()
        return {"X-Experience-API-Version": "1.0.3", "Authorization": f"Basic {token}"} | changes

    def post(self, body, **headers):
        return self.client.post(STATEMENTS, _raw(body), "application/json", headers=self.headers(**headers))

    def put(self, body, statement_id, **headers):
        address = f"{STATEMENTS}?statementId={statement_id}"
        return self.client.put(address, _raw(body), "application/json", headers=self.headers(**headers))

    def get(self, query, **headers):
        return self.client.get(f"{STATEMENTS}{query}", headers=self.headers(**headers))


def _raw(body):
    return body if isinstance(body, bytes) else json.dumps(body).encode()


class TestPostStatements:
    @pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
    def test_accepts_and_gives_back_what_is_a_statement(self, key, body):
        response = key.post(body)

        assert response.status_code == 200, response.content
        (uuid,) = response.json()
        served = key.get(f"?statementId={uuid}")
        assert served.status_code == 200
        assert same_statement(served.json(), body | {"id": uuid})

    @pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
    def test_refuses_what_is_not_and_names_the_place(self, key, body):
        response = key.post(body)

        assert response.status_code == 400
        assert "$" in response.json()["message"]
        assert response["X-Experience-API-Version"] == "1.0.3"
        assert not Statement.objects.exists()

    @pytest.mark.parametrize(
        "raw",
        [b"", b"[]", b"{", b'{"a": NaN}', b"[" * 100_000, rb'{"actor": "\u0000"}', b'"\xed\xa0\x80"', b"1e400000",
         b"9" * 5000, b'{"actor": 1, "actor": 2}', b'"\xc0\xaf"', b"\xff\xfe"],
    )  # fmt: skip
    def test_refuses_bytes_that_are_no_strict_json(self, key, raw):
        assert key.post(raw).status_code == 400

    def test_one_bad_statement_in_a_batch_stores_none(self, key):
        response = key.post([PLAIN, _changed(verb={"id": "x"}), PLAIN])

        assert response.status_code == 400
        assert response.json()["field"] == "$[1].verb.id"
        assert not Statement.objects.exists()

    def test_a_fault_inside_a_substatement_says_which_statement_of_the_batch(self, key):
        inner = _changed(result={"score": {"min": 2, "max": 1}})
        answer = key.post([PLAIN, _changed(object={"objectType": "SubStatement", **inner})])

        assert (answer.status_code, answer.json()["field"]) == (400, "$[1].object.result.score")

    def test_a_batch_is_stored_in_its_order(self, key):
        ids = key.post([_changed(id=str(uuid4())) for _ in range(20)]).json()

        assert [str(uuid) for uuid in Statement.objects.order_by("seq").values_list("uuid", flat=True)] == ids

    def test_the_same_id_twice_in_a_batch_is_refused(self, key):
        uuid = str(uuid4())

        assert key.post([_changed(id=uuid), _changed(id=uuid.upper())]).status_code == 400

    def test_the_same_statement_again_makes_no_second_row(self, key):
        body = _changed(id=str(uuid4()))

        assert [key.post(body).status_code for _ in range(3)] == [200, 200, 200]
        assert Statement.objects.count() == 1

    def test_another_content_under_the_same_id_is_a_conflict(self, key):
        uuid = str(uuid4())
        key.post(_changed(id=uuid))

        response = key.post(_changed(id=uuid, result={"success": True}))

        assert response.status_code == 409
        assert "result" not in Statement.objects.get(uuid=uuid).raw

    def test_authority_class_and_stored_are_the_servers(self, key):
        liar = {
            "objectType": "Agent",
            "account": {"homePage": settings.LMS_PUBLIC_URL, "name": "system/assessment"},
        }

        key.post(_changed(authority=liar, stored="2001-01-01T00:00:00Z", version="1.0.0"))

        statement = Statement.objects.get()
        body = json.loads(statement.raw)
        assert body["authority"]["account"]["name"] == f"org/{key.row.key}"
        assert body["stored"] > "2026"
        assert (statement.evidence_class, statement.organisation_id) == ("E4", key.organisation.pk)

    def test_a_key_voids_nothing(self, key):
        voiding = _changed(
            verb={"id": api.VERBS["voided"].iri}, object={"objectType": "StatementRef", "id": str(uuid4())}
        )

        assert key.post(voiding).status_code == 403

    def test_needs_json(self, key):
        response = key.client.post(STATEMENTS, b"a=1", "text/plain", headers=key.headers())

        assert response.status_code == 400


class TestPutAndGet:
    def test_put_stores_one_statement_and_answers_nothing(self, key):
        uuid = uuid4()

        response = key.put(PLAIN, uuid)

        assert (response.status_code, response.content) == (204, b"")
        assert Statement.objects.get().uuid == uuid

    def test_put_refuses_another_id_in_the_body(self, key):
        assert key.put(_changed(id=str(uuid4())), uuid4()).status_code == 400

    @pytest.mark.parametrize(
        "query", ["?statementId=", "?statementId=x", "?StatementId=1", "?statementId=1&x=2"]
    )
    def test_get_refuses_bad_parameters(self, key, query):
        assert key.get(query).status_code == 400

    def test_get_serves_the_very_text_that_was_stored(self, key):
        (uuid,) = key.post(PLAIN).json()

        assert key.get(f"?statementId={uuid}").content.decode() == Statement.objects.get().raw

    def test_the_statement_of_another_organisation_does_not_exist(self, key):
        (uuid,) = key.post(PLAIN).json()
        stranger, colleague = _Key("all"), _Key("statements/read", organisation=key.organisation)
        own_only = _Key("statements/read/mine", organisation=key.organisation)

        assert stranger.get(f"?statementId={uuid}").status_code == 404
        assert stranger.get(f"?statementId={uuid4()}").content == stranger.get(f"?statementId={uuid}").content
        assert colleague.get(f"?statementId={uuid}").status_code == 200
        assert own_only.get(f"?statementId={uuid}").status_code == 404

    def test_another_organisation_cannot_learn_that_an_id_is_taken_with_the_same_content(self, key):
        body = _changed(id=str(uuid4()))
        key.post(body)

        assert _Key("all").post(body).status_code == 409


class TestKeys:
    def test_scopes_are_what_a_key_opens(self, key):
        reader = _Key("statements/read")
        writer = _Key("statements/write")

        assert reader.post(PLAIN).status_code == 403
        assert writer.get(f"?statementId={uuid4()}").status_code == 403

    @pytest.mark.parametrize(
        "authorization",
        ["", "Basic", "Basic !!", "Basic YQ==", "Bearer x", "Basic YTpi", "Basic ADpi", "Basic /w=="],
    )
    def test_bad_credentials_are_401_with_the_version(self, key, authorization):
        response = key.post(PLAIN, Authorization=authorization)

        assert response.status_code == 401
        assert response["X-Experience-API-Version"] == "1.0.3"

    def test_a_revoked_or_expired_key_is_dead_at_once(self, key):
        api.revoke_lrs_key(key=key.row, actor=factories.root(), at=NOON)
        expired = _Key("all")
        LrsKey.objects.filter(pk=expired.row.pk).update(expires_at=NOON - timedelta(days=9000))

        assert key.post(PLAIN).status_code == 401
        assert expired.post(PLAIN).status_code == 401

    def test_only_the_hash_of_the_secret_is_kept(self, key):
        assert len(base64.urlsafe_b64decode(key.secret + "==")) == 32
        assert key.secret not in str(LrsKey.objects.values().get())
        assert key.row.secret_hash not in str(list(AuditEntry.objects.values()))

    def test_the_day_of_last_use_is_known(self, key):
        key.post(PLAIN)

        key.row.refresh_from_db()
        assert key.row.last_used_on is not None


class TestVersions:
    @pytest.mark.parametrize(
        ("asked", "status", "answered"),
        [
            ("1.0", 200, "1.0.3"),
            ("1.0.1", 200, "1.0.3"),
            ("2.0.0", 200, "2.0.0"),
            ("1.1", 400, "2.0.0"),
            ("", 400, "2.0.0"),
        ],
    )
    def test_every_answer_says_its_version(self, key, asked, status, answered):
        response = key.post(PLAIN, **{"X-Experience-API-Version": asked})

        assert (response.status_code, response["X-Experience-API-Version"]) == (status, answered)

    @pytest.mark.django_db
    def test_about_needs_neither_key_nor_version(self):
        client = Client(SERVER_NAME="localhost")

        assert client.get("/xapi/about").json() == {"version": ["1.0.3", "2.0.0"]}
        # The Python client raises on a version that it does not know.
        old = client.get("/xapi/about", headers={"X-Experience-API-Version": "1.0.3"})
        assert old.json() == {"version": ["1.0.3"]}

    def test_head_has_no_body_and_other_methods_are_refused(self, key):
        (uuid,) = key.post(PLAIN).json()

        head = key.client.head(f"{STATEMENTS}?statementId={uuid}", headers=key.headers())

        assert (head.status_code, head.content) == (200, b"")
        assert key.client.delete(STATEMENTS, headers=key.headers()).status_code == 405


class TestLrsKeyCommand:
    pytestmark = pytest.mark.django_db

    def _run(self, *arguments):
        out = StringIO()
        call_command("lrs_key", *arguments, stdout=out)
        return json.loads(out.getvalue())

    def test_creates_lists_and_revokes(self):
        organisation = factories.a_training_organisation()

        made = self._run(
            "create", "--organisation", str(organisation.public_id), "--scope", "all", "state", "--json"
        )
        assert made["scopes"] == ["all", "state"]
        assert len(made["secret"]) >= 43

        assert [row["key"] for row in self._run("--json", "list")] == [made["key"]]
        assert self._run("revoke", made["key"], "--json")["revoked"] is True

    def test_refuses_an_organisation_or_a_key_that_does_not_exist(self):
        with pytest.raises(CommandError):
            self._run("create", "--organisation", str(uuid4()), "--json")
        with pytest.raises(CommandError):
            self._run("revoke", "nothing", "--json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("PT3H30M", 12600), ("P1DT1.5S", 86401), ("P1W", 604800), ("PT0S", 0), ("P1Y2M", 36720000)],
)
def test_durations_in_seconds(text, expected):
    assert seconds(text) == expected


def test_what_the_server_sets_does_not_change_what_was_said():
    served = _changed(stored="2026-01-01T00:00:00Z", authority=PLAIN["actor"], version="1.0.3")

    assert same_statement(served, PLAIN)
    assert not same_statement(_changed(result={"success": True}), PLAIN)


@pytest.mark.django_db
class TestRetention:
    def test_erases_what_other_systems_sent_and_keeps_number_and_hash(self, key):
        own = _record()
        (sent,) = key.post(PLAIN).json()
        hash_ = Statement.objects.get(uuid=sent).received_hash

        done = api.erase_statements(
            before=clock.now() + timedelta(days=1), reason="Durée de conservation échue", at=clock.now()
        )

        assert (done.due, done.erased) == (1, 1)
        assert list(Statement.objects.values_list("uuid", flat=True)) == [own.uuid]
        assert StatementErasure.objects.get(uuid=sent).received_hash == hash_
        assert (
            AuditEntry.objects.get(action="xapi.statement.erase").reason == "Durée de conservation échue (1)"
        )
        assert list(api.statement_faults()) == []
        assert api.rebuild(check=True).differences == []
        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(uuid=own.uuid)._raw_delete("default")

    def test_waits_for_an_external_store_that_has_not_received_yet(self, key):
        (sent,) = key.post(PLAIN).json()
        store = api.create_external_store(
            code="ailleurs", name="Ailleurs", endpoint="https://ailleurs.example/xapi/", key="k", secret="s",
            organisation=None, actor=factories.root(), at=NOON,
        )  # fmt: skip
        tomorrow = clock.now() + timedelta(days=1)
        assert not api.statements_due(before=tomorrow).exists()

        ExternalStore.objects.filter(pk=store.pk).update(cursor=Statement.objects.get(uuid=sent).pk)

        assert api.statements_due(before=tomorrow).count() == 1

    def test_says_what_is_due_before_erasing(self, key):
        key.post(PLAIN)
        told = StringIO()

        call_command("xapi_retention", before="2999-01-01", json=True, stdout=told)

        assert json.loads(told.getvalue()) == {"due": 1, "erased": 0}
        assert Statement.objects.count() == 1
        with pytest.raises(CommandError, match="reason"):
            call_command("xapi_retention", before="2999-01-01", apply=True)


@pytest.mark.django_db
class TestIntegrity:
    def test_a_text_that_changed_or_a_number_that_is_missing_is_named(self, key):
        from courses.shared import walls

        first, second = key.post([PLAIN, PLAIN]).json()
        assert list(api.statement_faults()) == []

        with walls.down(reason="essai"):
            Statement.objects.filter(uuid=first).delete()
            Statement.objects.filter(uuid=second).update(
                raw=Statement.objects.get(uuid=second).raw.replace("completed", "passed")
            )

        assert list(api.statement_faults()) == [
            "statement number 1 is missing",
            f"statement {second}: its text is not the one received",
        ]

    def test_the_text_received_is_kept_to_the_byte(self, key):
        sent = (
            b'{ "verb" : {"id":"http://adlnet.gov/expapi/verbs/completed"},\n "result":{"score":{"raw":1.50}},'
            b' "actor":{"mbox":"mailto:a@example.org"}, "object":{"id":"https://a.example/caf\\u00e9"} }'
        )

        (uuid,) = key.post(sent).json()

        kept = Statement.objects.get(uuid=uuid)
        assert texts.received_text(kept.raw, kept.received) == sent.decode()
        assert kept.raw.startswith(sent.decode()[:-1])


@pytest.mark.django_db
class TestCoalescedProgress:
    """`LMS_XAPI_PROGRESS=coalesced`: the worker counts, once, and the result is the same."""

    def test_is_counted_later_and_equals_the_other_way(self, key, settings):
        activity = PLAIN["object"]["id"]
        key.post([PLAIN, PLAIN])
        settings.LMS_XAPI_PROGRESS = "coalesced"
        key.post([PLAIN, _changed(verb={"id": "http://adlnet.gov/expapi/verbs/passed"})])
        assert XapiProgress.objects.get(activity__iri=activity).statements == 2

        assert tasks.count_statements() == 2
        assert tasks.count_statements() == 0

        row = XapiProgress.objects.get(activity__iri=activity)
        assert (row.statements, row.passed_at is not None) == (4, True)
        assert api.rebuild(check=True).differences == []

    def test_returning_to_the_other_way_waits_until_all_is_counted(self, key, settings):
        settings.LMS_XAPI_PROGRESS = "coalesced"
        key.post(PLAIN)
        settings.LMS_XAPI_PROGRESS = "transaction"
        key.post(PLAIN)
        assert not XapiProgress.objects.exists()

        tasks.count_statements()
        key.post(PLAIN)

        assert XapiProgress.objects.get().statements == 3

    def test_a_voided_statement_counts_for_nothing(self):
        key = _Key("all")
        (first, _) = key.post([PLAIN, PLAIN]).json()

        key.post(
            {"actor": PLAIN["actor"], "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
             "object": {"objectType": "StatementRef", "id": first}}
        )  # fmt: skip

        assert XapiProgress.objects.get().statements == 1
        assert api.rebuild(check=True).differences == []

    def test_a_count_that_drifted_is_named_and_mended(self, key):
        key.post(PLAIN)
        XapiProgress.objects.update(statements=9)

        (difference,) = api.rebuild(check=False, at=clock.now()).differences

        assert "Avancement déclaré faux" in difference
        assert api.rebuild(check=True).differences == []
