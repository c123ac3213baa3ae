"""Headers, versions, keys and errors (xAPI Communication 1.1, 1.2, 3.2, 3.3, 4.0): the same on every resource."""

import base64
import json
import re

import pytest

from courses.models import Statement
from courses.xapi import ingest
from courses.xapi.validation import VERSION_1, VERSION_2
from courses.xapi.views import call

from .caller import BASES, BOTH, RESOURCES, VERSION_HEADER, Ask, Caller, browser
from .statements import ACTIVITY, agent, statement
from .tables import Case, covers, table

NAMES = {
    "statements": {},
    "activities/state": {"activityId": ACTIVITY, "agent": json.dumps(agent())},
    "activities/profile": {"activityId": ACTIVITY},
    "agents/profile": {"agent": json.dumps(agent())},
    "activities": {"activityId": ACTIVITY},
    "agents": {"agent": json.dumps(agent())},
    "about": {},
}
CLOSED = tuple(one for one in RESOURCES if one != "about")


def _basic(text):
    return "Basic " + base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def _rows(resource):
    ask = Ask("GET", resource, NAMES[resource])
    yield Case(
        (125, 126),
        f"HEAD {resource} is GET without a body",
        Ask("HEAD", resource, NAMES[resource]),
        200,
        holds=lambda answer: answer.content == b"",
    )
    yield Case((333, "4.1.2"), f"{resource} says its version", ask, 200)
    yield Case(
        (324,),
        f"{resource} knows no such parameter",
        Ask("GET", resource, {**NAMES[resource], "note": "1"}),
        400,
    )
    for name in NAMES[resource]:
        others = {key: value for key, value in NAMES[resource].items() if key != name}
        yield Case(
            (325,),
            f"{resource}: {name} in capital letters",
            Ask("GET", resource, {**others, name.upper(): NAMES[resource][name]}),
            400,
        )
    if resource == "about":
        return
    for given in (None, "", "0.9", "0.95", "1.1", "1.1.0", "2.1", "3.0.0", "1", "x", "v1.0.3", "1.0.3,2.0.0"):
        yield Case(
            (321, 331, "4.1.2"),
            f"{resource} in version {given}",
            Ask("GET", resource, NAMES[resource], headers={VERSION_HEADER: given}),
            400,
        )
    for given in ("1.0", "1.0.0", "1.0.1", "1.0.9", "2.0", "2.0.0", "2.0.9"):
        yield Case(
            (331, 333),
            f"{resource} in version {given}",
            Ask("GET", resource, NAMES[resource], headers={VERSION_HEADER: given}),
            200,
            holds=lambda answer, given=given: (
                answer[VERSION_HEADER] == (VERSION_1 if given[0] == "1" else VERSION_2)
            ),
        )
    for words, given in (
        ("none", None),
        ("an unknown key", _basic("x:y")),
        ("half a key", _basic("x")),
        ("no Base64", "Basic !"),
        ("empty", ""),
        ("a kind only", "Basic"),
        ("another kind", "Bearer x"),
        ("NUL", _basic("a\0:b")),
        ("no UTF-8", _basic(b"\xff:\xfe")),
    ):
        yield Case(
            (334, "4.0"),
            f"{resource} with {words}",
            Ask("GET", resource, NAMES[resource], headers={"Authorization": given}),
            401,
            holds=lambda answer: answer["WWW-Authenticate"].startswith("Basic "),
        )
    yield Case((335, "4.0"), f"{resource} with a key", ask, 200)


MORE = [
    Case(
        (324,),
        "a statement with an unknown parameter",
        Ask("POST", "statements", {"note": "1"}, statement()),
        400,
    ),
    Case(
        (324,),
        "PUT with an unknown parameter",
        Ask(
            "PUT",
            "statements",
            {"statementId": "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11", "x": "1"},
            statement(),
        ),
        400,
    ),
    *[
        Case((325,), f"{name} in another case", Ask("GET", "statements", {name: "1"}), 400)
        for name in (
            "StatementId",
            "voidedstatementId",
            "Agent",
            "VERB",
            "Activity",
            "Registration",
            "related_Activities",
            "relatedAgents",
            "Since",
            "UNTIL",
            "Limit",
            "Format",
            "Attachments",
            "Ascending",
        )
    ],
    Case(
        (331,),
        "POST without version",
        Ask("POST", "statements", {}, statement(), {VERSION_HEADER: None}),
        400,
    ),
    Case(
        (331,),
        "PUT without version",
        Ask(
            "PUT",
            "statements",
            {"statementId": "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11"},
            statement(),
            {VERSION_HEADER: None},
        ),
        400,
    ),
    Case(
        (334,),
        "POST with an unknown key",
        Ask("POST", "statements", {}, statement(), {"Authorization": _basic("a:b")}),
        401,
    ),
    Case(
        (323,),
        "a method that the resource has not",
        Ask("DELETE", "statements"),
        405,
        holds=lambda answer: "PUT" in answer["Allow"],
    ),
    Case((323,), "a method that nobody has", Ask("PATCH", "activities/state"), 405),
    Case(
        (323, "4.1.3"),
        "another media type",
        Ask("POST", "statements", {}, statement(), content_type="text/plain"),
        400,
    ),
    Case(
        (15, "4.1.3"),
        "JSON with a charset",
        Ask("POST", "statements", {}, statement(), content_type="application/json; charset=utf-8"),
        200,
    ),
    Case(
        (15,),
        "letters of the whole world",
        Ask(
            "POST",
            "statements",
            {},
            json.dumps(statement(result={"response": "é 漢字 🎓 \u202e"}), ensure_ascii=False),
        ),
        200,
    ),
    Case(
        (15,),
        "Latin-1",
        Ask(
            "POST",
            "statements",
            {},
            json.dumps(statement(result={"response": "é"}), ensure_ascii=False).encode("latin-1"),
        ),
        400,
    ),
]


