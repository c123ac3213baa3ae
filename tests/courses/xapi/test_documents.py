"""Documents of states and profiles (xAPI Communication 2.2, 2.3, 2.6, 2.7, 3.1; 2.0.0 §4.1.4, §4.1.6.2, .5, .6)."""

import json
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest

from courses.models import XapiDocument
from courses.xapi.validation import VERSION_1, VERSION_2

from .caller import Ask, Caller
from .statements import ACTIVITY, MBOX, activity, agent, group
from .tables import Case, covers, table

REGISTRATION = "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11"


@dataclass(frozen=True)
class Kind:
    """A resource of documents, its parameters, and the numbers of its requirements."""

    resource: str
    section: str
    names: dict
    id_name: str
    accepts: dict
    missing: dict  # (method, parameter) → number
    not_json: dict  # method → number: the agent is not JSON, or no agent
    not_text: tuple  # the id of the document, as something that is no text
    one: int
    several: int
    since: tuple  # (number of "can", of "is an instant", of "only later ones")
    merge: int
    not_object: int
    not_json_type: int
    invalid: int
    first_post: int
    endpoint: int

    @property
    def parameters(self):
        return {**self.names, self.id_name: "place"}


STATE = Kind(
    "activities/state",
    "4.1.6.2",
    {"activityId": ACTIVITY, "agent": json.dumps(agent())},
    "stateId",
    {"DELETE": (187, 191, 216), "GET": (188,), "POST": (189, 231), "PUT": (190,)},
    {
        ("PUT", "stateId"): 206,
        ("POST", "stateId"): 211,
        ("DELETE", "activityId"): 207,
        ("GET", "activityId"): 208,
        ("POST", "activityId"): 209,
        ("PUT", "activityId"): 210,
        ("DELETE", "agent"): 212,
        ("GET", "agent"): 213,
        ("POST", "agent"): 214,
        ("PUT", "agent"): 215,
    },
    {"DELETE": 196, "GET": 197, "POST": 198, "PUT": 199},
    (224, 225, 226, 228),
    192,
    193,
    (221, 204, (195, 222)),
    234,
    229,
    232,
    235,
    233,
    230,
)
AGENT = Kind(
    "agents/profile",
    "4.1.6.5",
    {"agent": json.dumps(agent())},
    "profileId",
    {"DELETE": (271,), "GET": (259, 274), "POST": (272, 283), "PUT": ()},
    {
        ("GET", "agent"): 261,
        ("DELETE", "agent"): 262,
        ("POST", "agent"): 263,
        ("PUT", "agent"): 264,
        ("DELETE", "profileId"): 265,
        ("POST", "profileId"): 266,
        ("PUT", "profileId"): 267,
    },
    {"DELETE": 255, "POST": 256, "PUT": 257, "GET": 258},
    (276, 277),
    269,
    270,
    (268, 260, (275,)),
    279,
    281,
    278,
    284,
    280,
    282,
)
ACTIVITIES = Kind(
    "activities/profile",
    "4.1.6.6",
    {"activityId": ACTIVITY},
    "profileId",
    {"DELETE": (285, 291), "GET": (290,), "POST": (286, 292, 312), "PUT": (287, 293)},
    {
        ("GET", "activityId"): 296,
        ("DELETE", "activityId"): 297,
        ("POST", "activityId"): 298,
        ("PUT", "activityId"): 299,
        ("DELETE", "profileId"): 300,
        ("POST", "profileId"): 301,
        ("PUT", "profileId"): 302,
    },
    {},
    (305, 306, 307),
    288,
    289,
    (303, 295, (294,)),
    308,
    313,
    309,
    314,
    310,
    311,
)
KINDS = (STATE, AGENT, ACTIVITIES)
NEW = {"If-None-Match": "*"}
SUCCESS = {"GET": 200, "HEAD": 200, "POST": 204, "PUT": 204, "DELETE": 204}


def _put(kind, body=b'{"a": 1}', *, content_type="application/json", headers=NEW, **more):
    return Ask("PUT", kind.resource, {**kind.parameters, **more}, body, headers, content_type)


