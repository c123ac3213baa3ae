"""Every projection again, from the source rows alone, compared with what stands (INV-17, R-38)."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

from courses import audit
from courses.catalogue.models import Activity, Module
from courses.shared import canonical, clock, walls
from courses.xapi import progress as told

from . import statements
from .evidence import EvidenceFact
from .models import Enrolment, Evidence, ModuleProgress
from .queries import held_by, modules_held
from .rules import EvidenceValue, module_outcome_through, spans_of

Emitter = Callable[[], Iterator[EvidenceFact]]
ProgressKey = tuple[int, int]
_emitters: dict[str, Emitter] = {}
PROGRESS_COLUMNS = (
    "state", "activities_done", "activities_total", "on_site_minutes", "remote_minutes", "required_minutes",
    "completed_on",
)  # fmt: skip


@dataclass(frozen=True)
class RebuildReport:
    """What differed (French), the hash of what the sources say, and how many rows that is."""

    differences: list[str] = field(default_factory=list)
    hash: str = ""
    rows: int = 0


def register(name: str, emit: Emitter) -> None:
    """A room tells how to emit its evidence again."""
    _emitters[name] = emit


def emitters() -> list[str]:
    """The rooms that emit evidence."""
    return sorted(_emitters)


register("pathways", statements.emit)


@transaction.atomic
def rebuild(*, check: bool, at: datetime | None = None, reason: str = "") -> RebuildReport:
    """Build evidence and progress in memory from their sources; `check` compares, otherwise repairs as well.

    A repair inserts what is missing and rewrites progress. Evidence that no source explains is only deleted with a
    `reason`: the walls are lowered for it, and the audit trail says so.
    """
    expected = expected_evidence()
    stored = {row.source_key: row for row in Evidence.objects.known().iterator(2000)}
    wrong = [key for key, row in stored.items() if expected.get(key) != EvidenceFact.of(row)]
    absent = [key for key in expected if key not in stored]
    progress = expected_progress(expected)
    rows: dict[ProgressKey, ModuleProgress] = {
        (row.enrolment_id, row.module_id): row for row in ModuleProgress.objects.iterator(2000)
    }
    differences = [
        *(f"Preuve absente\u00a0: {key}" for key in absent),
        *(f"Preuve {'altérée' if key in expected else 'sans origine'}\u00a0: {key}" for key in wrong),
        *_progress_differences(progress, rows),
        *told.differences(),
    ]
    if not check and differences:
        _repair_evidence(expected, stored, absent, wrong, at or clock.now(), reason)
        _repair_progress(progress, rows)
        told.rebuild()
    return RebuildReport(sorted(differences), _hash(expected, progress), len(expected) + len(progress))


def expected_evidence() -> dict[str, EvidenceFact]:
    """What the rooms say, by source, in one order whatever the database."""
    facts = {fact.source_key: fact for name in emitters() for fact in _emitters[name]()}
    return dict(sorted(facts.items()))


def expected_progress(evidence: dict[str, EvidenceFact]) -> dict[ProgressKey, dict[str, Any]]:
    """Each module of each enrolment, from that evidence."""
    names = dict(Activity.objects.values_list("pk", "public_id"))
    modules = dict(Module.objects.values_list("public_id", "pk"))
    by_module: dict[ProgressKey, list[EvidenceValue]] = {}
    for fact in evidence.values():
        value = EvidenceValue(
            source_key=fact.source_key,
            activity=names[fact.activity_id],
            kind=fact.kind,
            evidence_class=fact.evidence_class,
            valid_on=fact.valid_on,
            minutes=fact.minutes,
            success=bool(fact.success),
            score_percent=-1 if fact.score_percent is None else fact.score_percent,
        )
        by_module.setdefault((fact.enrolment_id, fact.module_id), []).append(value)
    result: dict[ProgressKey, dict[str, Any]] = {}
    for enrolment in Enrolment.objects.with_versions().order_by("pk").iterator(2000):
        held = held_by(enrolment)
        for module in modules_held(held):
            key = (enrolment.pk, modules[module.public_id])
            outcome = module_outcome_through(by_module.get(key, ()), spans_of(held, module.public_id))
            result[key] = {name: getattr(outcome, name) for name in PROGRESS_COLUMNS}
            result[key]["on_site_minutes"] += outcome.placement_minutes
    return result


def _progress_differences(
    expected: dict[ProgressKey, dict[str, Any]], rows: dict[ProgressKey, ModuleProgress]
) -> Iterator[str]:
    for key in sorted({*expected, *rows}):
        row, wanted = rows.get(key), expected.get(key)
        name = f"inscription {key[0]}, module {key[1]}"
        if row is None:
            yield f"Avancement absent\u00a0: {name}"
        elif wanted is None:
            yield f"Avancement sans origine\u00a0: {name}"
        else:
            for column, value in wanted.items():
                if getattr(row, column) != value:
                    yield f"Avancement\u00a0: {name}, {column} vaut {_text(getattr(row, column))} et non {_text(value)}"


def _text(value: str | int | date | None) -> str:
    return "vide" if value is None else str(value)


def _repair_evidence(
    expected: dict[str, EvidenceFact],
    stored: dict[str, Evidence],
    absent: list[str],
    wrong: list[str],
    at: datetime,
    reason: str,
) -> None:
    if wrong and reason:
        audit.record_system(
            "walls.lower", object_type="courses.evidence", object_id=str(len(wrong)), at=at, reason=reason
        )
        with walls.down(reason=reason):
            for key in wrong:
                try:
                    with transaction.atomic():
                        Evidence.objects.filter(pk=stored[key].pk).delete()
                except models.ProtectedError:
                    continue  # something upstairs rests on it: the difference stays listed, for a human
                if key in expected:
                    absent.append(key)
            connection.check_constraints()  # PostgreSQL raises no wall while a foreign key waits to be checked
    for key in absent:
        Evidence.objects.create(**expected[key].content())


def _repair_progress(
    expected: dict[ProgressKey, dict[str, Any]], rows: dict[ProgressKey, ModuleProgress]
) -> None:
    for key, wanted in expected.items():
        row = rows.get(key) or ModuleProgress(enrolment_id=key[0], module_id=key[1])
        if row.pk is None or any(getattr(row, column) != value for column, value in wanted.items()):
            for column, value in wanted.items():
                setattr(row, column, value)
            row.save()
    for key in rows.keys() - expected.keys():
        rows[key].delete()


def _hash(evidence: dict[str, EvidenceFact], progress: dict[ProgressKey, dict[str, Any]]) -> str:
    """One line for each row, in one order: equal hashes, equal projections."""
    digest = hashlib.sha256()
    for fact in evidence.values():
        # The number of a statement is where it was stored, not what it says.
        digest.update(f"{canonical.dumps(fact.content() | {'statement_id': None})}\n".encode())
    for key in sorted(progress):
        digest.update(f"{canonical.dumps([*key, progress[key]])}\n".encode())
    for line in told.lines():
        digest.update(f"{canonical.dumps(line)}\n".encode())
    return digest.hexdigest()
