"""The import law holds; and each of its contracts, broken on purpose in a copy of the house, is caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.rules import APPS, ROOT


@dataclass(frozen=True)
class Offence:
    """One file that breaks one contract."""

    contract: str
    file: str
    says: str


OFFENCES = (
    Offence("The house: lms", "courses/shared/offence.py", "import certification.programme"),
    Offence("The house: lms", "certification/programme/offence.py", "from cms import models"),
    Offence("The house: lms", "cms/blocks/offence.py", "def f():\n    from lms import settings"),
    Offence("The floors of courses", "courses/people/offence.py", "import courses.attendance"),
    Offence("The floors of courses", "courses/attendance/offence.py", "import courses.assessment"),
    Offence("The floors of courses", "courses/pathways/offence.py", "from courses import models"),
    Offence("The floors of courses", "courses/shared/offence.py", "import courses.audit"),
    Offence("The floors of courses", "courses/attic/__init__.py", ""),
    Offence(
        "The floors of certification", "certification/completion/offence.py", "import certification.funding"
    ),
    Offence("The floors of certification", "certification/attic.py", ""),
    Offence("The floors of cms", "cms/blocks/offence.py", "import cms.models"),
    Offence("The floors of cms", "cms/attic.py", ""),
    Offence("The floors of lms", "lms/operations/offence.py", "import lms.urls"),
    Offence("The floors of lms", "lms/attic.py", ""),
    Offence(
        "enters courses by its door", "certification/programme/offence.py", "import courses.people.models"
    ),
    Offence("enters courses by its door", "lms/reporting/offence.py", "from courses.xapi import services"),
    Offence("enters courses by its door", "cms/blocks/offence.py", "import courses.catalogue"),
    Offence("enters certification by its door", "lms/reporting/offence.py", "import certification.funding"),
    Offence("enters certification by its door", "cms/blocks/offence.py", "import certification.credentials"),
    Offence("Wagtail stays", "courses/people/offence.py", "from wagtail.models import Page"),
    Offence("Wagtail stays", "lms/reporting/offence.py", "def f():\n    import wagtail"),
    Offence("pandas stays", "cms/blocks/offence.py", "def f():\n    import pandas as pd"),
    Offence("pandas stays", "lms/operations/offence.py", "import pandas"),
    Offence("tincan stays", "courses/people/offence.py", "from tincan import Statement"),
    Offence("know", "lms/operations/offence.py", "from tests import factories"),
)
ALLOWED = (
    Offence("", "lms/reporting/visitor.py", "def f():\n    import pandas"),
    Offence("", "courses/xapi/visitor.py", "import tincan"),
    Offence("", "certification/programme/visitor.py", "from courses.shared import clock"),
    Offence("", "cms/blocks/visitor.py", "import wagtail.blocks"),
)
# Rooms that an offence names and that the house may not have built yet.
ROOMS = (
    "courses/people", "courses/attendance", "courses/assessment", "courses/pathways", "courses/catalogue",
    "courses/audit", "courses/xapi", "courses/shared", "certification/programme", "certification/completion",
    "certification/funding", "certification/credentials", "cms/blocks", "lms/operations", "lms/reporting",
)  # fmt: skip


@pytest.fixture(scope="module")
def bare_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house with its rooms and doors, but empty of code: quick to lint, and lawful."""
    copy = tmp_path_factory.mktemp("law") / "house"
    for app in APPS:
        (copy / app).mkdir(parents=True)
        (copy / app / "__init__.py").touch()
    for door in ("models", "api", "events"):
        for app in ("courses", "certification", "cms"):
            (copy / app / f"{door}.py").touch()
    for room in ROOMS:
        (copy / room).mkdir(exist_ok=True)
        (copy / room / "__init__.py").touch()
    for file in ("courses/people/models.py", "courses/xapi/services.py", "courses/shared/clock.py"):
        (copy / file).touch()
    for file in ("lms/settings.py", "lms/urls.py"):
        (copy / file).touch()
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, offence: Offence, tmp_path: Path) -> Path:
    copy = tmp_path / "house"
    shutil.copytree(folder, copy)
    target = copy / offence.file
    target.parent.mkdir(exist_ok=True)
    target.write_text(offence.says + "\n")
    return copy


@pytest.mark.parametrize("offence", OFFENCES, ids=lambda o: f"{o.file}: {o.says[:40]}")
def test_a_breach_is_caught_by_its_contract(bare_house, tmp_path, offence):
    broken = write(bare_house, offence, tmp_path)

    verdict = lint(broken)

    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    caught = [line for line in verdict.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(offence.contract in line for line in caught), verdict.stdout


@pytest.mark.parametrize("visitor", ALLOWED, ids=lambda o: o.file)
def test_what_the_law_allows_passes(bare_house, tmp_path, visitor):
    lawful = write(bare_house, visitor, tmp_path)

    verdict = lint(lawful)

    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_the_house_itself_is_lawful():
    verdict = lint(ROOT)

    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