def _post(kind, body, content_type="application/json", **more):
    return Ask("POST", kind.resource, {**kind.parameters, **more}, body, {}, content_type)


def _ask(kind, method, parameters):
    return Ask(
        method,
        kind.resource,
        parameters,
        b"{}" if method in {"PUT", "POST"} else None,
        NEW if method == "PUT" else {},
    )


def _without(parameters, *names):
    return {name: value for name, value in parameters.items() if name not in names}


def _rows(kind):
    """What all three resources have in common."""
    for method, numbers in kind.accepts.items():
        yield Case(
            (*numbers, kind.endpoint, kind.section, 140),
            f"{kind.resource} accepts {method}",
            _ask(kind, method, kind.parameters),
            SUCCESS[method],
            before=() if method == "PUT" else (_put(kind),),
        )
    yield Case(
        (kind.one,),
        f"{kind.resource} gives the very bytes and their type",
        _ask(kind, "GET", kind.parameters),
        200,
        before=(_put(kind, b"\x00\xff\xfe", content_type="image/x-of; v=1"),),
        holds=lambda answer: (answer.content, answer["Content-Type"]) == (b"\x00\xff\xfe", "image/x-of; v=1"),
    )
    yield Case(
        (kind.one, kind.section),
        f"{kind.resource} has no document of that name",
        _ask(kind, "GET", {**kind.parameters, kind.id_name: "other"}),
        404,
        before=(_put(kind),),
    )
    yield Case(
        (kind.several,),
        f"{kind.resource} lists names",
        _ask(kind, "GET", kind.names),
        200,
        before=(_put(kind), _put(kind, **{kind.id_name: "é/2"})),
        holds=lambda answer: answer.json() == ["place", "é/2"],
    )
    yield Case(
        (kind.several,),
        f"{kind.resource} lists nothing",
        _ask(kind, "GET", kind.names),
        200,
        holds=lambda answer: answer.json() == [],
    )
    for (method, missing), number in kind.missing.items():
        yield Case(
            (number, kind.section),
            f"{kind.resource}: {method} without {missing}",
            _ask(kind, method, _without(kind.parameters, missing)),
            400,
        )
        yield Case(
            (number,),
            f"{kind.resource}: {method} with an empty {missing}",
            _ask(kind, method, {**kind.parameters, missing: ""}),
            400,
        )
    for method, number in kind.not_json.items():
        for words, value in (
            ("a text", "amina"),
            ("a list", "[]"),
            ("an empty object", {}),
            ("a group", group(MBOX)),
            ("an activity", activity()),
            ("a number", "1"),
            ("null", "null"),
            ("a wrong identifier", agent({"mbox": "x"})),
        ):
            yield Case(
                (number, 12, kind.section),
                f"{kind.resource}: {method} with {words} as agent",
                _ask(kind, method, {**kind.parameters, "agent": value}),
                400,
            )
    # In an address everything is text: what can be checked is that the name comes back as it was given.
    yield Case(
        kind.not_text,
        f"{kind.resource}: a name that looks like a number is a text",
        _ask(kind, "GET", kind.names),
        200,
        before=(_put(kind, **{kind.id_name: "1"}), _put(kind, **{kind.id_name: "{}"})),
        holds=lambda answer: answer.json() == ["1", "{}"],
    )
    can, instant, later = kind.since
    yield Case(
        (can, *later),
        f"{kind.resource}: names since an instant",
        _ask(kind, "GET", {**kind.names, "since": "2100-01-01T00:00:00Z"}),
        200,
        before=(_put(kind),),
        holds=lambda answer: answer.json() == [],
    )
    yield Case(
        (can, *later),
        f"{kind.resource}: names since long ago",
        _ask(kind, "GET", {**kind.names, "since": "2001-01-01T00:00:00+02:00"}),
        200,
        before=(_put(kind),),
        holds=lambda answer: answer.json() == ["place"],
    )
    for text in ("x", "", "2026", "2026-03-12T12:00:00-00:00", "1773316800", "2026-13-12T12:00:00Z"):
        yield Case(
            (instant, 12),
            f"{kind.resource}: since {text!r}",
            _ask(kind, "GET", {**kind.names, "since": text}),
            400,
        )
    yield Case(
        (kind.first_post, 233),
        f"{kind.resource}: the first POST stores",
        _ask(kind, "GET", kind.parameters),
        200,
        before=(_post(kind, b"no JSON", "text/plain"),),
        holds=lambda answer: answer.content == b"no JSON",
    )
    yield Case(
        (kind.merge, 183, 184),
        f"{kind.resource}: POST merges one level deep",
        _ask(kind, "GET", kind.parameters),
        200,
        before=(
            _put(kind, {"a": 1, "b": {"x": 1}, "c": [1]}),
            _post(kind, {"b": {"y": 2}, "c": 3, "d": None}),
        ),
        holds=lambda answer: answer.json() == {"a": 1, "b": {"y": 2}, "c": 3, "d": None},
    )
    yield Case(
        (kind.not_json_type,),
        f"{kind.resource}: POST of another type beside JSON",
        _post(kind, b"x", "text/plain"),
        400,
        before=(_put(kind),),
    )
    yield Case(
        (kind.not_json_type,),
        f"{kind.resource}: POST of JSON beside another type",
        _post(kind, {}),
        400,
        before=(_put(kind, b"x", content_type="text/plain"),),
    )
    for body in (b"[1]", b'"x"', b"1", b"null"):
        yield Case(
            (kind.not_object, kind.section),
            f"{kind.resource}: POST of {body.decode()}",
            _post(kind, body),
            400,
            before=(_put(kind),),
        )
        yield Case(
            (kind.not_object,),
            f"{kind.resource}: POST beside {body.decode()}",
            _post(kind, {}),
            400,
            before=(_put(kind, body),),
        )
    for body in (b"{", b"", b"{'a': 1}", b'{"a": NaN}', b"a=1"):
        yield Case(
            (kind.invalid,),
            f"{kind.resource}: POST of JSON that is none, {body.decode()!r}",
            _post(kind, body),
            400,
            before=(_put(kind),),
        )
        yield Case(
            (kind.invalid,),
            f"{kind.resource}: first POST of JSON that is none, {body.decode()!r}",
            _post(kind, body),
            400,
        )
    yield Case(
        (324,),
        f"{kind.resource}: an unknown parameter",
        _ask(kind, "GET", {**kind.parameters, "note": "x"}),
        400,
    )
    yield Case(
        (325,),
        f"{kind.resource}: a parameter in another case",
        _ask(kind, "GET", {**kind.names, kind.id_name.lower(): "place"}),
        400,
    )
    yield Case(
        (205, 223),
        f"{kind.resource}: no since with DELETE",
        _ask(kind, "DELETE", {**kind.parameters, "since": "2001-01-01T00:00:00Z"}),
        400,
    )
    if "activityId" in kind.names:
        for text in ("x", "/module/1", "of.example"):
            yield Case(
                (12, 11),
                f"{kind.resource}: {text} as activity",
                _ask(kind, "GET", {**kind.parameters, "activityId": text}),
                400,
            )
    yield from _concurrency(kind)