@pytest.mark.django_db
@table([*(row for resource in RESOURCES for row in _rows(resource)), *MORE])
def test_every_resource(case, version):
    answer = Caller(version=version).send(case.ask)

    assert answer.status_code == case.status, answer.content
    assert case.holds is None or case.holds(answer), dict(answer.items())
    assert answer[VERSION_HEADER] in BOTH
    if case.status >= 400 and case.status != 405:
        assert answer.json()["message"]
        assert not Statement.objects.exists()


@pytest.mark.parametrize("resource", RESOURCES)
@covers(125)
def test_head_has_the_headers_of_get(caller, resource):
    get = caller.send(Ask("GET", resource, NAMES[resource]))
    head = caller.send(Ask("HEAD", resource, NAMES[resource]))

    moving = {"X-Experience-API-Consistent-Through", "X-Request-Id", "Content-Security-Policy"}
    assert {n: v for n, v in head.items() if n not in moving} == {
        n: v for n, v in get.items() if n not in moving
    }


@covers(125)
def test_head_fails_as_get_does(caller):
    assert caller.send(Ask("HEAD", "statements", {"limit": "-1"})).status_code == 400
    assert (
        caller.send(
            Ask("HEAD", "statements", {"statementId": "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11"})
        ).status_code
        == 404
    )


@covers(330, 331)
def test_a_request_of_no_version_is_told_the_one_of_its_address(caller):
    told = {base: browser().get(f"{base}statements")[VERSION_HEADER] for base in BASES.values()}

    assert told == {"/xapi/1.0.3/": "1.0.3", "/xapi/": "2.0.0"}


@covers(330, 332, "4.2.4.3")
def test_a_statement_keeps_the_version_that_it_came_with(caller, version):
    given, bare = caller.store(statement(version="1.0.1"), statement())

    for asked in BOTH:
        assert (
            caller.get("statements", {"statementId": given}, **{VERSION_HEADER: asked}).json()["version"]
            == "1.0.1"
        )
        assert caller.get("statements", {"statementId": bare}, **{VERSION_HEADER: asked}).json()[
            "version"
        ] == ("1.0.0" if version == VERSION_1 else "2.0.0")


@covers(326, 182)
def test_a_batch_is_stored_whole_or_not_at_all(caller):
    for bad in (statement(verb={"id": "x"}), {}, 1, "x", statement(timestamp="x")):
        for batch in ([statement(), bad], [bad, statement()], [statement(), statement(), bad, statement()]):
            assert caller.post("statements", batch).status_code == 400

    assert not Statement.objects.exists()


@covers(326, 182, "4.1.6.1")
def test_a_batch_with_a_conflict_stores_nothing(caller):
    (uuid,) = caller.store(statement())

    answer = caller.post("statements", [statement(), statement(id=uuid, result={"success": True})])

    assert answer.status_code == 409
    assert Statement.objects.count() == 1


@covers(328)
def test_a_body_over_the_limit_is_413(caller, monkeypatch):
    monkeypatch.setattr(call, "MAX_BODY", 1000)

    assert caller.post("statements", statement(result={"response": "x" * 1000})).status_code == 413
    assert (
        caller.put("activities/state", b"x" * 1001, {**NAMES["activities/state"], "stateId": "a"}).status_code
        == 413
    )


@covers(327)
def test_a_key_without_the_scope_is_403(db, version):
    assert Caller("state", version=version).post("statements", statement()).status_code == 403
    assert Caller("state", version=version).get("statements").status_code == 403


@covers(329)
def test_a_fault_of_ours_is_a_500_and_keeps_nothing(caller, monkeypatch):
    def broken(*arguments, **named):
        raise RuntimeError

    monkeypatch.setattr(ingest, "quarantine_new_names", broken)  # late in the transaction
    monkeypatch.setattr(browser(), "raise_request_exception", False)

    assert caller.post("statements", statement()).status_code == 500
    assert not Statement.objects.exists()


@covers(323, 324)
def test_a_refusal_says_where_and_why_in_two_languages(caller):
    answer = caller.post("statements", [statement(), statement(verb={"id": "x"})])

    assert answer.json()["field"] == "$[1].verb.id"
    assert re.search(r"IRI absolu.*absolute IRI", answer.json()["message"])


@covers("4.1.2")
def test_a_browser_of_another_origin_may_ask_and_read(caller):
    asked = browser().options("/xapi/statements")
    read = caller.get("about")

    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "ETag" in read["Access-Control-Expose-Headers"]
