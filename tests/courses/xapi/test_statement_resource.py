"""The resource Statements (xAPI Communication 2.1, Data 2.5; 2.0.0 §4.1.6.1): storing, finding, pages."""

import re
from datetime import datetime
from uuid import uuid4

import pytest

from courses.models import Statement
from courses.xapi.validation import VERSION_1, VERSION_2

from .caller import BASES, Ask, Caller, browser
from .statements import (
    ABSENT,
    ACCOUNT,
    ACTIVITY,
    MBOX,
    VERB,
    activity,
    agent,
    group,
    reference,
    statement,
    substatement,
)
from .tables import Case, covers, table

UUID = "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11"
REGISTRATION = "0b8a3c52-3f0e-4b7e-8f57-2f4e6a1c9d10"
OTHER = {"id": "https://of.example/verbs/attended"}
TUTOR = agent({"mbox": "mailto:tutor@of.example"})
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z")
STORED = Ask("POST", "statements", {}, statement(id=UUID))


def _get(**parameters):
    return Ask("GET", "statements", parameters)


def _result(answer):
    return answer.json()["statements"] == [] and answer.json()["more"] == ""


def _put(body, **parameters):
    return Ask("PUT", "statements", parameters, body)


def _post(body):
    return Ask("POST", "statements", {}, body)


FILTERS = {
    "agent": agent(),
    "verb": VERB["id"],
    "activity": ACTIVITY,
    "registration": REGISTRATION,
    "related_activities": "true",
    "related_agents": "true",
    "since": "2026-01-01T00:00:00Z",
    "until": "2026-01-01T00:00:00Z",
    "limit": "1",
    "ascending": "true",
}
NUMBERS = {
    "agent": 181,
    "verb": 180,
    "activity": 179,
    "registration": 178,
    "related_activities": 177,
    "related_agents": 176,
    "since": 175,
    "until": 174,
    "limit": 173,
    "ascending": 166,
}
WRONG = {
    "agent": ("x", "{}", "[]", "1", group(), agent({"mbox": "x"})),
    "verb": ("x", "/v"),
    "activity": ("x", "/a"),
    "registration": ("x", UUID + "0", "12"),
    "related_activities": ("x", "1", "yes"),
    "related_agents": ("x", "0"),
    "since": ("x", "2026", "2026-03-12T12:00:00-00:00"),
    "until": ("x", "12/03/2026"),
    "limit": ("x", "-1", "1.5", "1e3", "٣"),
    "ascending": ("x", "1"),
    "format": ("x", "Exact", "id"),
    "attachments": ("x", "1"),
    "statementId": ("x", UUID + "0", "12"),
    "voidedStatementId": ("x", UUID[:-1]),
}

