"""What nobody should send, and somebody will: a refusal each time, the same on both databases, never a 500."""

import gzip
import json
import zlib
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Statement, XapiDocument
from courses.xapi.enums import Scope

from .caller import RESOURCES, VERSION_HEADER, Ask, Caller
from .statements import ACCOUNT, ACTIVITY, MBOX, activity, agent, group, reference, statement, substatement
from .tables import Case, covers, table
from .test_attachments_signatures import MIXED, ONE, PAYLOAD, mixed, part, said

UUID = "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11"
STATE = {"activityId": ACTIVITY, "agent": agent(), "stateId": "place"}
KNOWN = {200, 204, 400, 401, 403, 404, 405, 409, 412, 413}

# Values that are no JSON, or none that both databases could keep.
VALUES = {
    "NUL": rb'"a\u0000b"',
    "NUL as a byte": b'"a\x00b"',
    "a lone high surrogate": rb'"\ud800"',
    "a lone low surrogate": rb'"\udc00x"',
    "surrogates the wrong way": rb'"\udc00\ud800"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "overlong UTF-8": b'"\xc0\xaf"',
    "half a letter": b'"\xc3"',
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "1e400000": b"1e400000",
    "-1e999": b"-1e999",
    "5000 digits": b"9" * 5000,
    "a key twice": b'{"a": 1, "a": 1}',
    "a key twice, written in two ways": rb'{"a": 1, "\u0061": 1}',
    "100000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100000 openings": b"[" * 100_000,
    "+1": b"+1",
    "01": b"01",
    ".5": b".5",
    "0x1": b"0x1",
    "a comma too many": b"[1,]",
    "a comment": b"1 /* one */",
    "a tab in a text": b'"\t"',
    "apostrophes": b"'a'",
    "nothing": b"",
    "undefined": b"undefined",
    "NUL in a key": rb'{"\u0000": 1}',
}


def _around(value, place):
    """A statement with those bytes in it."""
    whole = statement(
        **{
            "extension": {"result": {"extensions": {"urn:x": "@"}}},
            "text": {"result": {"response": "@"}},
            "number": {"result": {"score": {"raw": "@"}}},
        }[place]
    )
    return json.dumps(whole).encode().replace(b'"@"', value)


def _post(body, **more):
    return Ask("POST", "statements", {}, body, **more)


def _get(**parameters):
    return Ask("GET", "statements", parameters)


def _state(method="PUT", body=b"{}", headers=None, **more):
    return Ask(
        method,
        "activities/state",
        {**STATE, **more},
        None if method in {"GET", "DELETE"} else body,
        headers or {},
    )


