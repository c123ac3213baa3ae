"""The pages of docs/xapi: the profile, and what an implementer of another system needs to know beside it."""

import json
from collections.abc import Iterable
from typing import Any

from courses.api import ACTIVITY_TYPES, VERBS, EvidenceClass, Scope

from . import documentation, xapi_profile
from .xapi_profile import TEMPLATES, JsonObject, Template

SITE = "https://SITE"
ORIGINS = (
    ("http://adlnet.gov/expapi/", "ADL"),
    ("http://activitystrea.ms/schema/1.0/", "Activity Streams"),
    ("https://w3id.org/xapi/", "cmi5"),
    ("http://id.tincanapi.com/", "Tin Can registry"),
)
# A plausible value for each location that a template asks for; `of_kind` says what differs between kinds.
SAMPLE: JsonObject = {
    "$.id": "6f2c1a9e-3d57-4c0e-8b41-2a7d9c5e1f30",
    "$.actor.account.homePage": SITE,
    "$.actor.account.name": "0b9d3c1e-5a44-4f7b-9f39-7b1c2d8e6a11",
    "$.object.id": f"{SITE}/xapi/activites/3b0f7d52-8c1e-4e6d-a0c4-51d9e7f2b684",
    "$.object.definition.name.fr": "Titre fictif",
    "$.context.registration": "d41c7e20-96fb-4b8a-8f53-0c2e9a7b1d65",
    "$.result.score.scaled": 0.9,
    "$.result.score.raw": 90,
    "$.result.duration": "PT3H30M",
    "$.timestamp": "2026-03-16T11:30:00.000000Z",
    "$.stored": "2026-03-16T11:40:00.000000Z",
    "$.authority.account.homePage": SITE,
}
OF_KIND: dict[str, JsonObject] = {
    "quiz-failed": {"$.result.score.scaled": 0.4, "$.result.score.raw": 40},
    "placement": {"$.result.duration": "PT35H"},
    "block-earned": {"$.object.id": f"{SITE}/xapi/certifications/CCP1"},
    "block-failed": {"$.object.id": f"{SITE}/xapi/certifications/CCP1"},
    "voiding": {"$.object.id": "c8e5b1f4-27d0-4a93-b6a8-9e3f0d1c7b52"},
}
OPENS = {
    Scope.STATEMENTS_WRITE: "sending statements; the default",
    Scope.STATEMENTS_READ_MINE: "reading the statements that this key sent; agents and activities",
    Scope.STATEMENTS_READ: "reading all statements of the organisation; agents and activities",
    Scope.STATE: "the states of activities",
    Scope.PROFILE: "the profiles of agents and activities",
    Scope.ALL: "all of these, and voiding, which no other scope opens",
}
SIZES = (
    ("a statement", "1 MB", "400"),
    ("statements in a request", "1,000, all stored or none", "400"),
    ("depth of JSON", "64 levels", "400"),
    ("a request", "32 MB, not compressed (400)", "413"),
    ("a document (state, profile)", "10 MB", "413"),
    ("an account (`homePage` and `name` together)", "480 characters", "400"),
    ("a page of statements", "100, or `limit` up to 500; more is cut to 500", "–"),
)
REFUSALS = (
    ("400", "not xAPI, or beyond a size; an unknown parameter or property, a `null`, a duplicate key", "the JSON path"),
    ("401", "no key, or an unknown, expired or revoked one", "–"),
    ("403", "the scopes of the key do not open this", "–"),
    ("404", "no such statement or document, or not for this key: the answer is the same", "–"),
    ("405", "a method that the resource does not have", "–"),
    ("409", "the id is stored with another content; a document exists and no `If-Match` was sent", "–"),
    ("412", "`If-Match` or `If-None-Match` does not hold: read again", "–"),
    ("413", "the body is too large", "–"),
)  # fmt: skip


def pages() -> dict[str, str]:
    """Every page of docs/xapi by its file name."""
    readme = [documentation.NOTICE, "# The xAPI profile of this house", "", *_readme()]
    document = json.dumps(xapi_profile.profile(), ensure_ascii=False, indent=2)
    return {"README.md": "\n".join(readme) + "\n", "profile.jsonld": document + "\n"}


def example(template: Template) -> JsonObject:
    """A statement of that kind, made of what its template asks for and nothing else."""
    values = SAMPLE | OF_KIND.get(template.name, {}) | dict(xapi_profile.fixed(template))
    places = [
        *xapi_profile.included(template), *template.recommended, *dict(xapi_profile.fixed(template)),
    ]  # fmt: skip
    verb, kind = VERBS[template.verb], template.activity_type
    known: JsonObject = {
        "$.actor.objectType": "Agent",
        "$.verb.id": verb.iri,
        "$.verb.display.fr": verb.label,
        "$.authority.objectType": "Agent",
        xapi_profile.AUTHORITY: template.authority,
    }
    if kind:
        known |= {"$.object.objectType": "Activity", "$.object.definition.type": ACTIVITY_TYPES[kind].iri}
    return _nested(known | {place: values[place] for place in places})