STORING = [
    Case(
        (139, 143, 144, 145, "4.1.6.1"),
        "PUT stores a statement",
        _put(statement(), statementId=UUID),
        204,
        holds=lambda answer: answer.content == b"",
    ),
    Case((144, 145), "PUT without id", _put(statement()), 400),
    Case((144, 12), "PUT with an id that is no UUID", _put(statement(), statementId="x"), 400),
    Case(
        (144,), "PUT of another id than the body's", _put(statement(id=UUID), statementId=REGISTRATION), 400
    ),
    Case((144,), "PUT of two statements", _put([statement()], statementId=UUID), 400),
    Case(
        (142, "4.1.6.1"),
        "PUT of the same again",
        _put(statement(id=UUID), statementId=UUID),
        204,
        before=(STORED,),
    ),
    Case(
        (142, "4.1.6.1"),
        "PUT of another content",
        _put(statement(result={}), statementId=UUID),
        409,
        before=(STORED,),
    ),
    Case(
        (139, 146, 147, "4.1.6.1"),
        "POST stores a statement",
        _post(statement(id=UUID)),
        200,
        holds=lambda answer: answer.json() == [UUID],
    ),
    Case(
        (146,),
        "POST stores a list, ids in order",
        _post([statement(id=REGISTRATION), statement(id=UUID)]),
        200,
        holds=lambda answer: answer.json() == [REGISTRATION, UUID],
    ),
    Case((142,), "POST of the same again", _post(statement(id=UUID)), 200, before=(STORED,)),
    Case((142,), "POST of another content", _post(statement(id=UUID, verb=OTHER)), 409, before=(STORED,)),
    Case(
        (147,),
        "POST has no id in its address",
        Ask("POST", "statements", {"statementId": UUID}, statement()),
        400,
    ),
    Case((147,), "POST of no statement", _post([]), 400),
    Case(("4.1.6.1",), "the same id twice in a batch", _post([statement(id=UUID), statement(id=UUID)]), 400),
    Case(
        ("4.1.6.1",),
        "the same id in other letters",
        _post([statement(id=UUID), statement(id=UUID.upper())]),
        400,
    ),
    *[
        Case(
            ("4.2.7",),
            f"{words} is the same statement",
            _post(statement(id=UUID, **again)),
            200,
            before=(_post(statement(id=UUID, **first)),),
        )
        for words, first, again in (
            (
                "another zone",
                {"timestamp": "2026-03-12T12:00:00Z"},
                {"timestamp": "2026-03-12T14:00:00+02:00"},
            ),
            (
                "a duration less than a hundredth longer",
                {"result": {"duration": "PT1.231S"}},
                {"result": {"duration": "PT1.239S"}},
            ),
            (
                "a list of one",
                {"context": {"contextActivities": {"parent": activity()}}},
                {"context": {"contextActivities": {"parent": [activity()]}}},
            ),
            ("no timestamp", {"timestamp": "2026-03-12T12:00:00Z"}, {}),
            ("another stored", {}, {"stored": "2001-01-01T00:00:00Z"}),
            ("another authority", {}, {"authority": agent()}),
        )
    ],
    *[
        Case(
            ("4.2.7", 142),
            f"{words} is another statement",
            _post(statement(id=UUID, **again)),
            409,
            before=(_post(statement(id=UUID, **first)),),
        )
        for words, first, again in (
            ("another instant", {"timestamp": "2026-03-12T12:00:00Z"}, {"timestamp": "2026-03-12T12:00:01Z"}),
            ("a longer duration", {"result": {"duration": "PT1.23S"}}, {"result": {"duration": "PT1.24S"}}),
            (
                "another letter in an IRI",
                {"object": activity("https://of.example/A")},
                {"object": activity("https://of.example/a")},
            ),
            ("another actor", {"actor": agent()}, {"actor": agent(ACCOUNT)}),
        )
    ],
]

FINDING = [
    Case((154, 112, 149, 159, 110, 113, 153), "an empty list", _get(), 200, holds=_result),
    *[
        Case((NUMBERS[name], 149, "4.1.6.1"), f"a list by {name}", _get(**{name: value}), 200, holds=_result)
        for name, value in FILTERS.items()
    ],
    *[
        Case((NUMBERS.get(name, 12), 12), f"{name} as {value!r}", _get(**{name: value}), 400)
        for name, values in WRONG.items()
        for value in values
    ],
    *[Case((NUMBERS.get(name, 12), 12), f"an empty {name}", _get(**{name: ""}), 400) for name in WRONG],
    Case(
        (156, 158),
        "a statement by its id",
        _get(statementId=UUID),
        200,
        before=(STORED,),
        holds=lambda answer: answer.json()["id"] == UUID,
    ),
    Case((156, 158, 153), "an id that nobody stored", _get(statementId=UUID), 404),
    *[
        Case((number,), f"{one} with {name}", _get(**{one: UUID, name: value}), 400, before=(STORED,))
        for one, number in (("statementId", 151), ("voidedStatementId", 150))
        for name, value in {
            **FILTERS,
            "cursor": "1",
            "voidedStatementId" if one == "statementId" else "statementId": UUID,
        }.items()
    ],
    *[
        Case(
            (158, number),
            f"one statement with {name}={value}",
            _get(statementId=UUID, **{name: value}),
            200,
            before=(STORED,),
        )
        for name, value, number in (
            ("format", "exact", 170),
            ("format", "ids", 171),
            ("format", "canonical", 169),
            ("attachments", "true", 167),
            ("attachments", "false", 161),
        )
    ],
    *[
        Case(
            (number, "4.1.6.1"),
            f"a list in format {value}",
            _get(format=value),
            200,
            before=(STORED,),
            holds=lambda answer: len(answer.json()["statements"]) == 1,
        )
        for value, number in (("exact", 170), ("ids", 171), ("canonical", 169))
    ],
    Case(
        (168, 165),
        "a list in no format",
        _get(),
        200,
        before=(STORED,),
        holds=lambda answer: answer["Content-Type"] == "application/json",
    ),
    Case((167,), "attachments as the Python client says it", _get(attachments="True", ascending="True"), 200),
    Case(
        (161, 165),
        "a list without attachments",
        _get(attachments="false"),
        200,
        holds=lambda answer: answer["Content-Type"] == "application/json",
    ),
    Case(
        (173,),
        "a limit of 0 is the limit of the store",
        _get(limit="0"),
        200,
        before=(_post([statement() for _ in range(3)]),),
        holds=lambda answer: len(answer.json()["statements"]) == 3,
    ),
    Case(
        (109,),
        "no more",
        _get(limit="1"),
        200,
        before=(STORED,),
        holds=lambda answer: answer.json()["more"] == "",
    ),
    Case((153,), "a refusal says how far it is consistent too", _get(limit="-1"), 400),
]


