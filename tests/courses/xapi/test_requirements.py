"""Every requirement of both public suites is asked by a test of ours, in each version that has it."""

from collections import defaultdict

from . import (
    tables,
    test_activities_grammar,
    test_actors_grammar,
    test_agents_activities_about,
    test_alternate_syntax,
    test_attachments_signatures,
    test_documents,
    test_headers_versions,
    test_hostile,
    test_statement_resource,
    test_statements_grammar,
    test_voiding,
)
from .caller import BOTH

MODULES = (
    test_activities_grammar,
    test_actors_grammar,
    test_agents_activities_about,
    test_alternate_syntax,
    test_attachments_signatures,
    test_documents,
    test_headers_versions,
    test_hostile,
    test_statement_resource,
    test_statements_grammar,
    test_voiding,
)


def _named():
    found = defaultdict(set)
    for module in MODULES:
        for requirement, version in tables.named_by(module):
            found[requirement] |= {version} if version else set(BOTH)
    return found


def test_each_requirement_is_asked_in_each_version_that_has_it():
    named = _named()

    forgotten = [
        f"{requirement} in {version}"
        for requirement, row in tables.listed().items()
        for version in row["versions"].split()
        if version not in named[requirement]
    ]

    assert forgotten == []


def test_no_test_names_a_requirement_that_is_not_listed():
    assert set(_named()) - set(tables.listed()) == set()


def test_the_list_is_whole():
    numbers = [requirement for requirement in tables.listed() if requirement.startswith("XAPI-")]

    assert numbers == [tables.name(number) for number in range(1, 337)]
