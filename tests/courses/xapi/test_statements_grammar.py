"""What is a statement (xAPI Data 2.2 to 2.4, 4; 2.0.0 §4.2): ids, verbs, objects, results, contexts, instants."""

# mypy: disable-error-code="var-annotated"

import json
from uuid import uuid4

import pytest

from courses.xapi.validation import VERSION_1, VERSION_2

from .grammar import accepted, judge, refused
from .statements import (
    ABSENT,
    ACCOUNT,
    ACTIVITY,
    MBOX,
    VERB,
    activity,
    agent,
    both,
    described,
    group,
    reference,
    statement,
    substatement,
    voiding,
)
from .tables import table

EXTENSION = "https://of.example/extension"
UUID = "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11"
ATTACHMENT = {
    "usageType": "https://of.example/usage",
    "display": {"fr": "Attestation"},
    "contentType": "application/pdf",
    "length": 3,
    "sha2": "a" * 64,
    "fileUrl": "https://of.example/attestation.pdf",
}
KEYS = ("id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "version", "attachments")
WHOLE = statement(
    id=UUID,
    result={},
    context={},
    timestamp="2026-03-12T12:00:00Z",
    stored="2026-03-12T12:00:00Z",
    version="1.0.0",
    attachments=[ATTACHMENT],
    authority=agent(),
)


def _attached(**changes):
    return statement(attachments=[{k: v for k, v in {**ATTACHMENT, **changes}.items() if v is not ABSENT}])


def _with_extensions(extensions):
    return (
        *both(result={"extensions": extensions}),
        *both(context={"extensions": extensions}),
        *described({"extensions": extensions}),
    )


def _in_another_case(key):
    return {(name.capitalize() if name == key else name): value for name, value in WHOLE.items()}


def _said_twice(key):
    text = json.dumps(statement(result={}))
    return text.replace(f'"{key}":', f'"{key}": {json.dumps(statement(result={})[key])}, "{key}":', 1)


def _languages(*tags):
    """Everywhere that a language names a text, or stands by itself."""
    return tuple(
        made
        for tag in tags
        for made in (
            *both(verb={**VERB, "display": {tag: "x"}}),
            *described({"name": {tag: "x"}}, {"description": {tag: "x"}}),
            *described({"interactionType": "likert", "scale": [{"id": "a", "description": {tag: "x"}}]}),
            *both(context={"language": tag}),
            _attached(display={tag: "x"}),
            _attached(description={tag: "x"}),
        )
    )


FORMAT = [
    accepted((14,), "a plain and a whole statement", statement(), WHOLE),
    refused(
        (1,),
        "null stands nowhere but in extensions",
        *[
            one
            for key in (
                "actor",
                "verb",
                "object",
                "result",
                "context",
                "timestamp",
                "attachments",
                "id",
                "version",
            )
            for one in (statement(**{key: None}),)
        ],
        *both(actor=agent(name=None)),
        *both(verb={**VERB, "display": None}),
        *both(verb={**VERB, "display": {"fr": None}}),
        *both(result={"score": {"raw": None}}),
        *both(context={"platform": None}),
        *described({"name": None}),
    ),
    refused((3, "4.2.2.1"), "an actor is needed", *both(actor=ABSENT)),
    refused((4, "4.2.2.2"), "a verb is needed", *both(verb=ABSENT)),
    refused(
        (5, "4.2.2.3"),
        "an object is needed",
        *both(object=ABSENT)[:1],
        statement(object=substatement(object=ABSENT)),
    ),
    refused(
        (6,),
        "a number or a truth is no text, even one that looks like it",
        *both(result={"score": {"scaled": "0.5"}}),
        *both(result={"score": {"raw": "x"}}),
        *both(result={"success": "true"}),
        *both(result={"completion": "no"}),
        *both(result={"response": 1}),
        _attached(length="3"),
    ),
    refused(
        (7,),
        "a format is kept, and the empty text keeps none",
        *both(actor=agent({"mbox": ""})),
        *both(actor=agent({"openid": ""})),
        *both(verb={"id": ""}),
        *both(object=activity("")),
        statement(id=""),
        *both(context={"registration": ""}),
        *both(timestamp=""),
        *both(result={"duration": ""}),
        *both(context={"language": ""}),
        *described({"type": ""}),
        *described({"moreInfo": ""}),
    ),
    refused(
        (8, 10), "a key is written as the specification writes it", *[_in_another_case(key) for key in KEYS]
    ),
    refused(
        (9,),
        "a word of a closed list is written as the specification writes it",
        *described(
            *[
                {"interactionType": word}
                for word in (
                    "True-False",
                    "choiCe",
                    "fill-iN",
                    "Long-fill-in",
                    "matchIng",
                    "perfOrmance",
                    "seqUencing",
                    "Likert",
                    "nUmeric",
                    "OTHER",
                )
            ]
        ),
        *both(actor={**agent(), "objectType": "agent"}),
        *both(object={**activity(), "objectType": "ACTIVITY"}),
    ),
    refused(
        (11,),
        "an IRI has a scheme",
        *both(verb={"id": "passed"}),
        *both(verb={"id": "//of.example/v"}),
        *both(object=activity("/module/1")),
        *both(object=activity("of.example/module")),
        *described({"type": "cours"}, {"moreInfo": "www.of.example"}),
        *both(actor=agent({"openid": "of.example"})),
        *both(result={"extensions": {"clef": 1}}),
    ),
    accepted(
        (13, 121, "4.2.7"),
        "languages of RFC 5646",
        *_languages(
            "de", "fr-FR", "zh-Hant", "sr-Latn-RS", "cmn", "es-419", "sl-rozaj-biske", "de-CH-1901", "x-of"
        ),
    ),
    refused(
        (13, 121, "4.2.7"),
        "what is no language",
        *_languages("a12345678", "f_r", "fr FR", "", "12", "fr-", "français"),
    ),
    refused(
        (21,), "a property comes once", *[_said_twice(key) for key in ("actor", "verb", "object", "result")]
    ),
    refused(
        (14, "4.1.6.1"),
        "a property that the specification does not know",
        statement(note=1),
        *both(verb={**VERB, "name": "x"}),
        *both(actor=agent(age=3)),
        *both(result={"note": 1}),
        *both(result={"score": {"best": 1}}),
        *both(context={"place": "Paris"}),
        *described({"title": {"fr": "x"}}),
        _attached(size=3),
        *both(object=activity() | {"name": {"fr": "x"}}),
    ),
    refused((14,), "not an object", [], "[[]]", '"x"', "1", "true", "null", [1], ["x"], [[statement()]]),
]

IDENTIFIERS = [
    refused(
        (27, 30, "4.2.4.2"),
        "a UUID of RFC 4122",
        statement(id=UUID + "0"),
        statement(id=UUID.replace("f", "g")),
        statement(id=UUID.replace("-", "")),
        statement(id=f"{{{UUID}}}"),
        statement(id=f"urn:uuid:{UUID}"),
        *both(object=reference(UUID[:-1] + "z"))[:1],
        *both(context={"registration": UUID + "0"}),
        *both(context={"registration": UUID[:-1]}),
        *both(context={"statement": reference(UUID + "0")}),
    ),
    refused(
        (28, 29),
        "a UUID is a text",
        statement(id=12),
        statement(id={"uuid": UUID}),
        statement(object=reference() | {"id": 12}),
        statement(object=reference() | {"id": {}}),
        *both(context={"registration": 12}),
        *both(context={"registration": {}}),
        *both(context={"statement": reference() | {"id": 12}}),
    ),
    accepted(
        (27, 29),
        "an id, a registration and references",
        statement(id=str(uuid4())),
        *both(context={"registration": UUID, "statement": reference()}),
        statement(object=reference()),
    ),
]

VERBS = [
    refused(
        (44, "4.2.2.2"),
        "a verb has an IRI",
        *both(verb={"display": {"fr": "x"}}),
        *both(verb={"id": "x"}),
        *both(verb={"id": 1}),
        *both(verb="http://of.example/v"),
        *both(verb=[VERB]),
    ),
    accepted((44,), "a verb needs no display", *both(verb={"id": "http://of.example/v"})),
    refused(
        (45,),
        "the display is texts by language",
        *both(verb={**VERB, "display": 1}),
        *both(verb={**VERB, "display": "x"}),
        *both(verb={**VERB, "display": ["x"]}),
        *both(verb={**VERB, "display": {"fr": 1}}),
    ),
    refused(
        (17, 20),
        "a voiding statement aims at a statement",
        voiding(UUID, object=activity()),
        voiding(UUID, object=agent()),
        voiding(UUID, object={"id": UUID}),
        voiding(UUID, object=substatement(object=reference())),
    ),
    accepted((19,), "a voiding statement, even of one that is not known", voiding(uuid4())),
]

OBJECTS = [
    refused(
        (46, "4.2.2.3"),
        "the five kinds of objects, in their letters",
        *both(object={**activity(), "objectType": "activity"}),
        *both(object=agent() | {"objectType": "agent"}),
        *both(object=group() | {"objectType": "group"}),
        *both(object=reference() | {"objectType": "statementref"}),
        statement(object=substatement() | {"objectType": "substatement"}),
        *both(object=activity() | {"objectType": 1}),
    ),
    accepted(
        (46, 73),
        "each kind of object",
        *both(object=activity()),
        *both(object=agent()),
        *both(object=group()),
        *both(object=group(MBOX)),
        *both(object=reference()),
        statement(object=substatement()),
    ),
    refused(
        (65,),
        "an agent or a group as object says what it is",
        *both(object=MBOX),
        *both(object=ACCOUNT),
        *both(object={"member": [agent()]}),
    ),
    refused(
        (72,),
        "a reference has the UUID of a statement",
        *both(object={"objectType": "StatementRef"}),
        *both(object=reference() | {"id": "x"}),
        *both(object=reference() | {"id": ACTIVITY}),
    ),
    refused(
        (73,),
        "a reference says that it is one",
        *both(object={"id": UUID}),
        *both(object=reference(objectType="Reference")),
    ),
    accepted(
        (66,),
        "a statement within is a whole one",
        *[
            statement(object=substatement(**more))
            for more in (
                {"context": {"platform": "x"}},
                {"result": {"success": True}},
                {"object": reference()},
                {"object": agent()},
                {"object": group()},
                {"timestamp": "2026-03-12T12:00:00Z"},
                {"attachments": [ATTACHMENT]},
            )
        ],
    ),
    refused(
        (66,),
        "a statement within needs its three parts",
        *[statement(object=substatement(**{key: ABSENT})) for key in ("actor", "verb", "object")],
        statement(object={**substatement(), "objectType": "Substatement"}),
    ),
    refused((67,), "no authority in a statement within", statement(object=substatement(authority=agent()))),
    refused((68,), "no version in a statement within", statement(object=substatement(version="1.0.0"))),
    refused(
        (69,),
        "no stored in a statement within",
        statement(object=substatement(stored="2026-03-12T12:00:00Z")),
    ),
    refused((70,), "no id in a statement within", statement(object=substatement(id=UUID))),
    refused((71,), "no third level", statement(object=substatement(object=substatement()))),
]

RESULTS = [
    accepted(
        (74, 75, 76, 79, "4.2.2.4"),
        "a whole result",
        *both(
            result={
                "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
                "success": True,
                "completion": False,
                "response": "",
                "duration": "PT1H",
                "extensions": {EXTENSION: 1},
            }
        ),
        *both(result={}),
    ),
    refused(
        (74,),
        "success is true or false",
        *both(result={"success": "true"}),
        *both(result={"success": 1}),
        *both(result={"success": {}}),
    ),
    refused(
        (75,),
        "completion is true or false",
        *both(result={"completion": "false"}),
        *both(result={"completion": 0}),
    ),
    refused(
        (76,),
        "a response is a text",
        *both(result={"response": 1}),
        *both(result={"response": {}}),
        *both(result={"response": True}),
    ),
    accepted(
        (77, 124, "4.2.7"),
        "durations of ISO 8601",
        *[
            one
            for text in (
                "PT0S",
                "PT4H35M59.14S",
                "P3Y1M29DT4H35M59.14S",
                "P4W",
                "PT16559.14S",
                "P1D",
                "P1Y",
                "P0.5Y",
                "PT1,5S",
            )
            for one in both(result={"duration": text})
        ],
    ),
    refused(
        (77, 124, "4.2.7"),
        "what is no duration",
        *[
            one
            for value in (
                "3 h",
                "P",
                "PT",
                "P1DT",
                "P4W1D",
                "PT1",
                "1H",
                "-PT1S",
                "P1S",
                "PT1H1D",
                60,
                {},
                ["PT1S"],
                True,
                "PT1S ",
                "pt1s",
            )
            for one in both(result={"duration": value})
        ],
    ),
    refused(
        (78,),
        "extensions of a result are an object",
        *both(result={"extensions": 1}),
        *both(result={"extensions": "x"}),
        *both(result={"extensions": []}),
    ),
    refused(
        (79,),
        "a score is an object",
        *both(result={"score": 1}),
        *both(result={"score": "1"}),
        *both(result={"score": [1]}),
        *both(result=1),
        *both(result=[]),
    ),
    accepted(
        (80, 81, 82),
        "numbers of a score",
        *[
            one
            for score in (
                {"max": 10.5, "min": 1.25},
                {"max": 1234567.5},
                {"raw": -3},
                {"raw": 1, "min": 1},
                {"raw": 1, "max": 1},
                {"raw": 0, "min": -1, "max": 1},
            )
            for one in both(result={"score": score})
        ],
    ),
    refused(
        (80, 81),
        "the least is below the greatest",
        *both(result={"score": {"min": 2, "max": 1}}),
        *both(result={"score": {"min": 1, "max": 1}}),
        *both(result={"score": {"max": "1"}}),
        *both(result={"score": {"min": []}}),
    ),
    refused(
        (82,),
        "a raw score stands between both",
        *both(result={"score": {"raw": 11, "max": 10}}),
        *both(result={"score": {"raw": -1, "min": 0}}),
        *both(result={"score": {"raw": 11, "min": 0, "max": 10}}),
    ),
    accepted(
        (83,),
        "a scaled score from -1 to 1",
        *[one for n in (-1, -1.0, 0, 0.123456789, 1, 1.0) for one in both(result={"score": {"scaled": n}})],
    ),
    refused(
        (83,),
        "a scaled score outside",
        *[one for n in (1.01, -1.00001, 100, "1") for one in both(result={"score": {"scaled": n}})],
    ),
]

CONTEXTS = [
    accepted(
        (87, 88, 89, 90, 91, 92, 93, 94, "4.2.2.5"),
        "a whole context",
        *both(
            context={
                "registration": UUID,
                "instructor": agent(),
                "team": group(),
                "revision": "2",
                "platform": "x",
                "language": "fr",
                "statement": reference(),
                "extensions": {EXTENSION: 1},
                "contextActivities": {
                    role: [activity()] for role in ("parent", "grouping", "category", "other")
                },
            }
        ),
    ),
    *[
        refused(
            (84,) if name == "revision" else (85,),
            f"{name} only with an activity",
            *[
                one
                for thing in (agent(), group(), reference())
                for one in both(object=thing, context={name: "1"})
            ],
            statement(object=substatement(), context={name: "1"}),
        )
        for name in ("revision", "platform")
    ],
    *[
        accepted(
            (84,) if name == "revision" else (85,),
            f"{name} with an activity that does not say so",
            *both(object={"id": ACTIVITY}, context={name: "1"}),
        )
        for name in ("revision", "platform")
    ],
    refused(
        (86,),
        "context activities are an object",
        *both(context={"contextActivities": "x"}),
        *both(context={"contextActivities": [activity()]}),
    ),
    refused(
        (87,),
        "a registration is a UUID",
        *both(context={"registration": {}}),
        *both(context={"registration": "x"}),
    ),
    refused(
        (87,),
        "an instructor is an agent or a group",
        *both(context={"instructor": {}}),
        *both(context={"instructor": "x"}),
        *both(context={"instructor": activity()}),
    ),
    refused(
        (88,),
        "a team is a group",
        *both(context={"team": agent()}),
        *both(context={"team": {}}),
        *both(context={"team": "x"}),
        *both(context={"team": MBOX}),
    ),
    refused((89,), "a revision is a text", *both(context={"revision": 1}), *both(context={"revision": {}})),
    refused((90,), "a platform is a text", *both(context={"platform": 1}), *both(context={"platform": {}})),
    refused(
        (91,),
        "a language is one of RFC 5646",
        *both(context={"language": 1}),
        *both(context={"language": {}}),
        *both(context={"language": "f_r"}),
    ),
    refused(
        (92,),
        "a statement of the context is a reference",
        *both(context={"statement": {"id": UUID}}),
        *both(context={"statement": reference("x")}),
        *both(context={"statement": statement()}),
        *both(context={"statement": UUID}),
        *both(context={"statement": reference() | {"objectType": "statementref"}}),
    ),
    refused(
        (93,),
        "four roles of activities",
        *both(context={"contextActivities": {"sibling": [activity()]}}),
        *both(context={"contextActivities": {"Parent": [activity()]}}),
    ),
    accepted(
        (93, 94, 96),
        "one activity, or a list, in each role",
        *[
            one
            for role in ("parent", "grouping", "category", "other")
            for value in (activity(), [activity()], [activity(), activity("urn:b")], [])
            for one in both(context={"contextActivities": {role: value}})
        ],
    ),
    refused(
        (94,),
        "what plays a role is an activity",
        *both(context={"contextActivities": {"parent": agent()}}),
        *both(context={"contextActivities": {"parent": [{}]}}),
        *both(context={"contextActivities": {"other": "x"}}),
        *both(context={"contextActivities": {"other": [1]}}),
    ),
]


def _persons(key, part, person, **changes):
    item = {"objectType": f"context{part.capitalize()}", part: person, **changes}
    return both(context={key: [{name: value for name, value in item.items() if value is not ABSENT}]})


PERSONS = [("contextAgents", "agent", agent()), ("contextGroups", "group", group())]
CONTEXT_PERSONS = [
    row
    for key, part, person in PERSONS
    for row in (
        accepted(
            ("4.2.2.5",),
            f"{key}: with or without relevant types",
            *_persons(key, part, person),
            *_persons(key, part, person, relevantTypes=["https://of.example/tutor"]),
            *both(context={key: []}),
            versions=(VERSION_2,),
        ),
        refused(
            ("4.2.2.5",),
            f"{key}: right kind, right {part}, relevant types that are IRIs",
            *_persons(key, part, person, objectType="Agent"),
            *_persons(key, part, person, objectType=ABSENT),
            *_persons(key, part, {}),
            *_persons(key, part, activity()),
            *_persons(key, part, ABSENT),
            *_persons(key, part, person, relevantTypes=[]),
            *_persons(key, part, person, relevantTypes=["tutor"]),
            *_persons(key, part, person, relevantTypes="https://of.example/tutor"),
            *_persons(key, part, person, note=1),
            *both(context={key: {part: person}}),
            versions=(VERSION_2,),
        ),
        refused((14,), f"{key}: unknown to 1.0.3", *_persons(key, part, person), versions=(VERSION_1,)),
    )
]

INSTANTS = [
    accepted(
        (22, 123, "4.2.4.2"),
        "instants of RFC 3339, the future among them",
        *[
            one
            for text in (
                "2026-03-12T12:00:00Z",
                "2026-03-12T12:00:00.123Z",
                "2026-03-12T12:00:00.123456789+02:00",
                "2100-01-01T00:00:00Z",
                "2026-03-12t12:00:00z",
                "2026-03-12T12:00:00-11:00",
                "2024-02-29T23:59:59Z",
            )
            for one in both(timestamp=text)
        ],
    ),
    refused(
        (22, 123, "4.2.4.2"),
        "what is no instant",
        *[
            one
            for value in (
                "x",
                "2026",
                "2026-03-12",
                "2026-13-12T12:00:00Z",
                "2026-02-29T12:00:00Z",
                "2026-03-12T25:00:00Z",
                "12/03/2026",
                "2026-03-12T12:00:00",
                1773316800,
                {},
                "2026-03-12T12:00:00-00",
                "2026-03-12T12:00:00-0000",
                "2026-03-12T12:00:00-00:00",
                "2026-03-12T12:00:61Z",
                "2026-03-12T12:00:00Zjunk",
            )
            for one in both(timestamp=value)
        ],
    ),
    accepted((23, 97), "stored may be said, and is ignored", statement(stored="2001-01-01T00:00:00Z")),
    refused(
        (23,),
        "stored is an instant",
        statement(stored="x"),
        statement(stored=1),
        statement(stored="2001-01-01T00:00:00-00:00"),
    ),
    accepted(
        (101, "4.2.4.3"),
        "versions 1.0 and their patches",
        *[statement(version=v) for v in ("1.0", "1.0.0", "1.0.9", "1.0.32")],
    ),
    accepted(
        (101, "4.2.4.3"),
        "versions 2.0 and their patches",
        *[statement(version=v) for v in ("2.0.0", "2.0.1")],
        versions=(VERSION_2,),
    ),
    refused((101, "4.2.4.3"), "2.0 in a request of 1.0.3", statement(version="2.0.0"), versions=(VERSION_1,)),
    refused(
        (101, "4.2.4.3"),
        "other versions",
        *[statement(version=v) for v in ("x", "0.9.9", "1.1.0", "3.0.0", "1", 1, 1.0, "", {})],
    ),
]

EXTENSIONS = [
    refused(
        (118, "4.2.7"),
        "the key of an extension is an IRI",
        *_with_extensions({"clef": 1}),
        *_with_extensions({"": 1}),
    ),
    accepted(
        (1, 119, 120),
        "the value of an extension is anything, or nothing",
        *[
            one
            for value in (None, "", {}, [], 1, -2.5, True, "x", {"a": [None, {"b": None}]})
            for one in _with_extensions({EXTENSION: value})
        ],
        *_with_extensions({}),
    ),
    refused(
        (57, 120),
        "extensions are an object",
        *_with_extensions(1),
        *_with_extensions("x"),
        *_with_extensions([]),
    ),
]

ATTACHMENTS = [
    accepted(
        (25, "4.2.2.6"),
        "attachments are a list",
        _attached(),
        statement(attachments=[]),
        _attached(description={"fr": "x"}),
    ),
    refused(
        (25,),
        "attachments are nothing else",
        statement(attachments=ATTACHMENT),
        statement(attachments="x"),
        statement(attachments=1),
    ),
    refused(
        (25,),
        "an attachment is an object",
        statement(attachments=[1]),
        statement(attachments=["x"]),
        statement(attachments=[[]]),
    ),
    refused(
        (102,),
        "the length is a whole number",
        _attached(length="x"),
        _attached(length=1.5),
        _attached(length=-1),
        _attached(length=ABSENT),
    ),
    refused(
        (103,),
        "the hash is a text",
        _attached(sha2=1),
        _attached(sha2="x"),
        _attached(sha2=ABSENT),
        _attached(sha2={}),
    ),
    refused(
        (104,), "the address is an IRI", _attached(fileUrl="x"), _attached(fileUrl=1), _attached(fileUrl="")
    ),
    refused(
        (105,),
        "the content has a media type",
        _attached(contentType=1),
        _attached(contentType=ABSENT),
        _attached(contentType=""),
    ),
    refused(
        (106,),
        "display and description are texts by language",
        *[
            _attached(**{key: value})
            for key in ("display", "description")
            for value in (1, "x", [], {"fr": 1})
        ],
        _attached(display=ABSENT),
    ),
    refused(
        (107,),
        "the use is an IRI",
        _attached(usageType="x"),
        _attached(usageType=1),
        _attached(usageType=ABSENT),
    ),
    refused(
        (129,),
        "without multipart each attachment has an address",
        _attached(fileUrl=ABSENT),
        statement(attachments=[ATTACHMENT, {k: v for k, v in ATTACHMENT.items() if k != "fileUrl"}]),
    ),
]

TABLE = [
    *FORMAT,
    *IDENTIFIERS,
    *VERBS,
    *OBJECTS,
    *RESULTS,
    *CONTEXTS,
    *CONTEXT_PERSONS,
    *INSTANTS,
    *EXTENSIONS,
    *ATTACHMENTS,
]


@pytest.mark.django_db
@table(TABLE)
def test_the_grammar_of_statements(case, version):
    assert judge(case, version) == []