@pytest.mark.django_db
@table([*STORING, *FINDING])
def test_the_resource(case, version):
    caller = Caller(version=version)
    for ask in case.before:
        assert caller.send(ask).status_code == 200
    before = list(Statement.objects.order_by("seq").values_list("raw", flat=True))

    answer = caller.send(case.ask)

    assert answer.status_code == case.status, answer.content
    assert case.holds is None or case.holds(answer), answer.content
    if case.ask.method == "GET":
        assert ISO.fullmatch(answer["X-Experience-API-Consistent-Through"])  # XAPI-00153, 00160
    if case.status >= 400 or case.before:
        assert list(Statement.objects.order_by("seq").values_list("raw", flat=True)) == before


class TestWhatTheServerSets:
    @covers(26, "4.2.4.2")
    def test_an_id(self, caller):
        (uuid,) = caller.store(statement())

        assert caller.one(uuid)["id"] == uuid

    @covers(97, 23, "4.2.4.2", "4.1.6.1")
    def test_stored_and_a_timestamp_when_none_came(self, caller):
        (uuid,) = caller.store(statement(stored="2001-01-01T00:00:00Z"))

        kept = caller.one(uuid)

        assert kept["timestamp"] == kept["stored"] > "2026"
        assert ISO.fullmatch(kept["stored"])

    @covers(122, "4.2.4.2")
    def test_instants_keep_their_milliseconds(self, caller):
        (uuid,) = caller.store(statement(timestamp="2026-03-12T12:00:00.123Z"))

        assert "12:00:00.123" in caller.one(uuid)["timestamp"]

    @covers("4.2.7", "4.2.4.2")
    def test_2_0_0_gives_instants_in_utc(self, caller, version):
        (uuid,) = caller.store(statement(timestamp="2026-03-12T14:00:00.5+02:00"))

        given = caller.one(uuid)["timestamp"]

        assert datetime.fromisoformat(given) == datetime.fromisoformat("2026-03-12T12:00:00.5+00:00")
        assert given.endswith("Z") == (version == VERSION_2)

    @covers(99, "4.2.4.2")
    def test_the_authority_is_the_key(self, caller):
        (uuid,) = caller.store(statement(authority=agent()))

        authority = caller.one(uuid)["authority"]

        assert authority["objectType"] == "Agent"
        assert authority["account"]["name"] == f"org/{caller.row.key}"

    @covers(96, "4.2.2.5")
    def test_context_activities_are_lists(self, caller):
        one = {"contextActivities": {"parent": activity(), "other": [activity("urn:b")]}}
        (uuid,) = caller.store(statement(context=one, object=substatement(context=one)))

        kept = caller.one(uuid)

        expected = {"parent": [activity()], "other": [activity("urn:b")]}
        assert (
            kept["context"]["contextActivities"] == kept["object"]["context"]["contextActivities"] == expected
        )

    @covers(2)
    def test_numbers_keep_their_precision(self, caller):
        (uuid,) = caller.store(
            statement(
                result={
                    "score": {"raw": 3.4028234663852886e38, "min": 1.1754943508222875e-38},
                    "extensions": {"urn:n": 0.1},
                }
            )
        )

        score = caller.one(uuid)["result"]

        assert score == {
            "score": {"raw": 3.4028234663852886e38, "min": 1.1754943508222875e-38},
            "extensions": {"urn:n": 0.1},
        }

    @covers(15)
    def test_letters_come_back_as_they_went(self, caller):
        text = 'é 漢字 🎓 \u202e \\ " \t'
        (uuid,) = caller.store(statement(result={"response": text}))

        assert caller.one(uuid)["result"]["response"] == text

    @covers("4.1.6.1")
    def test_2_0_0_says_when_a_statement_was_stored(self, caller):
        (uuid,) = caller.store(statement())

        answer = caller.get("statements", {"statementId": uuid})

        stored = datetime.fromisoformat(answer.json()["stored"])
        assert answer["Last-Modified"] == stored.strftime("%a, %d %b %Y %H:%M:%S GMT")

    @covers(142, 182)
    def test_nothing_that_comes_later_changes_a_statement(self, caller):
        caller.store(statement(id=UUID))
        before = caller.one(UUID)

        caller.post("statements", statement(id=UUID, verb=OTHER))
        caller.put("statements", statement(), {"statementId": UUID})

        assert caller.one(UUID) == before


