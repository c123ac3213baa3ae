"""Who acts, teaches, vouches (xAPI Data 2.4.2, 2.4.9; 2.0.0 §4.2.2.1, §4.2.4.2): agents and groups in every place."""

# mypy: disable-error-code="var-annotated"

import pytest

from .grammar import accepted, judge, refused
from .statements import (
    ACCOUNT,
    IDENTIFIERS,
    MBOX,
    OPENID,
    SHA1,
    activity,
    agent,
    anywhere,
    anywhere_agents,
    anywhere_groups,
    group,
    statement,
)
from .tables import table

NAMES = ("mbox", "mbox_sha1sum", "openid", "account")


def _two(index):
    """An identifier beside each of the others."""
    return [{**IDENTIFIERS[index], **other} for other in IDENTIFIERS if other is not IDENTIFIERS[index]]


def _wrong(identifier):
    """It stands in an agent and in a group."""
    return (*anywhere_agents(agent(identifier)), *anywhere_groups(group(identifier)))


def _authority(*members, **more):
    return statement(authority={"objectType": "Group", "member": list(members), **more})


OAUTH = (agent(ACCOUNT), agent(MBOX))

TABLE = [
    refused(
        (31, "4.2.2.1"),
        "an actor is an agent or a group",
        *[
            one
            for kind in ("agent", "group", "Person", "AGENT", "")
            for one in anywhere({**agent(), "objectType": kind})
        ],
    ),
    refused(
        (31,),
        "an actor is an object",
        *anywhere([agent()], [])[:4],
        statement(actor="x"),
        statement(actor=1),
        statement(actor=[agent()]),
    ),
    refused(
        (32,),
        "the kind of an agent is a text",
        *anywhere_agents({**agent(), "objectType": 1}, {**agent(), "objectType": {}}),
    ),
    refused(
        (33,),
        "a name is a text",
        *anywhere_agents(agent(name=1), agent(name={}), agent(name=["x"])),
        *anywhere_groups(group(name=1)),
    ),
    accepted(
        (33,), "a name may be anything", *anywhere_agents(agent(name=""), agent(name="Amina Diallo 👩‍🏫"))
    ),
    accepted(
        (34, "4.2.2.1"),
        "an agent has one identifier, and may leave out what it is",
        *[
            one
            for identifier in IDENTIFIERS
            for one in (*anywhere_agents(agent(identifier)), statement(actor=identifier))
        ],
    ),
    refused(
        (34,),
        "an agent without identifier",
        *anywhere_agents({"objectType": "Agent"}, {"objectType": "Agent", "name": "x"}),
    ),
    *[
        refused(
            (34,),
            f"an agent with {name} and another identifier",
            *[one for pair in _two(index) for one in anywhere_agents(agent(pair))],
        )
        for index, name in enumerate(NAMES)
    ],
    refused(
        (35,),
        "an anonymous group has members",
        *anywhere_groups(
            {"objectType": "Group"},
            {"objectType": "Group", "name": "x"},
            {"objectType": "Group", "member": []},
        ),
    ),
    accepted((35, 36), "an anonymous group", *anywhere_groups(group(), group(name="Équipe"))),
    refused(
        (36,),
        "members are a list of agents",
        *anywhere_groups(
            *[
                {"objectType": "Group", "member": value}
                for value in (agent(), "x", 1, [1], ["x"], [{}], [group(MBOX)], [group()], [activity()])
            ]
        ),
        *anywhere_groups(group(MBOX, member=agent()), group(MBOX, member=[{"name": "x"}])),
    ),
    accepted(
        (37, "4.2.2.1"),
        "an identified group, with or without members",
        *[
            one
            for identifier in IDENTIFIERS
            for one in (
                *anywhere_groups(group(identifier)),
                *anywhere_groups(group(identifier, member=[agent()])),
            )
        ],
    ),
    *[
        refused(
            (37,),
            f"a group with {name} and another identifier",
            *[
                one
                for pair in _two(index)
                for one in anywhere_groups(group(pair), group(pair, member=[agent()]))
            ],
        )
        for index, name in enumerate(NAMES)
    ],
    refused(
        (38,),
        "mbox is mailto: and an address",
        *[
            one
            for text in (
                "amina@of.example",
                "mailto:",
                "mailto:amina",
                "https://of.example",
                "MAILTO amina@of.example",
                1,
                {},
                "mailto:a@b@c",
            )
            for one in _wrong({"mbox": text})
        ],
    ),
    refused(
        (39,),
        "mbox_sha1sum is forty hexadecimal digits",
        *[
            one
            for text in (1, {}, "x", "0" * 39, "0" * 41, "g" * 40)
            for one in _wrong({"mbox_sha1sum": text})
        ],
    ),
    refused(
        (40,),
        "openid is a URI",
        *[one for text in ("x", "of.example/amina", 1, {}, "") for one in _wrong({"openid": text})],
    ),
    refused(
        (41,),
        "an account is an object",
        *[one for value in ("x", 1, [], {}) for one in _wrong({"account": value})],
    ),
    accepted((41, 42, 43), "an account", *anywhere_agents(agent(ACCOUNT)), *anywhere_groups(group(ACCOUNT))),
    refused(
        (42,),
        "an account has a homePage, which is an IRL",
        *[
            one
            for value in (
                {"name": "42"},
                {"homePage": "of.example", "name": "42"},
                {"homePage": 1, "name": "42"},
                {"homePage": "", "name": "42"},
            )
            for one in _wrong({"account": value})
        ],
    ),
    refused(
        (43,),
        "an account has a name, which is a text",
        *[
            one
            for value in (
                {"homePage": "https://of.example"},
                {"homePage": "https://of.example", "name": 42},
                {"homePage": "https://of.example", "name": {}},
            )
            for one in _wrong({"account": value})
        ],
    ),
    refused(
        (10,),
        "an account has nothing else",
        *_wrong({"account": {**ACCOUNT["account"], "homepage": "https://of.example"}}),
    ),
    accepted(
        (24, "4.2.4.2"),
        "an authority is an agent, or two members (OAuth)",
        *[statement(authority=agent(i)) for i in IDENTIFIERS],
        _authority(*OAUTH),
    ),
    refused(
        (24, 98),
        "an authority is no identified group",
        *[_authority(*OAUTH, **identifier) for identifier in (MBOX, SHA1, OPENID, ACCOUNT)],
    ),
    refused(
        (98, 100),
        "an authority that is a group has two members",
        _authority(),
        _authority(agent()),
        _authority(*OAUTH, agent(SHA1)),
        statement(authority={"objectType": "Group"}),
    ),
    refused(
        (24,),
        "an authority is nothing else",
        statement(authority=activity()),
        statement(authority="x"),
        statement(authority={}),
        statement(authority=[agent()]),
    ),
]


@pytest.mark.django_db
@table(TABLE)
def test_agents_and_groups(case, version):
    assert judge(case, version) == []
