"""What the store knows of persons, activities and itself (xAPI Communication 2.4 to 2.8; 2.0.0 §4.1.6.3 to .7)."""

import json

import pytest

from courses.xapi.validation import VERSION_1, VERSION_2

from .caller import VERSION_HEADER, Ask, Caller
from .statements import ACCOUNT, ACTIVITY, IDENTIFIERS, MBOX, activity, agent, group, statement
from .tables import Case, covers, table

UNKNOWN = "https://of.example/nobody/told"


def _agents(agent):
    return Ask("GET", "agents", {"agent": agent})


def _activities(iri):
    return Ask("GET", "activities", {"activityId": iri})


def _told(**definition):
    return Ask("POST", "statements", {}, statement(object=activity(**definition)))


def _person(**expected):
    return lambda answer: answer.json() == {"objectType": "Person", **expected}


AGENTS = [
    Case(
        (236, 245, 237, 248, "4.1.6.3"), "a person", _agents(agent()), 200, holds=_person(mbox=[MBOX["mbox"]])
    ),
    *[
        Case(
            (number, 246),
            f"{name} is a list",
            _agents(agent(identifier)),
            200,
            holds=_person(**{name: [identifier[name]]}),
        )
        for number, identifier in zip((239, 240, 241, 242), IDENTIFIERS, strict=True)
        for name in identifier
    ],
    Case(
        (244,),
        "an address begins with mailto:",
        _agents(agent()),
        200,
        holds=lambda answer: answer.json()["mbox"][0].startswith("mailto:"),
    ),
    Case(
        (247, 248),
        "nobody knows this agent: what was asked comes back",
        _agents(agent(name="Amina")),
        200,
        holds=_person(mbox=[MBOX["mbox"]], name=["Amina"]),
    ),
    Case(
        (238,),
        "names are a list, the latest first",
        _agents(agent()),
        200,
        before=tuple(
            Ask("POST", "statements", {}, statement(actor=agent(name=name)))
            for name in ("Amina", "Amina D.", "Amina")
        ),
        holds=_person(mbox=[MBOX["mbox"]], name=["Amina", "Amina D."]),
    ),
    Case((243, "4.1.6.3"), "without agent", Ask("GET", "agents"), 400),
    *[
        Case((249, 12), f"what is no agent: {words}", _agents(value), 400)
        for words, value in (
            ("empty", ""),
            ("a text", "amina"),
            ("an empty object", {}),
            ("a group", group(MBOX)),
            ("an anonymous group", group()),
            ("two identifiers", agent({**MBOX, **ACCOUNT})),
            ("a list", "[]"),
            ("half JSON", '{"mbox":'),
            ("no address", agent({"mbox": "x"})),
            ("an unknown property", agent(age=3)),
            ("a key twice", '{"mbox": "mailto:a@b.example", "mbox": "mailto:a@b.example"}'),
        )
    ],
    Case((324,), "an unknown parameter", Ask("GET", "agents", {"agent": json.dumps(agent()), "x": "1"}), 400),
    Case((325,), "a parameter in another case", Ask("GET", "agents", {"Agent": json.dumps(agent())}), 400),
    *[
        Case((236,), f"no {method}", Ask(method, "agents", {"agent": json.dumps(agent())}), 405)
        for method in ("POST", "PUT", "DELETE")
    ],
]

ACTIVITIES = [
    Case(
        (251, 253, "4.1.6.4"),
        "an activity",
        _activities(ACTIVITY),
        200,
        before=(_told(name={"fr": "Un"}),),
        holds=lambda answer: answer.json() == activity(name={"fr": "Un"}),
    ),
    Case((250, "4.1.6.4"), "without activityId", Ask("GET", "activities"), 400),
    *[
        Case((250, 12), f"what is no IRI: {text!r}", _activities(text), 400)
        for text in ("", "x", "/module/1", "https://of.example/a b")
    ],
    Case(
        (252, "4.1.6.4"),
        "nobody told of this activity",
        _activities(UNKNOWN),
        200,
        holds=lambda answer: answer.json() == activity(UNKNOWN),
    ),
    Case(
        (252, 254),
        "all that statements told: languages and extensions add up, the rest is the latest word",
        _activities(ACTIVITY),
        200,
        before=(
            _told(name={"fr": "Un"}, type="https://of.example/t1", extensions={"urn:a": 1}),
            _told(
                name={"en": "One"},
                type="https://of.example/t2",
                moreInfo="https://of.example/more",
                extensions={"urn:b": None},
            ),
        ),
        holds=lambda answer: (
            answer.json()["definition"]
            == {
                "name": {"fr": "Un", "en": "One"},
                "type": "https://of.example/t2",
                "moreInfo": "https://of.example/more",
                "extensions": {"urn:a": 1, "urn:b": None},
            }
        ),
    ),
    Case(
        (254,),
        "also what was told of an activity of the context",
        _activities("urn:parent"),
        200,
        before=(
            Ask(
                "POST",
                "statements",
                {},
                statement(
                    context={"contextActivities": {"parent": activity("urn:parent", name={"fr": "Parent"})}}
                ),
            ),
        ),
        holds=lambda answer: answer.json()["definition"] == {"name": {"fr": "Parent"}},
    ),
    Case((324,), "an unknown parameter", Ask("GET", "activities", {"activityId": ACTIVITY, "x": "1"}), 400),
    Case((325,), "a parameter in another case", Ask("GET", "activities", {"activityID": ACTIVITY}), 400),
    *[
        Case((253,), f"no {method}", Ask(method, "activities", {"activityId": ACTIVITY}), 405)
        for method in ("POST", "PUT", "DELETE")
    ],
]

ABOUT = [
    Case(
        (315, 318, 319, "4.1.6.7"),
        "a list of versions",
        Ask("GET", "about"),
        200,
        holds=lambda answer: all(isinstance(one, str) for one in answer.json()["version"]),
    ),
    Case(
        (316, 317),
        "to 1.0.3, only what it knows",
        Ask("GET", "about"),
        200,
        holds=lambda answer: answer.json() == {"version": ["1.0.3"]},
        versions=(VERSION_1,),
    ),
    Case(
        (317, "4.1.6.7"),
        "to 2.0.0, both",
        Ask("GET", "about"),
        200,
        holds=lambda answer: answer.json() == {"version": ["1.0.3", "2.0.0"]},
        versions=(VERSION_2,),
    ),
    Case((316, 321, 331), "no version is needed", Ask("GET", "about", headers={VERSION_HEADER: None}), 200),
    Case(
        (320,),
        "extensions are optional: there are none",
        Ask("GET", "about"),
        200,
        holds=lambda answer: set(answer.json()) == {"version"},
    ),
    Case((315,), "no key is needed", Ask("GET", "about", headers={"Authorization": None}), 200),
    Case((324,), "no parameter is known", Ask("GET", "about", {"x": "1"}), 400),
]


@pytest.mark.django_db
@table([*AGENTS, *ACTIVITIES, *ABOUT])
def test_what_the_store_knows(case, version):
    caller = Caller(version=version)
    for ask in case.before:
        assert caller.send(ask).status_code == 200

    answer = caller.send(case.ask)

    assert answer.status_code == case.status, answer.content
    assert case.holds is None or case.holds(answer), answer.content
    assert answer["Content-Type"].startswith("application/json") or case.status == 405


@covers(254)
def test_what_another_organisation_told_is_not_said(caller):
    stranger = Caller()
    stranger.store(statement(object=activity(name={"fr": "Autre"})))

    assert caller.get("activities", {"activityId": ACTIVITY}).json() == activity()
