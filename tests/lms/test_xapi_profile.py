"""The published profile, held against what the house really records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from certification import api as certification
from courses import api as courses
from courses.models import LrsKey, Statement
from courses.shared import strict_json
from courses.shared.errors import DomainError
from courses.xapi import documents, errors, ingest
from courses.xapi.queries import search
from courses.xapi.views import call
from lms.operations import documentation, xapi_guide, xapi_profile
from lms.operations.xapi_profile import TEMPLATES, Template
from tests.world import MONDAY, Line, Organisation, at

DOCS = Path(__file__).resolve().parents[2] / "docs"
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def at_place(statement: Any, place: str) -> list[Any]:
    """What the location of a rule holds: nothing, or one value."""
    value = statement
    for name in place.removeprefix("$.").split("."):
        if not isinstance(value, dict) or name not in value:
            return []
        value = value[name]
    return [value]


def follows(statement: dict[str, Any], published: dict[str, Any]) -> list[str]:
    """The faults of a statement under a published template: its determining properties, then its rules."""
    faults = [] if statement["verb"]["id"] == published["verb"] else ["verb"]
    kind = at_place(statement, "$.object.definition.type")
    if kind != ([published["objectActivityType"]] if "objectActivityType" in published else []):
        faults.append("object")
    for rule in published["rules"]:
        found = at_place(statement, rule["location"])
        missing = rule.get("presence") == "included" and not found
        present = rule.get("presence") == "excluded" and found
        other = [value for value in found if "all" in rule and value not in rule["all"]]
        if missing or present or other:
            faults.append(rule["location"])
    return faults


def vouched(statement: dict[str, Any], template: Template) -> bool:
    pattern = UUID.join(map(re.escape, re.split(r"<[^>]+>", template.authority)))
    return re.fullmatch(pattern, statement["authority"]["account"]["name"]) is not None


def places(value: Any, at_: str = "$") -> Iterator[str]:
    if not isinstance(value, dict):
        yield at_
        return
    for name, part in value.items():
        yield from places(part, f"{at_}.{name}")


@pytest.fixture
def recorded(db) -> list[Statement]:
    """The true line, and what goes less well: a quiz failed, a decision corrected, a statement voided."""
    line = Line(Organisation())
    courses.grade_attempt(
        enrolment=line.enrolment,
        quiz_version=line.quiz,
        answers={},
        actor=line.adviser.user,
        at=at(MONDAY, 16),
    )
    certification.correct_decision(
        decision=line.decision,
        outcome="not_acquired",
        reason="Une pièce fictive manquait.",
        second_author=line.jury[1],
        actor=line.jury[0],
        at=at(line.exam_day + timedelta(days=3)),
    )
    manager, organisation = line.organisation.manager, line.organisation.training
    key, _ = courses.create_lrs_key(organisation=organisation, scopes=[], actor=manager, at=at(MONDAY))
    sent = {
        "id": str(uuid4()),
        "actor": {"mbox": "mailto:inconnu@exemple.invalid"},
        "verb": {"id": courses.VERBS["completed"].iri},
        "object": {"id": "https://outil.exemple.invalid/1"},
    }
    courses.ingest(raw=json.dumps(sent).encode(), credential=key, at=at(MONDAY))
    courses.void_statement(
        statement=Statement.objects.get(uuid=sent["id"]),
        actor=manager,
        at=at(MONDAY, 17),
        reason="Envoyée par erreur.",
    )
    assert LrsKey.objects.count() == 1
    return list(Statement.objects.filter(credential=None).order_by("seq"))


class TestStatements:
    def test_each_one_recorded_by_the_house_meets_exactly_one_template(self, recorded):
        published = {one["id"]: one for one in xapi_profile.profile()["templates"]}
        met: set[str] = set()

        for row in recorded:
            statement = json.loads(row.raw)
            matching = [one for one in TEMPLATES if not follows(statement, published[one.iri])]

            names = [one.name for one in matching]
            assert len(names) == 1, (names, {o.name: follows(statement, published[o.iri]) for o in TEMPLATES})
            assert vouched(statement, matching[0]), statement["authority"]
            assert row.evidence_class == matching[0].evidence_class, row.raw
            met.add(names[0])

        assert met == {template.name for template in TEMPLATES}

    def test_the_example_of_each_kind_says_what_a_recorded_one_says(self, recorded):
        published = {one["id"]: one for one in xapi_profile.profile()["templates"]}
        for template in TEMPLATES:
            example = xapi_guide.example(template)
            true = next(
                statement
                for statement in (json.loads(row.raw) for row in recorded)
                if not follows(statement, published[template.iri])
            )

            assert follows(example, published[template.iri]) == []
            assert set(places(example)) == set(places(true)), template.name

    def test_what_another_system_sent_is_in_no_template(self, recorded):
        statement = json.loads(Statement.objects.exclude(credential=None).get().raw)

        for published in xapi_profile.profile()["templates"]:
            assert follows(statement, published)


class TestDocument:
    def test_holds_nothing_empty_and_no_identifier_twice(self):
        def parts(value: Any) -> Iterator[Any]:
            yield value
            children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            for child in children:
                yield from parts(child)

        document = xapi_profile.profile()
        ids = [document["id"], *(one["id"] for one in document["versions"] + document["templates"])]

        assert [part for part in parts(document) if part in ({}, [], "", None)] == []
        assert len(ids) == len(set(ids))
        assert {one["inScheme"] for one in document["templates"]} == {document["versions"][0]["id"]}

    def test_each_rule_asks_for_something_and_its_note_says_the_class(self):
        for template, published in zip(TEMPLATES, xapi_profile.profile()["templates"], strict=True):
            assert all("presence" in rule for rule in published["rules"])
            (note,) = [rule["scopeNote"] for rule in published["rules"] if "scopeNote" in rule]
            assert f"class {template.evidence_class.value}" in note["en"]

    def test_says_the_same_whatever_the_address_of_the_site(self, settings):
        before = xapi_guide.pages()

        settings.LMS_PUBLIC_URL = "https://lms.example.test"

        assert xapi_guide.pages() == before

    def test_the_pages_of_the_repository_are_those_of_the_code(self):
        assert documentation.stale(DOCS / "xapi", xapi_guide.pages()) == [], "run make docs"


class TestGuide:
    def test_the_sizes_told_are_those_of_the_code(self):
        told = {what: most for what, most, _ in xapi_guide.SIZES}
        megabyte = 1024 * 1024

        assert told["a statement"] == f"{ingest.MAX_STATEMENT_BYTES // megabyte} MB"
        assert told["statements in a request"].startswith(f"{ingest.MAX_BATCH:,},")
        assert told["a request"].startswith(f"{call.MAX_BODY // megabyte} MB")
        assert told["a document (state, profile)"] == f"{documents.MAX_BYTES // megabyte} MB"
        assert told["depth of JSON"] == f"{strict_json.MAX_DEPTH} levels"
        assert f"{search.DEFAULT_LIMIT}, or `limit` up to {search.MAX_LIMIT};" in told["a page of statements"]

    def test_every_status_of_a_refusal_of_the_room_is_told(self):
        refusals = [
            one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DomainError)
        ]
        unused = {"NotVoidableError", "UnknownScopeError", "DomainError"}  # of screens and commands

        statuses = {str(one.status) for one in refusals if one.__name__ not in unused}

        assert statuses <= {status for status, _, _ in xapi_guide.REFUSALS}

    def test_every_word_and_every_scope_is_in_the_page(self):
        page = xapi_guide.pages()["README.md"]
        told = page.count("| verb |") + page.count("| activity type |")

        assert told == len(courses.VERBS) + len(courses.ACTIVITY_TYPES)
        assert all(f"`{scope.value}`" in page for scope in courses.Scope)

    def test_a_table_has_as_many_cells_as_headings(self):
        for block in re.findall(r"(?:^\|.*\n)+", xapi_guide.pages()["README.md"], re.MULTILINE):
            assert len({len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block
