"""The alternate request syntax (xAPI Communication 1.3): 1.0.3 has it, 2.0.0 took it away."""

import json
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from courses.models import Statement
from courses.xapi.validation import VERSION_1, VERSION_2

from .caller import VERSION_HEADER, Ask, Caller
from .statements import ACTIVITY, agent, statement
from .tables import Case, covers, table

FORM = "application/x-www-form-urlencoded"
FIRST = (VERSION_1,)
STATE = {"activityId": ACTIVITY, "agent": json.dumps(agent()), "stateId": "place"}


def _form(method, resource, fields, *, parameters=None, by="POST", content_type=FORM, headers=None):
    query = {"method": method, **(parameters or {})}
    body = fields if isinstance(fields, str | bytes) else urlencode(fields)
    return Ask(by, resource, query, body, headers or {}, content_type)


def _statement(**more):
    return {"statementId": str(uuid4()), "content": json.dumps(statement()), **more}


TABLE = [
    Case(
        (148, 336),
        "a list",
        _form("GET", "statements", {"limit": "1"}),
        200,
        holds=lambda answer: set(answer.json()) == {"statements", "more"},
        versions=FIRST,
    ),
    Case((336,), "a statement by PUT", _form("PUT", "statements", _statement()), 204, versions=FIRST),
    Case(
        (336,),
        "statements by POST",
        _form("POST", "statements", {"content": json.dumps([statement()])}),
        200,
        versions=FIRST,
    ),
    Case(
        (336,),
        "HEAD has no body",
        _form("HEAD", "statements", {}),
        200,
        holds=lambda answer: answer.content == b"",
        versions=FIRST,
    ),
    Case(
        (336,),
        "a state by PUT",
        _form("PUT", "activities/state", {**STATE, "content": "{}"}),
        204,
        versions=FIRST,
    ),
    Case(
        (336,),
        "a state by GET",
        _form("GET", "activities/state", STATE),
        200,
        versions=FIRST,
        before=(
            _form("PUT", "activities/state", {**STATE, "content": "é+&=", "Content-Type": "text/plain"}),
        ),
        holds=lambda answer: (answer.content.decode(), answer["Content-Type"]) == ("é+&=", "text/plain"),
    ),
    Case((336,), "a state by DELETE", _form("DELETE", "activities/state", STATE), 204, versions=FIRST),
    Case(
        (336,),
        "If-Match is a field",
        _form("PUT", "activities/state", {**STATE, "content": "b", "If-Match": '"none"'}),
        412,
        before=(_form("PUT", "activities/state", {**STATE, "content": "a"}),),
        versions=FIRST,
    ),
    Case(
        (336,),
        "If-None-Match is a field",
        _form("PUT", "activities/state", {**STATE, "content": "b", "If-None-Match": "*"}),
        412,
        before=(_form("PUT", "activities/state", {**STATE, "content": "a"}),),
        versions=FIRST,
    ),
    Case(
        (336,),
        "the version is a field, and is read",
        _form("PUT", "statements", _statement(**{VERSION_HEADER: "0.8"})),
        400,
        versions=FIRST,
    ),
    Case(
        (336,),
        "the version as a field is enough",
        _form("PUT", "statements", _statement(**{VERSION_HEADER: "1.0.3"}), headers={VERSION_HEADER: None}),
        204,
        versions=FIRST,
    ),
    Case(
        (336,),
        "the authorization is a field, and is read",
        _form("PUT", "statements", _statement(Authorization="Basic eDp5")),
        401,
        versions=FIRST,
    ),
    Case(
        (336,),
        "only within a POST",
        _form("POST", "statements", {"content": json.dumps(statement())}, by="PUT"),
        400,
        versions=FIRST,
    ),
    Case(
        (336,),
        "nothing stands beside the method",
        _form("PUT", "statements", _statement(), parameters={"statementId": str(uuid4())}),
        400,
        versions=FIRST,
    ),
    Case(
        (336,),
        "PUT has a content",
        _form("PUT", "statements", {"statementId": str(uuid4())}),
        400,
        versions=FIRST,
    ),
    Case((336,), "PUT without a form", _form("PUT", "statements", ""), 400, versions=FIRST),
    Case((336,), "GET has no content", _form("GET", "statements", {"content": "{}"}), 400, versions=FIRST),
    Case(
        (336,),
        "a form that is JSON",
        _form("PUT", "statements", json.dumps(_statement())),
        400,
        versions=FIRST,
    ),
    Case(
        (336,),
        "a form of another media type",
        _form("PUT", "statements", _statement(), content_type="application/json"),
        400,
        versions=FIRST,
    ),
    Case(
        (336,),
        "no multipart",
        _form("PUT", "statements", _statement(**{"Content-Type": "multipart/mixed"})),
        400,
        versions=FIRST,
    ),
    Case((336,), "an unknown method", _form("PATCH", "statements", _statement()), 400, versions=FIRST),
    Case(
        (336,), "an unknown parameter", _form("PUT", "statements", _statement(note="x")), 400, versions=FIRST
    ),
    Case(
        (336,), "a field that comes twice", _form("GET", "statements", "limit=1&limit=2"), 400, versions=FIRST
    ),
    Case((336,), "bytes that are no text", _form("GET", "statements", b"verb=\xff\xfe"), 400, versions=FIRST),
    Case(
        (336,), "an escape that is no UTF-8", _form("GET", "statements", "verb=%ff%fe"), 400, versions=FIRST
    ),
    *[
        Case(
            (148, "4.1"),
            f"2.0.0 refuses {method}",
            _form(method, "statements", fields),
            400,
            versions=(VERSION_2,),
        )
        for method, fields in (
            ("GET", {}),
            ("GET", {"limit": "1"}),
            ("PUT", _statement()),
            ("POST", {"content": json.dumps(statement())}),
            ("PUT", ""),
            ("HEAD", {}),
            ("DELETE", {}),
        )
    ],
    Case(
        ("4.1",),
        "2.0.0 refuses it in another method",
        _form("POST", "statements", _statement(), by="PUT"),
        400,
        versions=(VERSION_2,),
    ),
    Case(
        ("4.1",),
        "2.0.0 refuses it for documents",
        _form("PUT", "activities/state", {**STATE, "content": "{}"}),
        400,
        versions=(VERSION_2,),
    ),
    Case(
        ("4.1",),
        "2.0.0 refuses the version as a field",
        _form("PUT", "statements", _statement(**{VERSION_HEADER: "2.0.0"}), headers={VERSION_HEADER: None}),
        400,
        versions=(VERSION_2,),
    ),
]


@pytest.mark.django_db
@table(TABLE)
def test_the_alternate_syntax(case, version):
    caller = Caller(version=version)
    for ask in case.before:
        assert caller.send(ask).status_code in {200, 204}

    answer = caller.send(case.ask)

    assert answer.status_code == case.status, answer.content
    assert case.holds is None or case.holds(answer)
    assert case.status < 400 or not Statement.objects.exists()


@covers(336)
def test_the_credentials_as_a_field_are_enough(db):
    caller = Caller(version=VERSION_1)
    fields = _statement(Authorization=caller.authorization, **{VERSION_HEADER: "1.0.3"})

    answer = caller.send(_form("PUT", "statements", fields), Authorization=None, **{VERSION_HEADER: None})

    assert answer.status_code == 204
    assert Statement.objects.get().uuid
    assert answer[VERSION_HEADER] == "1.0.3"