def _concurrency(kind):
    yield Case(
        (322, "4.1.4"),
        f"{kind.resource}: the tag is the SHA-1 of the bytes, between quotes",
        _ask(kind, "GET", kind.parameters),
        200,
        before=(_put(kind, b"abc", content_type="text/plain"),),
        holds=lambda answer: answer["ETag"] == '"a9993e364706816aba3e25717850c26c9cd0d89d"',
    )
    yield Case(
        (322, "4.1.4"),
        f"{kind.resource}: If-None-Match: * on what exists",
        _put(kind),
        412,
        before=(_put(kind),),
    )
    for method in ("PUT", "POST", "DELETE"):
        yield Case(
            (322, "4.1.4"),
            f"{kind.resource}: {method} with a stale If-Match",
            _matching(kind, method, '"' + "0" * 40 + '"'),
            412,
            before=(_put(kind),),
        )
        yield Case(
            (322, "4.1.4"),
            f"{kind.resource}: {method} with If-Match on nothing",
            _matching(kind, method, "*"),
            412,
        )
        for tag in ('"e6e4b3e5f1a1f7c1"', "*"):
            yield Case(
                (322, "4.1.4"),
                f"{kind.resource}: {method} with If-Match {tag}",
                _matching(kind, method, tag),
                204 if tag == "*" else 412,
                before=(_put(kind),),
            )
    if kind is not STATE:
        yield Case(
            (273, 322) if kind is AGENT else (322,),
            f"{kind.resource}: PUT of a first document must say so",
            _put(kind, headers={}),
            400,
            versions=(VERSION_1,),
        )
        yield Case(
            (322,),
            f"{kind.resource}: PUT on what exists says what it replaces",
            _put(kind, headers={}),
            409,
            before=(_put(kind),),
            holds=lambda answer: "ETag" in answer.json()["message"],
            versions=(VERSION_1,),
        )
    yield Case(
        ("4.1.4",),
        f"{kind.resource}: PUT of a first document",
        _put(kind, headers={}),
        204,
        versions=(VERSION_2,),
    )
    yield Case(
        (273, "4.1.4") if kind is AGENT else ("4.1.4",),
        f"{kind.resource}: PUT on what exists says what it replaces",
        _put(kind, headers={}),
        409,
        before=(_put(kind),),
        holds=lambda answer: "ETag" in answer.json()["message"],
        versions=(VERSION_2,),
    )


