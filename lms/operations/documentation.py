"""The pages of docs/generated: what the code already says in tables, written so that people can read it.

The same code gives the same bytes, whatever the environment; `stale` names what no longer agrees with it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from django.conf import settings

from courses import api as courses
from courses.api import Chain, EvidenceClass, EvidenceKind
from courses.shared import walls
from courses.shared.workflow import Workflow

from .routes import Endpoint, endpoints

NOTICE = "<!-- Written by `make docs` from the code: do not edit. -->"
# Wagtail's editor has hundreds of routes of its own, under one policy for each branch.
EDITOR = "/administration/"

# What each class means for those who do not read French; the labels on screen come from the code.
MEANING = {
    EvidenceClass.E0: "What a script or the lesson player saw: opened, read to the end.",
    EvidenceClass.E1: "Graded by the server: the answers were posted, the key never left.",
    EvidenceClass.E2: "Attested by a person with a role: a signed and closed sheet, a placement tutor.",
    EvidenceClass.E3: "Decided by a jury with its quorum.",
    EvidenceClass.E4: "Imported from another system: as E0, unless a convention says more and why.",
}
AUTHORITY = {
    EvidenceClass.E0: "`system/lesson`",
    EvidenceClass.E1: "`system/assessment`",
    EvidenceClass.E2: "`user/<id>@<organisation>`",
    EvidenceClass.E3: "`jury/<session>`",
    EvidenceClass.E4: "`org/<key>`",
}


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {
        name: "\n".join([NOTICE, f"# {title}", "", *content()]) + "\n"
        for name, (title, content) in PAGES.items()
    }


def stale(folder: Path, wanted: Mapping[str, str] | None = None) -> list[str]:
    """Names of the pages that are missing, that differ, or that nothing writes any more."""
    wanted = pages() if wanted is None else wanted
    present = {path.name: path.read_text() for path in folder.glob("*.*")}
    return sorted(name for name in wanted.keys() | present if wanted.get(name) != present.get(name))


def write(folder: Path, wanted: Mapping[str, str] | None = None) -> list[str]:
    """Bring the folder in order; returns the names of what changed."""
    wanted = pages() if wanted is None else wanted
    changed = stale(folder, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name])
        else:
            (folder / name).unlink()
    return changed


def _index() -> list[str]:
    links = [f"- [{title}]({name})" for name, (title, _) in PAGES.items() if name != "README.md"]
    return ["`make docs` writes these pages; `make check` fails when one is stale.", "", *links]


def _settings() -> list[str]:
    rows = [
        (
            f"`{field.metadata['variable']}`",
            f"`{field.default}`" if field.default else "–",
            field.metadata["doc"],
        )
        for field in fields(settings.ENV)
    ]
    return [
        "Read once from the environment by `lms/settings/environment.py`. An unknown `LMS_…` variable stops the start.",
        "What production refuses is told in [Run in production](../how-to/run-in-production.md).",
        "",
        *table(("Variable", "Default", "Meaning"), rows),
    ]


def _states() -> list[str]:
    lines = ["Each life is a table in the code (`courses.shared.workflow`); the diagram is drawn from it."]
    for name, workflow in sorted(Workflow.registry.items()):
        lines += ["", f"## {name}", "", "```mermaid", workflow.mermaid(), "```", ""]
        lines += table(
            ("State", "On screen"), [(f"`{state}`", label) for state, label in workflow.choices.choices]
        )
    return lines


def _endpoints() -> list[str]:
    found = endpoints()
    house = [endpoint for endpoint in found if not endpoint.path.startswith(EDITOR)]
    policies = sorted({endpoint.policy for endpoint in found if endpoint.path.startswith(EDITOR)})
    lines = [
        "Every route with its policy. Who may do what through it is written by hand in `lms/policy.csv`.",
        "",
        *table(("Path", "Methods", "Name", "Policy"), [_endpoint_row(endpoint) for endpoint in house]),
    ]
    if policies:
        names = ", ".join(f"`{policy}`" for policy in policies)
        lines += ["", f"Wagtail’s own editor answers below `{EDITOR}`; policies of its routes: {names}."]
    return lines


def _endpoint_row(endpoint: Endpoint) -> tuple[str, ...]:
    return (
        f"`{endpoint.path}`",
        ", ".join(endpoint.methods),
        f"`{endpoint.name}`" if endpoint.name else "–",
        f"`{endpoint.policy}`" if endpoint.policy else "–",
    )


def _audit() -> list[str]:
    lines = [
        "The closed vocabulary of `courses/audit/enums.py`, by chain. An act writes its entry in its own transaction.",
    ]
    for chain in Chain:
        actions = sorted(action for action, owner in courses.ACTIONS.items() if owner == chain)
        lines += ["", f"## `{chain.value}` – {chain.label}", "", *(f"- `{action}`" for action in actions)]
    return lines


def _evidence() -> list[str]:
    classes = [
        (
            f"**{one.value}**",
            one.label,
            MEANING[one],
            AUTHORITY[one],
            "yes" if one in courses.PROVING else "no",
        )
        for one in EvidenceClass
    ]
    return [
        "Where a proof comes from decides what it may count for. The server sets the class and the authority; no body",
        "of a request chooses them.",
        "",
        *table(
            ("Class", "On screen", "Meaning", "Authority", "May prove minutes, a success or money"), classes
        ),
        "",
        "## Kinds of evidence",
        "",
        *table(("Kind", "On screen"), [(f"`{kind.value}`", kind.label) for kind in EvidenceKind]),
    ]


def _walls() -> list[str]:
    append_only = [
        (f"`{model._meta.label}`", str(model._meta.verbose_name)) for model in walls.append_only_models()
    ]
    overlap = [
        (f"`{model._meta.label}`", ", ".join(f"`{column}`" for column in columns))
        for model, columns in walls.no_overlap_models()
    ]
    frozen = [
        (f"`{model._meta.label}`", f"`{model.FROZEN_WHEN.format(row='row')}`")  # type: ignore[attr-defined]
        for model in walls.frozen_models()
    ]
    return [
        "Installed after each migration and checked at start, on SQLite and on PostgreSQL (`courses/shared/walls.py`).",
        "",
        "## Append-only: no UPDATE, no DELETE",
        "",
        *table(("Model", "On screen"), sorted(append_only)),
        "",
        "## One period at a time",
        "",
        *table(("Model", "For the same"), sorted(overlap)),
        "",
        "## Frozen: nothing moves any more once the condition holds",
        "",
        *table(("Model", "Condition"), sorted(frozen)),
    ]


def table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of a Markdown table."""
    return [
        _row(headings),
        _row(("---",) * len(headings)),
        *(_row(cell.replace("|", "\\|") for cell in row) for row in rows),
    ]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


PAGES: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "README.md": ("Generated pages", _index),
    "settings.md": ("Settings", _settings),
    "states.md": ("States", _states),
    "endpoints.md": ("Endpoints", _endpoints),
    "audited-actions.md": ("Audited actions", _audit),
    "evidence.md": ("Evidence classes", _evidence),
    "walls.md": ("Walls in the database", _walls),
}
