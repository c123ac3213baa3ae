"""What activities say of themselves (xAPI Data 2.4.4.1; 2.0.0 §4.2.2.3): definitions and interactions."""

# mypy: disable-error-code="var-annotated"

import pytest

from .grammar import accepted, judge, refused
from .statements import activity, both, described
from .tables import table

PARTS = {
    "choices": ("choice", "sequencing"),
    "scale": ("likert",),
    "source": ("matching",),
    "target": ("matching",),
    "steps": ("performance",),
}
NUMBERS = {"choices": 51, "scale": 52, "source": 53, "target": 54, "steps": 55}
INTERACTIONS = (
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
)
ITEMS = [{"id": "a", "description": {"fr": "Un"}}, {"id": "b"}]


def _with_items(items):
    """In every list of items that an interaction may have."""
    return described(*[{"interactionType": used[0], part: items} for part, used in PARTS.items()])


def _elsewhere(part):
    """The interactions that have no such list."""
    return [{"interactionType": one, part: ITEMS} for one in INTERACTIONS if one not in PARTS[part]]


TABLE = [
    refused(
        (47, "4.2.2.3"),
        "an activity has an IRI",
        *both(object={"objectType": "Activity"}),
        *both(object={}),
        *both(object=activity("x")),
        *both(object=activity(1)),
        *both(object=activity() | {"id": ["urn:a"]}),
    ),
    accepted(
        (47,),
        "an activity needs no more than its IRI",
        *both(object={"id": "urn:a"}),
        *both(object=activity("tag:of.example,2026:é")),
    ),
    refused((48,), "a definition is an object", *described("x", 1, [], True)),
    accepted(
        (48,),
        "a definition may be empty",
        *described(
            {},
            {"name": {}},
            {"description": {"fr": "x"}},
            {"type": "urn:t"},
            {"moreInfo": "https://of.example"},
            {"extensions": {}},
        ),
    ),
    refused(
        (56,),
        "a name is texts by language",
        *described(*[{"name": value} for value in (1, "x", [], {"fr": 1})]),
    ),
    refused(
        (59,),
        "a description is texts by language",
        *described(*[{"description": value} for value in (1, "x", [], {"fr": {}})]),
    ),
    refused((60,), "a type is an IRI", *described({"type": "x"}, {"type": 1}, {"type": {}})),
    refused(
        (61,),
        "more information is at an IRL",
        *described({"moreInfo": "x"}, {"moreInfo": 1}, {"moreInfo": []}),
    ),
    refused(
        (57,),
        "extensions are an object",
        *described({"extensions": "x"}, {"extensions": "urn:x"}, {"extensions": 1}),
    ),
    accepted((49,), "the ten interactions", *described(*[{"interactionType": one} for one in INTERACTIONS])),
    refused(
        (49,),
        "no other interaction",
        *described(
            *[
                {"interactionType": one}
                for one in ("https://of.example/choice", 1, {}, "x", "", ["choice"], "multiple-choice")
            ]
        ),
    ),
    accepted(
        (50,),
        "right answers are a list of texts",
        *described(
            {"interactionType": "choice", "correctResponsesPattern": ["a[,]b"]},
            {"interactionType": "other", "correctResponsesPattern": []},
        ),
    ),
    refused(
        (50,),
        "right answers are nothing else",
        *described(
            *[
                {"interactionType": "choice", "correctResponsesPattern": value}
                for value in ("a", {}, 1, [1], [["a"]])
            ]
        ),
    ),
    *[
        accepted(
            (number, "4.2.2.3"),
            f"{part} where they belong",
            *described(*[{"interactionType": one, part: ITEMS} for one in PARTS[part]]),
        )
        for part, number in NUMBERS.items()
    ],
    *[
        refused(
            (number,),
            f"{part} are a list of items, where they belong",
            *described(
                *_elsewhere(part),
                *[{"interactionType": PARTS[part][0], part: value} for value in ("a", {}, 1)],
            ),
        )
        for part, number in NUMBERS.items()
    ],
    refused((58,), "the ids of a list differ", *_with_items([{"id": "a"}, {"id": "a"}])),
    refused(
        (62,),
        "an item is described in texts by language",
        *_with_items([{"id": "a", "description": "x"}]),
        *_with_items([{"id": "a", "description": 1}]),
        *_with_items([{"id": "a", "description": {"f_r": "x"}}]),
    ),
    refused(
        (63,),
        "an item has an id, which is a text",
        *_with_items([{"description": {"fr": "x"}}]),
        *_with_items([{"id": 1}]),
        *_with_items([{"id": ""}]),
        *_with_items(["a"]),
        *_with_items([{"id": "a", "text": "x"}]),
    ),
    refused(
        (64,),
        "what belongs to an interaction comes with its type",
        *described({"correctResponsesPattern": ["a"]}, *[{part: ITEMS} for part in PARTS]),
    ),
]


@pytest.mark.django_db
@table(TABLE)
def test_activities(case, version):
    assert judge(case, version) == []