def _matching(kind, method, tag):
    return Ask(
        method, kind.resource, kind.parameters, b'{"z": 1}' if method != "DELETE" else None, {"If-Match": tag}
    )


OF_STATES = [
    *[
        Case(
            (number, 12),
            f"{method} with a registration that is no UUID",
            _ask(STATE, method, {**STATE.parameters, "registration": value}),
            400,
        )
        for method, number in (("DELETE", 200), ("GET", 201), ("POST", 202), ("PUT", 203))
        for value in ("x", "", REGISTRATION + "0", "12")
    ],
    *[
        Case(
            (number, "4.1.6.2"),
            f"{method} with a registration",
            _ask(STATE, method, {**STATE.parameters, "registration": REGISTRATION}),
            SUCCESS[method],
            before=() if method == "PUT" else (_put(STATE, registration=REGISTRATION),),
        )
        for method, number in (("PUT", 218), ("DELETE", 219), ("GET", 220), ("POST", 227))
    ],
    Case(
        (217,),
        "the registration is part of the name",
        _ask(STATE, "GET", STATE.parameters),
        404,
        before=(_put(STATE, registration=REGISTRATION),),
    ),
    Case(
        (217,),
        "no registration is a name too",
        _ask(STATE, "GET", {**STATE.parameters, "registration": REGISTRATION}),
        404,
        before=(_put(STATE),),
    ),
    Case(
        (193,),
        "a list without registration gives all",
        _ask(STATE, "GET", STATE.names),
        200,
        before=(_put(STATE), _put(STATE, registration=REGISTRATION, stateId="b")),
        holds=lambda answer: answer.json() == ["place", "b"],
    ),
    Case(
        (193, 220),
        "a list of a registration",
        _ask(STATE, "GET", {**STATE.names, "registration": REGISTRATION}),
        200,
        before=(_put(STATE), _put(STATE, registration=REGISTRATION, stateId="b")),
        holds=lambda answer: answer.json() == ["b"],
    ),
    Case(
        (190,),
        "1.0.3 writes over a state",
        _put(STATE, headers={}),
        204,
        before=(_put(STATE),),
        versions=(VERSION_1,),
    ),
    Case(
        (304,),
        "an activity profile has no agent",
        _ask(ACTIVITIES, "GET", {**ACTIVITIES.parameters, "agent": json.dumps(agent())}),
        400,
    ),
]


@pytest.mark.django_db
@table([*(row for kind in KINDS for row in _rows(kind)), *OF_STATES])
def test_documents(case, version):
    caller = Caller(version=version)
    for ask in case.before:
        assert caller.send(ask).status_code == SUCCESS[ask.method]
    before = list(XapiDocument.objects.order_by("pk").values())

    answer = caller.send(case.ask)

    assert answer.status_code == case.status, answer.content
    assert case.holds is None or case.holds(answer)
    if case.status != 204:  # XAPI-00182: what is refused changes nothing
        assert list(XapiDocument.objects.order_by("pk").values()) == before
    if case.status == 204:
        assert answer.content == b""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.resource)