@pytest.fixture
def stored(caller):
    """Ids by what distinguishes the statement."""
    given = {
        "plain": statement(),
        "verb": statement(verb=OTHER),
        "registration": statement(context={"registration": REGISTRATION}),
        "object": statement(object=TUTOR),
        "instructor": statement(context={"instructor": TUTOR}),
        "team": statement(context={"team": group(member=[TUTOR])}),
        "group": statement(actor=group(member=[agent(), TUTOR])),
        "within": statement(object=substatement(actor=TUTOR, object=activity("urn:within"))),
        "actor": statement(actor=TUTOR, object=activity("urn:other")),
        "parent": statement(context={"contextActivities": {"parent": [activity("urn:other")]}}),
    }
    return dict(zip(given, caller.store(*given.values()), strict=True))


class TestFilters:
    @pytest.mark.parametrize(
        ("parameters", "expected"),
        [
            ({"verb": OTHER["id"]}, ["verb"]),
            ({"registration": REGISTRATION}, ["registration"]),
            ({"registration": REGISTRATION.upper()}, ["registration"]),
            ({"agent": TUTOR}, ["object", "group", "actor"]),
            ({"agent": {"mbox": TUTOR["mbox"]}, "related_agents": "false"}, ["object", "group", "actor"]),
            (
                {"agent": TUTOR, "related_agents": "true"},
                ["object", "instructor", "team", "group", "within", "actor"],
            ),
            ({"activity": "urn:other"}, ["actor"]),
            ({"activity": "urn:other", "related_activities": "true"}, ["actor", "parent"]),
            ({"activity": "urn:within"}, []),
            ({"activity": "urn:within", "related_activities": "true"}, ["within"]),
            ({"agent": TUTOR, "activity": "urn:other"}, ["actor"]),
            ({"agent": TUTOR, "verb": OTHER["id"]}, []),
            ({"verb": "urn:nobody"}, []),
            ({"agent": agent({"mbox": "mailto:nobody@of.example"})}, []),
        ],
        ids=str,
    )
    @covers(164, 176, 177, 178, 179, 180, 181, 154, 166)
    def test_only_what_matches(self, caller, stored, parameters, expected):
        assert caller.ids(ascending="true", **parameters) == [stored[name] for name in expected]

    @covers(164, 174, 175)
    def test_since_is_after_and_until_is_up_to(self, caller):
        first, second, third = (caller.store(statement())[0] for _ in range(3))
        at = caller.one(second)["stored"]

        assert caller.ids(since=at) == [third]
        assert caller.ids(until=at) == [second, first]
        assert caller.ids(since=caller.one(first)["stored"], until=at) == [second]

    @covers(166)
    def test_the_latest_first_unless_asked(self, caller, stored):
        assert caller.ids() == list(stored.values())[::-1]
        assert caller.ids(ascending="true") == list(stored.values())

    @covers(164, 162)
    def test_a_reference_matches_by_what_it_refers_to(self, caller, stored):
        (comment,) = caller.store(statement(object=reference(stored["verb"])))
        (comment_on_it,) = caller.store(statement(object=reference(comment)))

        assert caller.ids(verb=OTHER["id"]) == [comment_on_it, comment, stored["verb"]]


