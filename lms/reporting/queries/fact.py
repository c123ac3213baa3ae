"""One row as proof: what it says, who wrote it and when, and whether its seal still holds."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.urls import reverse

from courses.api import entry_is_intact
from courses.models import (
    Adviser,
    AttendanceMark,
    AuditEntry,
    Evidence,
    PlacementAttestation,
    QuizAttempt,
    Statement,
    User,
)
from courses.shared.history import Sealed
from lms.reporting.actions import action_label
from lms.reporting.facts import FACTS, FactKind
from lms.reporting.permissions import may_read_names


@dataclass(frozen=True)
class TrailRow:
    """One entry of the audit trail about this row."""

    chain: str
    sequence: int
    at: datetime
    action: str
    actor: str
    actor_name: str
    role: str
    reason: str
    request_id: str
    hash: str
    intact: bool
    seal_matches: bool


@dataclass(frozen=True)
class FactView:
    """The whole screen. `seal_holds` is None for a row that carries none."""

    kind: FactKind
    title: str
    adviser: Adviser | None
    evidence_class: str
    valid: str
    known_at: datetime | None
    superseded_at: datetime | None
    rule: str
    seal: str
    seal_holds: bool | None
    rows: tuple[dict[str, Any], ...]
    trail: tuple[TrailRow, ...]
    statement: Statement | None
    raw: str
    sources: tuple[dict[str, Any], ...]


# Columns said elsewhere on the page, or that say nothing to a reader.
_LEFT_OUT = {"id", "seal", "valid_on", "known_at", "superseded_at", "start", "end", "signature"}
# Opinions and the marks of a jury stay in the jury’s file.
_HIDDEN_FROM_OTHERS = {"comment", "inputs", "answers", "appraisals"}


def fact_view(*, kind: FactKind, row: Any, user: User) -> FactView:
    """Everything that can be said of one row."""
    statement = _statement(row)
    related = [row, *_sources(row)]
    return FactView(
        kind=kind,
        title=kind.title,
        adviser=_adviser(kind, row),
        evidence_class=getattr(row, "evidence_class", ""),
        valid=_validity(row),
        known_at=getattr(row, "known_at", None) or getattr(row, "closed_at", None),
        superseded_at=getattr(row, "superseded_at", None),
        rule=_rule(row),
        seal=getattr(row, "seal", "") or getattr(row, "hash", ""),
        seal_holds=row.computed_seal() == row.seal if isinstance(row, Sealed) else None,
        rows=tuple(_columns(row, user)),
        trail=_trail(related, user),
        statement=statement,
        raw=_pretty(statement.raw) if statement else "",
        sources=tuple(
            {"term": FACTS[source._meta.label_lower].title, "value": _named(source), "url": _url(source)}
            for source in related[1:]
        ),
    )


def _url(row: Any) -> str:
    return reverse("fact", args=[row._meta.label_lower, row.pk])


def _named(row: Any) -> str:
    """The name of a row; one that has none is known by its number."""
    text = str(row)
    return f"n° {row.pk}" if text == f"{type(row).__name__} object ({row.pk})" else text


def _validity(row: Any) -> str:
    if day := getattr(row, "valid_on", None) or getattr(row, "day", None):
        return f"{day:%d/%m/%Y}"
    end = f" au {row.end:%d/%m/%Y}" if row.end else ", sans fin connue"
    return f"du {row.start:%d/%m/%Y}{end}"


def _rule(row: Any) -> str:
    """The rule and the version that decided, when the row is a decision."""
    parts = [getattr(row, "rule", ""), str(row.rule_set) if getattr(row, "rule_set_id", None) else ""]
    return ", ".join(part for part in parts if part)


def _adviser(kind: FactKind, row: Any) -> Adviser | None:
    """The person concerned, when there is one only."""
    for lookup in kind.advisers:
        person = row
        for name in lookup.split("__"):
            person = getattr(person, name, None)
            if person is None or not isinstance(person, models.Model):
                break
        if isinstance(person, Adviser):
            return person
    return None


def _columns(row: Any, user: User) -> list[dict[str, Any]]:
    shown = []
    for field in row._meta.concrete_fields:
        if field.name in _LEFT_OUT or (field.name in _HIDDEN_FROM_OTHERS and not may_read_names(user)):
            continue
        shown.append(_column(row, field, user))
    return shown


def _column(row: Any, field: Any, user: User) -> dict[str, Any]:
    """One column: a choice by its label, a relation by its name and its page, a JSON text unfolded."""
    name = str(field.verbose_name)
    if field.related_model and name == field.name.replace(
        "_", " "
    ):  # a relation that bears no French name of its own
        name = str(field.related_model._meta.verbose_name)
    term = name[:1].upper() + name[1:]
    value = getattr(row, field.name)
    if isinstance(value, User):
        return {"term": term, "value": str(value) if may_read_names(user) else str(value.public_id)}
    if isinstance(value, models.Model):
        known = value._meta.label_lower in FACTS and isinstance(value.pk, int)
        return {"term": term, "value": _named(value), "url": _url(value) if known else ""}
    if field.choices:
        return {"term": term, "value": getattr(row, f"get_{field.name}_display")()}
    if isinstance(value, str) and value[:1] in "[{" and value:
        return {"term": term, "json": _pretty(value)}
    return {"term": term, "value": _plain(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "—" if value is None or value == "" else str(value)


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text


def _sources(row: Any) -> list[Any]:
    """The rows that a proof was drawn from: its sheet, its attestation, its graded answers."""
    if not isinstance(row, Evidence):
        return []
    name, _, pk = row.source_key.partition(":")
    if name == "mark":
        mark = AttendanceMark.objects.filter(pk=pk).select_related("sheet__session").first()
        return [mark.sheet, *mark.signatures.all()] if mark else []
    if name == "placement":
        return list(PlacementAttestation.objects.filter(pk=pk))
    if name == "quiz_attempt":
        return list(QuizAttempt.objects.filter(public_id=pk))
    return []


def _statement(row: Any) -> Statement | None:
    """The xAPI trace of the row: the one it names, or the one whose text names it."""
    if isinstance(row, Evidence):
        return row.statement
    if row._meta.model_name == "jurydecision":
        block = row.sitting.exam_session.block.code
        named = Statement.objects.filter(
            activity__iri__endswith=f"/certifications/{block}", raw__contains=str(row.public_id)
        )
        return named.first()
    return None


def _trail(rows: list[Any], user: User) -> tuple[TrailRow, ...]:
    """The audit entries of the row and of its sources, oldest first."""
    about = models.Q()
    seals = {}
    for row in rows:
        about |= models.Q(object_type=row._meta.label_lower, object_id=str(row.pk))
        seals[row._meta.label_lower, str(row.pk)] = getattr(row, "seal", "")
    entries = list(AuditEntry.objects.filter(about).order_by("at", "chain", "sequence"))
    names = _names({entry.actor for entry in entries}) if may_read_names(user) else {}
    return tuple(
        TrailRow(
            chain=entry.get_chain_display(),
            sequence=entry.sequence,
            at=entry.at,
            action=action_label(entry.action),
            actor=entry.actor,
            actor_name=names.get(entry.actor, ""),
            role=entry.role,
            reason=entry.reason,
            request_id=entry.request_id,
            hash=entry.hash,
            intact=entry_is_intact(entry),
            seal_matches=entry.object_seal in {"", seals.get((entry.object_type, entry.object_id), "")},
        )
        for entry in entries
    )


def _names(actors: set[str]) -> dict[str, str]:
    """Opaque id → name, for the accounts that still bear one."""
    ids = []
    for actor in actors:
        try:
            ids.append(UUID(actor))
        except ValueError:
            continue
    return {str(user.public_id): str(user) for user in User.objects.filter(public_id__in=ids)}


__all__ = ["FactView", "TrailRow", "fact_view"]