class TestConcurrency:
    @covers(322, "4.1.4")
    def test_the_tag_that_was_read_opens_the_document_once(self, caller, kind):
        caller.send(_put(kind))
        tag = caller.send(_ask(kind, "GET", kind.parameters))["ETag"]

        first = caller.send(_put(kind, b'{"b": 2}', headers={"If-Match": tag}))
        second = caller.send(_put(kind, b'{"c": 3}', headers={"If-Match": tag}))

        read = caller.send(_ask(kind, "GET", kind.parameters))
        assert (first.status_code, second.status_code) == (204, 412)
        assert (read.json(), read["ETag"] == tag) == ({"b": 2}, False)

    @covers(322, "4.1.4")
    def test_post_and_delete_hold_to_the_tag(self, caller, kind):
        caller.send(_put(kind))
        tag = caller.send(_ask(kind, "GET", kind.parameters))["ETag"]

        assert caller.send(_matching(kind, "POST", tag)).status_code == 204
        assert caller.send(_matching(kind, "DELETE", tag)).status_code == 412
        changed = caller.send(_ask(kind, "GET", kind.parameters))
        assert changed.json() == {"a": 1, "z": 1}
        assert caller.send(_matching(kind, "DELETE", f'"x", {changed["ETag"]}')).status_code == 204
        assert caller.send(_ask(kind, "GET", kind.parameters)).status_code == 404

    @covers("4.1.4", "4.1.6.2", "4.1.6.5", "4.1.6.6")
    def test_the_last_change_is_told_and_moves(self, caller, kind):
        caller.send(_put(kind))
        first = caller.send(_ask(kind, "GET", kind.parameters))["Last-Modified"]
        (document,) = XapiDocument.objects.all()
        XapiDocument.objects.update(updated_at=document.updated_at - timedelta(minutes=1))

        moved = caller.send(_ask(kind, "GET", kind.parameters))["Last-Modified"]

        assert first.endswith("GMT")
        assert moved != first

    @covers(182)
    def test_what_is_refused_changes_nothing(self, caller, kind):
        caller.send(_put(kind, {"a": 1}))

        for ask in (
            _post(kind, b"[]"),
            _post(kind, b"x", "text/plain"),
            _matching(kind, "PUT", '"x"'),
            _ask(kind, "PUT", {}),
        ):
            assert caller.send(ask).status_code >= 400

        assert caller.send(_ask(kind, "GET", kind.parameters)).json() == {"a": 1}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.resource)
@covers(195, 222, 275, 294)
def test_only_what_was_stored_after_the_instant_is_listed(caller, kind):
    caller.send(_put(kind))
    (first,) = XapiDocument.objects.all()
    time.sleep(0.002)
    caller.send(_put(kind, **{kind.id_name: "later"}))

    listed = caller.get(kind.resource, {**kind.names, "since": first.updated_at.isoformat()})

    assert listed.json() == ["later"]


@covers(194, "4.1.6.2")
def test_all_states_are_deleted_at_once(caller):
    elsewhere = {"activityId": "https://of.example/module/2"}
    for more in ({}, {"stateId": "b"}, {"stateId": "c", "registration": REGISTRATION}, elsewhere):
        caller.send(_put(STATE, **more))

    assert caller.delete(STATE.resource, {**STATE.names, "registration": REGISTRATION}).status_code == 204
    assert caller.get(STATE.resource, STATE.names).json() == ["place", "b"]
    assert caller.delete(STATE.resource, STATE.names).status_code == 204
    assert caller.get(STATE.resource, STATE.names).json() == []
    assert caller.get(STATE.resource, {**STATE.names, **elsewhere}).json() == ["place"]


@covers(191, 271)
def test_deleting_what_is_not_there_is_done(caller):
    for kind in KINDS:
        assert caller.delete(kind.resource, kind.parameters).status_code == 204
