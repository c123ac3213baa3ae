"""What the repository's own files must not say, and what its lock must hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.house.rules import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# Spelled in pieces, or this file would be its own first breach.
INDEXES = re.compile(
    "|".join(
        (r"pypi" + r"\.org", r"python" + r"hosted\.", r"registry\." + r"npmjs", r"registry\." + r"yarnpkg",
         r"--extra-" + r"index-url", r"(?<!no-emit-)(?<!emit-)index-" + r"url\s*=", r"unpkg" + r"\.com",
         r"jsdelivr" + r"\.net", r"cdnjs\.")
    )
)  # fmt: skip
MACHINE = re.compile(r"(?<![\w.])/" + r"(?:work|root|home)/[a-z.]")
TEXT_LIMIT = 3_000_000


def repository_files() -> Iterator[Path]:
    """What git keeps or would keep; the plain tree without the ignored folders where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout.split("\0")  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    yield from (ROOT / name for name in listed if name and (ROOT / name).is_file())


def lines_that_match(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in repository_files():
        if path.stat().st_size > TEXT_LIMIT or b"\0" in (raw := path.read_bytes())[:4096]:
            continue
        if "vendor" in path.parts:
            continue
        text = raw.decode(errors="replace")
        if pattern.search(text):
            found += [f"{path.relative_to(ROOT)}:{n}: {line.strip()[:120]}"
                      for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]  # fmt: skip
    return found


def test_no_file_names_a_package_index_or_its_file_host():
    assert not lines_that_match(INDEXES)


def test_no_file_holds_an_absolute_path_of_a_developers_machine():
    assert not lines_that_match(MACHINE)


@pytest.mark.parametrize(
    "sample",
    ["https://pypi" + ".org/simple", "files.python" + "hosted.org", "https://cdn.jsdelivr" + ".net/x"],
)
def test_an_index_is_recognised(sample):
    assert INDEXES.search(sample)


@pytest.mark.parametrize("sample", ["open('/" + "work/main/x')", "/" + "root/.venv", "/" + "home/marie/lms"])
def test_a_machines_path_is_recognised(sample):
    assert MACHINE.search(sample)


@pytest.mark.parametrize(
    "sample", ["docs/work/notes.md", "/framework/x", "https://example.test/root/a", "/home"]
)
def test_other_paths_are_left_alone(sample):
    assert not MACHINE.search(sample)


def declared() -> list[Requirement]:
    lists = [PYPROJECT["project"]["dependencies"], *PYPROJECT.get("dependency-groups", {}).values()]
    return [Requirement(line) for wanted in lists for line in wanted]


def locked() -> dict[str, list[Version]]:
    """Name → the versions in the lock: more than one where the Python version decides."""
    versions: dict[str, list[Version]] = {}
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        if match := re.match(r"([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line, re.IGNORECASE):
            versions.setdefault(normal(match[1]), []).append(Version(match[2]))
    return versions


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_has_a_floor():
    floorless = [
        str(wanted) for wanted in declared() if not any(s.operator in {">=", "=="} for s in wanted.specifier)
    ]

    assert not floorless


def test_the_lock_holds_every_dependency_within_its_bounds():
    versions = locked()

    outside = [
        f"{wanted} is locked at {versions.get(normal(wanted.name), 'nothing')}"
        for wanted in declared()
        if not (have := versions.get(normal(wanted.name)))
        or not all(wanted.specifier.contains(version, prereleases=True) for version in have)
    ]

    assert not outside


def test_every_locked_package_has_its_hashes():
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / "requirements.lock").read_text().strip())

    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