class TestPages:
    @covers(108, 111, 114, 113, 110, 173)
    def test_pages_follow_one_another_to_the_end(self, caller, version):
        expected = caller.store(*[statement() for _ in range(7)])[::-1]
        address, found = f"{BASES[version]}statements?limit=3&format=ids", []

        while address:
            answer = browser().get(
                address, headers={"Authorization": caller.authorization, "X-Experience-API-Version": version}
            )
            body = answer.json()
            assert set(body) == {"statements", "more"}
            assert all(one["verb"] == {"id": VERB["id"]} for one in body["statements"])
            found += [one["id"] for one in body["statements"]]
            address = body["more"]
            assert address == "" or address.startswith(f"{BASES[version]}statements?")

        assert found == expected

    @covers(108, 111)
    def test_what_comes_meanwhile_does_not_move_the_pages(self, caller):
        one, two, three = caller.store(statement(), statement(), statement())
        more = caller.get("statements", {"limit": "1"}).json()["more"]
        caller.store(statement())

        following = caller.get("statements", more.partition("?")[2]).json()

        assert [kept["id"] for kept in following["statements"]] == [two]
        assert three != two != one

    @covers(109)
    def test_the_page_that_ends_exactly_is_the_last(self, caller):
        caller.store(statement(), statement())

        assert caller.get("statements", {"limit": "2"}).json()["more"] == ""


class TestFormats:
    WHOLE = statement(
        actor=agent(name="Amina"),
        object=activity(name={"fr": "Un", "en": "One"}, description={"en-US": "Long"}),
        context={
            "instructor": agent(ACCOUNT, name="Tutrice"),
            "contextActivities": {"parent": [activity("urn:p", name={"fr": "P"})]},
        },
    )

    @covers(171, "4.1.6.1")
    def test_ids_gives_only_what_identifies(self, caller):
        (uuid,) = caller.store(self.WHOLE)

        found = caller.one(uuid, format="ids")

        assert found["actor"] in (MBOX, agent())
        assert found["verb"] == {"id": VERB["id"]}
        assert found["object"]["id"] == ACTIVITY
        assert "definition" not in found["object"]
        assert "name" not in found["context"]["instructor"]
        assert found["context"]["contextActivities"]["parent"] == [{"id": "urn:p"}]

    @covers(171)
    def test_ids_leaves_the_members_of_an_anonymous_group(self, caller):
        (uuid,) = caller.store(statement(actor=group(name="Équipe", member=[agent(name="Amina")])))

        assert caller.one(uuid, format="ids")["actor"] == group(member=[agent()])

    @covers(170, 168)
    def test_exact_gives_what_was_sent(self, caller):
        (uuid,) = caller.store(self.WHOLE)

        for found in (caller.one(uuid), caller.one(uuid, format="exact")):
            assert {key: found[key] for key in self.WHOLE} == self.WHOLE

    @pytest.mark.parametrize(
        ("asked", "display", "name"),
        [
            ("fr", {"fr": "a achevé"}, {"fr": "Un"}),
            ("en-US", {"en-US": "completed"}, {"en": "One"}),
            ("en;q=0.2, fr;q=0.9", {"fr": "a achevé"}, {"fr": "Un"}),
            ("de, EN-us;q=0.5", {"en-US": "completed"}, {"en": "One"}),
        ],
    )
    @covers(169, 172, "4.1.6.1")
    def test_canonical_gives_one_language(self, caller, asked, display, name):
        (uuid,) = caller.store(self.WHOLE)

        answer = caller.get(
            "statements", {"statementId": uuid, "format": "canonical"}, **{"Accept-Language": asked}
        )

        assert answer.json()["verb"]["display"] == display
        assert answer.json()["object"]["definition"]["name"] == name
        assert answer.json()["object"]["definition"]["description"] == {"en-US": "Long"}

    @covers(169)
    def test_canonical_gives_the_definition_that_the_store_knows(self, caller):
        caller.store(self.WHOLE)
        (uuid,) = caller.store(statement(object={"id": ACTIVITY}))

        found = caller.one(uuid, format="canonical")

        assert set(found["object"]["definition"]) == {"name", "description"}


@covers(153, 160)
def test_consistent_through_reaches_what_was_just_stored(caller):
    (uuid,) = caller.store(statement())

    answer = caller.get("statements", {"statementId": uuid})

    assert answer["X-Experience-API-Consistent-Through"] >= answer.json()["stored"]
    for parameters in ({"statementId": str(uuid4())}, {"limit": "x"}):
        assert ISO.fullmatch(caller.get("statements", parameters)["X-Experience-API-Consistent-Through"])


@covers(140, 141, 139, 230, 282, 311)
def test_both_addresses_give_the_same_store(db):
    first = Caller(version=VERSION_1)
    (uuid,) = first.store(statement(actor=ABSENT) | {"actor": agent()})
    first.version = VERSION_2

    assert first.one(uuid)["version"] == "1.0.0"