# The order in which people read a statement.
_ORDER = ("id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version")


def _nested(values: JsonObject) -> JsonObject:
    """{"$.a.b": 1} as {"a": {"b": 1}}."""
    whole: JsonObject = {}
    for place, value in sorted(values.items(), key=_reading_order):
        *parents, last = place.split(".")[1:]
        part = whole
        for name in parents:
            part = part.setdefault(name, {})
        part[last] = value
    return whole


def _reading_order(item: tuple[str, Any]) -> tuple[int, int]:
    part, *deeper = item[0].split(".")[1:]
    return _ORDER.index(part), len(deeper)


def _readme() -> list[str]:
    return [
        "What this site records itself, for those who write or read statements in another system. The document for",
        f"machines is [profile.jsonld](profile.jsonld) ([xAPI Profiles 1.0]({xapi_profile.SPECIFICATION})); the tests",
        "hold both against statements that were really recorded. It makes no word of its own, so it has no concepts,",
        "and statements do not name it among their categories: they are known by verb, type of object and authority.",
        "",
        "## Statements",
        "",
        *documentation.table(("Statement", "Verb", "Object", "Class", "Authority"), map(_line, TEMPLATES)),
        "",
        "All are 1.0.3. The actor is an account of this site with an opaque identifier; no name, no address. What is",
        "in `<…>` is a UUID. `context.registration` is the enrolment; a candidate who came without training has none.",
        "Durations are what was proved, not what was spent in front of a screen. A statement is never changed: a",
        "correction is another statement.",
        *(line for template in TEMPLATES for line in _statement(template)),
        "",
        "## Where it comes from decides what it counts for",
        "",
        "The server sets `authority` and the class of evidence, from the way by which a statement came in; what a body",
        "says of them is replaced. The class is not in the statement: read it from the authority.",
        "",
        *documentation.table(
            ("Class", "Authority", "Meaning"),
            [
                (f"**{one.value}**", documentation.AUTHORITY[one], documentation.MEANING[one])
                for one in EvidenceClass
            ],
        ),
        "",
        "What other systems send is E4: kept, shown, forwarded, never hours, success nor money.",
        "",
        "## Vocabulary",
        "",
        "No IRI is ours. Other systems may use any.",
        *(line for origin, name in ORIGINS for line in _vocabulary(origin, name)),
        "",
        "## Sending to the store, and reading it",
        "",
        "How to get a key, which address to give, how to set four clients:",
        "[connect another system](../how-to/connect-to-the-record-store.md). Both 1.0.3 and 2.0.0 are spoken, each",
        "request under the rules of the version that it announces.",
        "",
        "### Scopes of a key",
        "",
        *documentation.table(("Scope", "Opens"), [(f"`{one.value}`", OPENS[one]) for one in Scope]),
        "",
        "### Sizes",
        "",
        *documentation.table(("What", "At most", "Beyond"), SIZES),
        "",
        "### Refusals",
        "",
        'A refusal is JSON, `{"message", "field"}`: the message in French, then in English; the field where known.',
        "",
        *documentation.table(("Status", "Because", "`field`"), REFUSALS),
        "",
        "Sending the same statement again is no conflict: 200 or 204, and one row. Voiding is obeyed within the",
        "organisation of the key; beyond, it is stored without effect.",
    ]  # fmt: skip


def _line(template: Template) -> tuple[str, ...]:
    kind = template.activity_type
    return (
        f"[{template.label[1]}](#{template.name})",
        f"`{template.verb}`",
        f"`{kind}`" if kind else "a statement",
        template.evidence_class.value,
        f"`{template.authority}`",
    )


def _statement(template: Template) -> list[str]:
    return [
        "",
        f"### {template.name}",
        "",
        f"{template.definition[1]} Vouched for by {template.vouches[1]}.",
        "",
        "```json",
        json.dumps(example(template), ensure_ascii=False, indent=2),
        "```",
    ]


def _vocabulary(origin: str, name: str) -> list[str]:
    rows = [
        *_terms("verb", VERBS.values(), origin),
        *_terms("activity type", ACTIVITY_TYPES.values(), origin),
    ]
    return ["", f"### {name}: `{origin}`", "", *documentation.table(("Kind", "IRI", "On screen"), rows)]


def _terms(kind: str, terms: Iterable[Any], origin: str) -> list[tuple[str, ...]]:
    return [
        (kind, f"`…{term.iri.removeprefix(origin)}`", term.label)
        for term in terms
        if term.iri.startswith(origin)
    ]
