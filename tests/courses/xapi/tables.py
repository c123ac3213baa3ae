"""Tables of cases: which requirements, what is asked in a short sentence, the request, what is expected."""

import csv
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .caller import BOTH, Ask

LIST = Path(__file__).with_name("requirements.csv")


@dataclass(frozen=True)
class Case:
    """A request, after others that must succeed, and the status of its answer."""

    requirements: tuple[int | str, ...]
    sentence: str
    ask: Ask
    status: int
    before: tuple[Ask, ...] = ()
    holds: Callable[[Any], bool] | None = None  # what else is true of the answer
    versions: tuple[str, ...] = BOTH


@dataclass(frozen=True)
class Grammar:
    """Statements that are all accepted, or all refused."""

    requirements: tuple[int | str, ...]
    sentence: str
    accepted: bool
    statements: tuple[Any, ...] = field(repr=False)
    versions: tuple[str, ...] = BOTH


def table(rows):
    """Each row of a table, in each of its versions."""
    return pytest.mark.parametrize(
        ("case", "version"),
        [
            pytest.param(row, version, id=f"{version} {' '.join(map(name, row.requirements))} {row.sentence}")
            for row in rows
            for version in row.versions
        ],
    )


def covers(*requirements):
    """For a test that is no row of a table: the requirements that it proves."""

    def mark(function):
        function.requirements = requirements
        return function

    return mark


def name(requirement):
    """Numbers are those of the public suites; texts are sections of the specification 2.0.0."""
    return f"XAPI-{requirement:05d}" if isinstance(requirement, int) else requirement


def listed() -> dict[str, dict[str, str]]:
    """The requirements, by their id."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter=";")}


def named_by(module: ModuleType) -> Iterator[tuple[str, str]]:
    """(requirement, version) of what the tests of a module really run; a version of "" stands for both."""
    for function in _tests(module):
        for requirement in getattr(function, "requirements", ()):
            yield name(requirement), ""
        for mark in getattr(function, "pytestmark", ()):
            if mark.name == "parametrize":
                for parameters in mark.args[1]:
                    yield from _of_row(getattr(parameters, "values", ()))


def _of_row(values: Any) -> Iterator[tuple[str, str]]:
    if len(values) == 2 and isinstance(values[0], (Case, Grammar)):
        row, version = values
        for requirement in row.requirements:
            yield name(requirement), version


def _tests(module: ModuleType) -> Iterator[Any]:
    for _, thing in inspect.getmembers(module):
        if (
            inspect.isclass(thing)
            and thing.__module__ == module.__name__
            and thing.__name__.startswith("Test")
        ):
            yield from (function for key, function in vars(thing).items() if key.startswith("test_"))
        elif inspect.isfunction(thing) and thing.__name__.startswith("test_"):
            yield thing
