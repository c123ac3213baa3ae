"""The house keeps its own rules, and the rules see what they are for."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.house import rules
from tests.house.rules import RULES, Rule


@cache
def tree_of(path: PurePosixPath) -> ast.Module:
    return rules.parse((rules.ROOT / path).read_text())


def named(rule: Rule) -> str:
    return rule.name


@pytest.mark.parametrize("rule", RULES, ids=named)
class TestEachRule:
    def test_sees_its_bad_samples(self, rule):
        for sample in rule.bad:
            found = list(rule.breaches(PurePosixPath(rule.path), rules.parse(sample)))

            assert found, f"not seen: {sample}"

    def test_leaves_its_good_samples_alone(self, rule):
        for sample in rule.good:
            found = list(rule.breaches(PurePosixPath(rule.path), rules.parse(sample)))

            assert not found, f"seen by mistake: {sample}"

    def test_holds_in_the_whole_house(self, rule):
        broken = [f"{path}:{line}" for path in rules.sources() for line in rule.breaches(path, tree_of(path))]

        assert not broken, f"{rule.why}\n" + "\n".join(broken)


def test_no_drawer_is_called_utils():
    vague = [str(path) for path in rules.sources() if rules.VAGUE_NAMES & set(path.parts)]

    assert not vague
