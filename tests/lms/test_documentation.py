"""The documentation agrees with the code, and its links lead somewhere."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from courses.shared.workflow import Workflow
from lms.operations import documentation

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
APPS = ("courses", "certification", "cms", "lms")
WRITTEN = [ROOT / "README.md", ROOT / "LISEZMOI.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


@pytest.fixture
def checkout(tmp_path, settings):
    """A source tree of its own, so that the command never writes in ours."""
    settings.LMS_SOURCE_DIR = tmp_path
    return tmp_path / "docs" / "generated"


class TestGenerateDocs:
    def test_writes_every_page_then_has_nothing_to_change(self, checkout):
        call_command("generate_docs", stdout=StringIO())
        again = StringIO()

        call_command("generate_docs", stdout=again)

        assert {path.name for path in checkout.iterdir()} == set(documentation.PAGES)
        assert "nothing to change" in again.getvalue()

    def test_check_names_what_is_stale_and_writes_nothing(self, checkout):
        call_command("generate_docs", stdout=StringIO())
        (checkout / "settings.md").write_text("something else")
        (checkout / "former.md").write_text("a page that nothing writes any more")
        said = StringIO()

        with pytest.raises(SystemExit) as stopped:
            call_command("generate_docs", "--check", stderr=said)

        assert stopped.value.code == 1
        assert "settings.md" in said.getvalue()
        assert "former.md" in said.getvalue()
        assert "states.md" not in said.getvalue()
        assert (checkout / "settings.md").read_text() == "something else"

    def test_says_the_same_whatever_the_address_of_the_site(self, settings):
        before = documentation.pages()

        settings.LMS_PUBLIC_URL = "https://lms.example.test"

        assert documentation.pages() == before

    def test_the_pages_of_the_repository_are_those_of_the_code(self):
        assert documentation.stale(DOCS / "generated") == [], "run make docs"


class TestPages:
    def test_every_life_has_its_diagram_with_every_step(self):
        page = documentation.pages()["states.md"]

        for workflow in Workflow.registry.values():
            assert workflow.mermaid() in page
        assert "submitted --> certified: certify" in page

    def test_a_table_has_as_many_cells_as_headings(self):
        for name, text in documentation.pages().items():
            for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
                widths = {len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines()}
                assert len(widths) == 1, f"{name}: {block[:200]}"

    def test_the_classes_that_may_carry_money_are_said(self):
        page = documentation.pages()["evidence.md"]

        assert re.search(r"\*\*E0\*\*.*\| no \|", page)
        assert re.search(r"\*\*E2\*\*.*\| yes \|", page)


class TestWrittenPages:
    @pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
    def test_every_link_to_a_file_leads_to_one(self, path):
        text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)

        links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]

        assert [
            link for link in links if link and "://" not in link and not (path.parent / link).exists()
        ] == []

    def test_every_event_is_told_in_the_architecture(self):
        text = (DOCS / "architecture.md").read_text()
        sources = [path.read_text() for app in APPS for path in (ROOT / app).rglob("events.py")]

        events = [name for source in sources for name in re.findall(r"^class (\w+)", source, re.MULTILINE)]

        assert [name for name in events if f"`{name}`" not in text] == []
        assert [
            name for name in re.findall(r"^\| `([A-Z]\w+)`", text, re.MULTILINE) if name not in events
        ] == []

    def test_every_file_that_the_architecture_names_exists(self):
        named = re.findall(
            r"`((?:courses|certification|cms|lms|tests)/[\w/]+(?:\.py|\.csv|\.json|/))`",
            (DOCS / "architecture.md").read_text(),
        )

        assert named
        assert [name for name in named if not (ROOT / name).exists()] == []

    def test_every_decision_says_what_was_rejected(self):
        decisions = sorted((DOCS / "decisions").glob("0*.md"))

        assert len(decisions) >= 13
        for path in decisions:
            assert "## Rejected" in path.read_text(), path.name
            assert path.name in (DOCS / "decisions" / "README.md").read_text(), path.name