TEXT = json.dumps(statement()).encode()
BODIES = [
    *[
        Case((), f"{words} in {place}", _post(_around(value, place)), 400)
        for words, value in VALUES.items()
        for place in ("extension", "text", "number")
    ],
    # These two are written anew before they are kept: a number that has become infinite would be found too late.
    *[
        Case(
            (),
            f"{number} in a {place}",
            _post(json.dumps(body).encode().replace(b'"@"', number.encode())),
            400,
        )
        for number in ("1e999", "-1e400000")
        for place, body in (
            ("definition", statement(object=activity(extensions={"urn:x": "@"}))),
            (
                "statement that says when it was stored",
                statement(stored="2026-03-12T12:00:00Z", result={"extensions": {"urn:x": "@"}}),
            ),
        )
    ],
    *[Case((), f"a state that is {words}", _state("POST", value), 400) for words, value in VALUES.items()],
    *[Case((), f"a statement that is {words}", _post(value), 400) for words, value in VALUES.items()],
    *[
        Case((), f"a list that holds {words}", _post(b"[" + TEXT + b"," + value + b"]"), 400)
        for words, value in VALUES.items()
    ],
    Case((), "a mark of UTF-8", _post(b"\xef\xbb\xbf" + TEXT), 400),
    Case((), "UTF-16", _post(TEXT.decode().encode("utf-16")), 400),
    Case((), "two statements one after the other", _post(TEXT + TEXT), 400),
    Case((), "half a list", _post(b"[" + TEXT), 400),
    Case((), "something after the list", _post(b"[" + TEXT + b"] x"), 400),
    *[
        Case((), f"compressed by {kind}", _post(packed, headers={"Content-Encoding": kind}), 400)
        for kind, packed in (
            ("gzip", gzip.compress(TEXT)),
            ("deflate", zlib.compress(TEXT)),
            ("br", TEXT),
            ("gzip, gzip", gzip.compress(gzip.compress(TEXT))),
            ("x", TEXT),
        )
    ],
    Case((), "a bomb", _post(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"}), 400),
    Case(
        (),
        "a bomb as a state",
        _state(body=gzip.compress(b"0" * 1_000_000), headers={"Content-Encoding": "gzip"}),
        400,
    ),
    Case((), "compressed without saying it", _post(gzip.compress(TEXT)), 400),
    *[
        Case((), f"Content-Length: {length}", _post(TEXT, headers={"Content-Length": length}), 400)
        for length in ("5", "0", "x", "-1", "", "1e3")
    ],
    Case((), "a batch of 1001", _post(b"[" + b",".join([TEXT] * 1001) + b"]"), 400),
    Case((), "a batch of 100000 numbers", _post(b"[" + b"1," * 100_000 + b"1]"), 400),
    Case((), "a statement over one megabyte", _post(statement(result={"response": "x" * 1024 * 1024})), 400),
    Case((), "a document over ten megabytes", _state(body=b"x" * (10 * 1024 * 1024 + 1)), 413),
    Case((), "a group of 20000", _post(statement(actor=group(member=[agent()] * 20_000))), 400),
    Case(
        (),
        "an activity whose IRI has 10000 letters",
        _post(statement(object=activity("urn:" + "a" * 10_000))),
        400,
    ),
    Case(
        (),
        "an account of 10000 letters",
        _post(statement(actor=agent({"account": {"homePage": "https://of.example", "name": "x" * 10_000}}))),
        400,
    ),
    Case(
        (),
        "an address of 10000 letters",
        _post(statement(actor=agent({"mbox": f"mailto:{'a' * 10_000}@of.example"}))),
        400,
    ),
    Case((), "no media type", _post(TEXT, content_type=""), 400),
    # Beyond 8190 bytes the web server itself refuses the line.
    Case((), "a media type of 8000 letters", _post(TEXT, content_type="a/" + "b" * 8_000), 400),
    Case(
        (),
        "a document whose media type has 8000 letters",
        Ask("PUT", "activities/state", STATE, b"x", content_type="a/" + "b" * 8_000),
        400,
    ),
]

MULTIPARTS = {
    "no end": mixed(said(ONE), part())[:-4],
    "nothing": b"",
    "only an end": b"--limit--\r\n",
    "only a boundary": b"--limit\r\n",
    "headers without end": b"--limit\r\nContent-Type: application/json\r\n--limit--\r\n",
    "a header without colon": b"--limit\r\nnonsense\r\n\r\n{}\r\n--limit--\r\n",
    "no headers": mixed(b"\r\n" + TEXT),
    "NUL in a header": mixed(said(ONE, "application/json\0"), part()),
    "bare newlines": mixed(said(ONE), part()).replace(b"\r\n", b"\n"),
    "an empty first part": mixed(said(b""), part()),
    "a broken first part": mixed(said(b"{"), part()),
    "2000 parts": mixed(said(ONE), *[part()] * 2000),
    "a multipart within": mixed(said(ONE), said(mixed(part()), MIXED)),
    "letters after the boundary": mixed(said(ONE), part()).replace(b"--limit\r\n", b"--limitless\r\n"),
    "a hash that is no hash": mixed(said(ONE), part(**{"X-Experience-API-Hash": "x" * 5000})),
}
BOUNDARIES = (
    "multipart/mixed; boundary=",
    'multipart/mixed; boundary=""',
    "multipart/mixed; boundary=" + "x" * 71,
    'multipart/mixed; boundary="a\\"b"',
    "multipart/mixed; boundary=é",
    "multipart/mixed; boundary*=utf-8''limit%ff",
    "multipart/mixed;boundary",
    "multipart/mixed; boundary=a b;",
)
TORN = [
    *[Case((), words, _post(body, content_type=MIXED), 400) for words, body in MULTIPARTS.items()],
    *[Case((), kind[:60], _post(mixed(said(ONE), part()), content_type=kind), 400) for kind in BOUNDARIES],
    Case(
        (),
        "a payload that looks like a boundary",
        _post(mixed(said(ONE), part(PAYLOAD)), content_type=MIXED),
        200,
    ),
]

PARAMETERS = [
    *[
        Case((), f"NUL in {name}", _get(**{name: "a\0b"}), 400)
        for name in (
            "statementId",
            "voidedStatementId",
            "agent",
            "verb",
            "activity",
            "registration",
            "since",
            "until",
            "limit",
            "format",
            "attachments",
            "ascending",
            "related_agents",
            "cursor",
            "no\0name",
        )
    ],
    *[
        Case((), f"10000 letters in {name}", _get(**{name: "urn:" + "a" * 10_000}), 400)
        for name in (
            "statementId",
            "agent",
            "verb",
            "activity",
            "registration",
            "since",
            "limit",
            "format",
            "ascending",
            "cursor",
        )
    ],
    *[
        Case((), f"a query that is {text[:40]}", Ask("GET", "statements", text), 400)
        for text in (
            "verb=%",
            "verb=%zz",
            "verb=%ff%fe",
            "verb=%ed%a0%80",
            "verb=%00",
            "%00=1",
            "limit=1&limit=1",
            "limit=1&limit=2",
            "=",
            "=x",
            "limit",
            "x",
            "limit=%31%",
            "limit[]=1",
            "statementId=" + UUID + "%0a",
        )
    ],
    *[
        Case((), f"limit={text}", _get(limit=text), 400)
        for text in ("99999999999999999999", "9" * 5000, "-0", "+1", " 1", "1_0", "0x1", "NaN", "²", "1.0")
    ],
    Case((), "limit=999999999999999999", _get(limit="999999999999999999"), 200),
    *[
        Case((), f"since {text}", _get(since=text), 400)
        for text in (
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2016-12-31T23:59:60Z",
            "9999-12-31T23:59:59-01:00",
            "0001-01-01T00:00:00+01:00",
            "2026-02-30T00:00:00Z",
            "2026-03-12T12:00:00+99:99",
            "-2026-03-12T12:00:00Z",
            "2026-W11-4",
            "now",
            "٢٠٢٦-03-12T12:00:00Z",
        )
    ],
    *[
        Case((), f"since {text}", _get(since=text), 200)
        for text in (
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999999999999Z",
            "2026-03-12T24:00:00Z"[:11] + "23:59:59.9999999Z",
        )
    ],
    Case(
        (),
        "a day of year 9999 in a state",
        Ask(
            "GET",
            "activities/state",
            {"activityId": ACTIVITY, "agent": agent(), "since": "9999-12-31T23:59:59Z"},
        ),
        200,
    ),
    *[
        Case((), f"cursor={text}", _get(cursor=text), 400)
        for text in ("0", "-1", "x", "9" * 19, "1e3", "1;DROP TABLE", "' OR 1=1 --", "null", "١")
    ],
    *[Case((), f"cursor={text}", _get(cursor=text), 200) for text in ("1", "9" * 18)],
    *[
        Case((), f"an agent that is {text[:30]}", _get(agent=text), 400)
        for text in (
            "amina",
            "[]",
            "[{}]",
            "{}",
            "1",
            "null",
            '"x"',
            "{",
            '{"mbox": NaN}',
            '{"mbox": null}',
            '{"mbox": ["mailto:a@b.example"]}',
            "[" * 100_000,
            r'{"mbox": "mailto:a\u0000@b.example"}',
            r'{"mbox": "mailto:\ud800@b.example"}',
            json.dumps(group()),
            '{"mbox":"mailto:a@b.example","mbox":"mailto:a@b.example"}',
        )
    ],
    Case((), "an identified group as agent of a list", _get(agent=json.dumps(group(MBOX))), 200),
    *[
        Case((), f"a group as agent of {resource}", Ask("GET", resource, {"agent": group(MBOX), **more}), 400)
        for resource, more in (
            ("agents", {}),
            ("agents/profile", {}),
            ("activities/state", {"activityId": ACTIVITY}),
        )
    ],
    Case(
        (),
        "an id in capital letters",
        _get(statementId=UUID.upper()),
        200,
        before=(_post(statement(id=UUID)),),
        holds=lambda answer: answer.json()["id"] == UUID,
    ),
    Case(
        (),
        "stored in capital letters",
        _get(statementId=UUID),
        200,
        before=(_post(statement(id=UUID.upper())),),
        holds=lambda answer: answer.json()["id"].lower() == UUID,
    ),
    *[
        Case((), f"no UUID: {text}", _get(statementId=text), 400)
        for text in (
            "0" * 36,
            f"{{{UUID}}}",
            UUID.replace("-", ""),
            "urn:uuid:" + UUID,
            UUID + " ",
            "٧" + UUID[1:],
        )
    ],
]

NAMES = [
    *[
        Case((), f"a state named {words}", _state(stateId=text), 400)
        for words, text in (
            ("NUL", "a\0b"),
            ("481 letters", "é" * 481),
            ("10000 letters", "x" * 10_000),
            ("nothing", ""),
        )
    ],
    *[
        Case(
            (),
            f"a state named {text[:20]!r}",
            _state("GET", stateId=text),
            200,
            before=(_state(stateId=text),),
        )
        for text in ("é" * 480, "../../etc/passwd", "' OR 1=1 --", "🎓\u202e", "\n", "%00", " ")
    ],
    Case(
        (),
        "a name that ends with a blank is another",
        _state("GET", stateId="place "),
        404,
        before=(_state(),),
    ),
    Case((), "a name in capital letters is another", _state("GET", stateId="PLACE"), 404, before=(_state(),)),
    Case(
        (),
        "a registration in capital letters is the same",
        _state("GET", registration=UUID),
        200,
        before=(_state(registration=UUID.upper()),),
    ),
    Case(
        (),
        "a profile named NUL",
        Ask("PUT", "agents/profile", {"agent": agent(), "profileId": "\0"}, b"x", {"If-None-Match": "*"}),
        400,
    ),
    Case((), "an activity named NUL", Ask("GET", "activities", {"activityId": "urn:a\0"}), 400),
    Case((), "an activity of 481 letters", Ask("GET", "activities", {"activityId": "urn:" + "a" * 477}), 400),
    Case(
        (),
        "If-Match of 10000 tags",
        _state(headers={"If-Match": ", ".join(f'"{n}"' for n in range(10_000))}),
        412,
        before=(_state(),),
    ),
    Case(
        (),
        "If-None-Match of 10000 tags",
        _state(headers={"If-None-Match": ", ".join(f'"{n}"' for n in range(10_000))}),
        204,
    ),
    *[
        Case((), f"If-Match: {tag!r}", _state(headers={"If-Match": tag}), 412, before=(_state(),))
        for tag in ("", '"', ",,,", "é", "W/", '"a', "\\")
    ],
    Case(
        (),
        "a version of 100000 letters",
        Ask("GET", "statements", headers={VERSION_HEADER: "1" * 100_000}),
        400,
    ),
    Case(
        (),
        "an authorization of 100000 letters",
        Ask("GET", "statements", headers={"Authorization": "Basic " + "A" * 100_000}),
        401,
    ),
    Case(
        (),
        "languages of 100000 letters",
        Ask("GET", "statements", {"format": "canonical"}, headers={"Accept-Language": "fr;q=x," * 15_000}),
        200,
    ),
    *[
        Case(
            (),
            f"Accept-Language: {text}",
            Ask("GET", "statements", {"format": "canonical"}, headers={"Accept-Language": text}),
            200,
            before=(_post(statement()),),
        )
        for text in ("", ";", ";q=", "fr;q=nan", "fr;q=inf", "fr;q=-1", "*", "é", "-", ",", "fr;q=1;q=0")
    ],
]


@pytest.mark.django_db
@table([*BODIES, *TORN, *PARAMETERS, *NAMES])
def test_a_verdict_each_time(case, version):
    caller = Caller(version=version)
    for ask in case.before:
        assert caller.send(ask).status_code in {200, 204}
    before = (Statement.objects.count(), XapiDocument.objects.count())

    answer = caller.send(case.ask)

    assert answer.status_code == case.status, answer.content[:500]
    assert case.holds is None or case.holds(answer)
    if case.status >= 400:
        assert (Statement.objects.count(), XapiDocument.objects.count()) == before


# What each scope opens (courses/xapi/enums.py); a key of no other scope gets a 403.
READS = {Scope.STATEMENTS_READ, Scope.STATEMENTS_READ_MINE, Scope.ALL}
OPENS = {
    ("POST", "statements"): {Scope.STATEMENTS_WRITE, Scope.ALL},
    ("PUT", "statements"): {Scope.STATEMENTS_WRITE, Scope.ALL},
    ("GET", "statements"): READS,
    ("HEAD", "statements"): READS,
    ("GET", "agents"): READS,
    ("GET", "activities"): READS,
    **{
        (method, "activities/state"): {Scope.STATE, Scope.ALL}
        for method in ("GET", "HEAD", "PUT", "POST", "DELETE")
    },
    **{
        (method, f"{one}/profile"): {Scope.PROFILE, Scope.ALL}
        for method in ("GET", "HEAD", "PUT", "POST", "DELETE")
        for one in ("agents", "activities")
    },
    ("GET", "about"): set(Scope),
}


@pytest.mark.parametrize("scope", list(Scope))
@covers(327)
def test_a_scope_opens_what_it_says_and_nothing_else(db, version, scope):
    caller = Caller(scope, version=version)
    parameters = {
        "activities/state": STATE,
        "agents/profile": {"agent": agent(), "profileId": "p"},
        "agents": {"agent": agent()},
        "activities/profile": {"activityId": ACTIVITY, "profileId": "p"},
        "activities": {"activityId": ACTIVITY},
    }
    for (method, resource), scopes in OPENS.items():
        given = (
            {"statementId": str(uuid4())}
            if (method, resource) == ("PUT", "statements")
            else parameters.get(resource, {})
        )
        body = (
            None if method in {"GET", "HEAD", "DELETE"} else (statement() if resource == "statements" else {})
        )

        answer = caller.send(Ask(method, resource, given, body))

        assert (answer.status_code != 403) == (scope in scopes), (method, resource, answer.status_code)
        assert answer.status_code in KNOWN


class TestIsolation:
    """INV-11: what another organisation said does not exist, and one cannot tell."""

    @pytest.fixture
    def stranger(self, caller):
        return Caller(version=caller.version)

    def test_no_statement_is_seen(self, caller, stranger):
        (uuid,) = caller.store(statement(context={"registration": UUID}))
        (void,) = caller.store(statement())
        caller.store(statement(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object=reference(void)))

        for parameters in (
            {"agent": ACCOUNT},
            {"activity": ACTIVITY, "related_activities": "true"},
            {"registration": UUID},
            {},
            {"cursor": "9" * 18},
            {"ascending": "true", "cursor": "1"},
            {"since": "2001-01-01T00:00:00Z"},
        ):
            assert stranger.ids(**parameters) == []
        for name, one in (("statementId", uuid), ("voidedStatementId", void)):
            unseen = stranger.get("statements", {name: one})
            nothing = stranger.get("statements", {name: str(uuid4())})
            assert (unseen.status_code, unseen.content) == (nothing.status_code, nothing.content)
            assert unseen.status_code == 404

    def test_no_page_reaches_over(self, caller, stranger):
        caller.store(*[statement() for _ in range(3)])
        more = caller.get("statements", {"limit": "1"}).json()["more"]
        own = stranger.store(statement())

        assert stranger.ids() == own
        assert stranger.get("statements", more.partition("?")[2]).json()["statements"] == []

    def test_a_reference_does_not_match_by_what_another_organisation_said(self, caller, stranger):
        (uuid,) = caller.store(statement(verb={"id": "urn:secret"}))
        stranger.store(statement(object=reference(uuid)))

        assert stranger.ids(verb="urn:secret") == []

    def test_no_definition_is_seen(self, caller, stranger):
        caller.store(statement(object=activity(name={"fr": "Secret"})))
        stranger.store(statement(object={"id": ACTIVITY}))

        for found in (
            stranger.get("activities", {"activityId": ACTIVITY}),
            stranger.get("statements", {"format": "canonical"}),
        ):
            assert b"Secret" not in found.content

    def test_no_name_is_seen(self, caller, stranger):
        caller.store(statement(actor=agent(name="Amina Secrète")))

        assert stranger.get("agents", {"agent": agent()}).json() == {
            "objectType": "Person",
            "mbox": [MBOX["mbox"]],
        }

    def test_no_document_is_seen_nor_touched(self, caller, stranger):
        caller.send(_state(body=b'{"secret": 1}'))

        assert stranger.send(_state("GET")).status_code == 404
        assert stranger.get("activities/state", {"activityId": ACTIVITY, "agent": agent()}).json() == []
        assert stranger.send(_state("POST", b'{"b": 2}')).status_code == 204
        assert stranger.send(_state("GET")).json() == {"b": 2}
        assert stranger.send(_state("DELETE")).status_code == 204
        assert (
            stranger.delete("activities/state", {"activityId": ACTIVITY, "agent": agent()}).status_code == 204
        )
        assert caller.send(_state("GET")).json() == {"secret": 1}

    def test_a_key_that_reads_its_own_sees_nothing_of_its_colleagues(self, caller):
        colleague = Caller(
            "statements/write",
            "statements/read/mine",
            organisation=caller.organisation,
            version=caller.version,
        )
        (uuid,) = caller.store(statement())
        (own,) = colleague.store(statement())

        assert colleague.ids() == [own]
        assert colleague.get("statements", {"statementId": uuid}).status_code == 404
        assert set(caller.ids()) == {uuid, own}

    def test_nor_does_it_match_by_what_they_said(self, caller):
        colleague = Caller(
            "statements/write",
            "statements/read/mine",
            organisation=caller.organisation,
            version=caller.version,
        )
        (uuid,) = caller.store(statement(verb={"id": "urn:secret"}))
        colleague.store(statement(object=reference(uuid)))

        assert colleague.ids(verb="urn:secret") == []


# ---------------------------------------------------------------- at random
KEYS = st.sampled_from(
    [
        "id",
        "actor",
        "verb",
        "object",
        "result",
        "context",
        "timestamp",
        "stored",
        "authority",
        "version",
        "attachments",
        "objectType",
        "member",
        "mbox",
        "account",
        "name",
        "homePage",
        "definition",
        "extensions",
        "score",
        "raw",
        "duration",
        "registration",
        "contextActivities",
        "parent",
        "x",
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        [
            UUID,
            ACTIVITY,
            "mailto:a@b.example",
            "2026-03-12T12:00:00Z",
            "PT1H",
            "Agent",
            "Group",
            "SubStatement",
            "StatementRef",
            "Activity",
        ]
    ),
)
PIECES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)
CHANGED = st.dictionaries(KEYS, PIECES, max_size=3).map(lambda changes: statement(**changes))
WITHIN = st.dictionaries(KEYS, PIECES, max_size=2).map(
    lambda changes: statement(object=substatement(**changes))
)
ANY_BODY = st.one_of(PIECES, CHANGED, WITHIN, st.lists(CHANGED, max_size=3)).map(json.dumps).map(
    str.encode
) | st.binary(max_size=60)
ANY_NAME = st.sampled_from(
    [
        "statementId",
        "voidedStatementId",
        "agent",
        "verb",
        "activity",
        "registration",
        "since",
        "until",
        "limit",
        "format",
        "cursor",
        "ascending",
        "attachments",
        "related_agents",
        "activityId",
        "stateId",
        "profileId",
        "method",
    ]
)
ANY_QUERY = st.dictionaries(
    ANY_NAME | st.text(max_size=5), st.text(max_size=40) | PIECES.map(json.dumps), max_size=4
) | st.text(
    st.characters(codec="ascii", categories=("L", "N", "P", "S"), exclude_characters="#"), max_size=60
)
QUIET = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.differing_executors,
    ],
)


@pytest.mark.django_db
class TestAtRandom:
    def test_bodies(self, caller):
        @QUIET
        @given(
            body=ANY_BODY,
            kind=st.sampled_from(["application/json", MIXED]),
            method=st.sampled_from(["POST", "PUT"]),
        )
        def sent(body, kind, method):
            query = {"statementId": str(uuid4())} if method == "PUT" else {}
            assert caller.send(Ask(method, "statements", query, body, content_type=kind)).status_code in KNOWN
            assert caller.send(_state(method, body)).status_code in KNOWN

        sent()

    def test_queries(self, caller):
        @QUIET
        @given(
            query=ANY_QUERY,
            resource=st.sampled_from(RESOURCES),
            method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]),
        )
        def sent(query, resource, method):
            body = b"{}" if method in {"POST", "PUT"} else None
            assert caller.send(Ask(method, resource, query, body)).status_code in KNOWN

        sent()
