"""Traces as files: JSON lines (the texts to the letter) and CSV, read by slices of numbers, never held whole."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import transaction

from courses.api import audit
from courses.models import Statement, StatementActor, User
from courses.shared.spreadsheet import BOM, cell
from lms.reporting.queries.statements import Asked, Selection, select, window

Row = TypeVar("Row")

SLICE = 2_000  # numbers of the stored order
TEXTS = 100  # texts of a slice held at once: one may weigh a megabyte
COLUMNS = (
    "seq", "id", "stored", "timestamp", "acteur", "verbe", "objet", "inscription", "reussite", "achevement",
    "score_pourcent", "duree_secondes", "classe", "autorite", "organisme", "annulee_le",
)  # fmt: skip
_READ = (
    "seq", "uuid", "stored", "timestamp", "actor__ifi", "verb__iri", "activity__iri", "target", "registration",
    "success", "completion", "score_millionths", "duration_seconds", "evidence_class", "authority__ifi",
    "organisation__name", "voided_at",
)  # fmt: skip


@transaction.atomic
def ask_for_statements(*, user: User, asked: Asked, file_format: str, at: datetime) -> Selection:
    """The statements of an export, and the audit entry that says who took which away."""
    selection = select(user, asked)
    after: dict[str, Any] = {
        "format": file_format,
        **selection.ids,
        "registration": asked.registration,
        "since": asked.since,
        "until": asked.until,
        "class": asked.evidence_class or None,
        "sender": asked.sender.credential or asked.sender.value if asked.sender else None,
        "organisation": asked.organisation,
        "voided": asked.voided,
        "related_agents": asked.related_agents or None,
        "related_activities": asked.related_activities or None,
    }
    told = {key: value for key, value in after.items() if value is not None}
    audit.record("reporting.statements.export", actor=user, target=user, at=at, after=told)
    return selection


def json_lines(selection: Selection) -> Iterator[bytes]:
    """One text a line, in the stored order. A text received on several lines is put on one: JSON allows no line
    break inside a string, so nothing else changes."""
    for numbers in _slices(selection, lambda rows: list(rows.values_list("seq", flat=True)), int):
        for start in range(0, len(numbers), TEXTS):
            some = Statement.objects.filter(pk__in=numbers[start : start + TEXTS]).order_by("seq")
            for raw in some.values_list("raw", flat=True):
                yield raw.replace("\r", " ").replace("\n", " ").encode() + b"\n"


def csv_lines(selection: Selection) -> Iterator[bytes]:
    """`;`, UTF-8 with its mark, CR LF, no cell that a spreadsheet would run (R-51)."""
    yield BOM.encode() + _written([COLUMNS])
    for rows in _slices(selection, lambda found: list(found.values_list(*_READ)), lambda row: int(row[0])):
        agents = _agent_objects(rows)
        yield _written([_cells(row, agents) for row in rows])


FORMATS: dict[str, tuple[Callable[[Selection], Iterator[bytes]], str]] = {
    "jsonl": (json_lines, "application/jsonl; charset=utf-8"),
    "csv": (csv_lines, "text/csv; charset=utf-8"),
}


def _slices(
    selection: Selection, read: Callable[[Any], list[Row]], number: Callable[[Row], int]
) -> Iterator[list[Row]]:
    """Slice after slice, each in its own short query; what is stored after the start is left out."""
    last = Statement.objects.order_by("-seq").values_list("seq", flat=True).first()
    after = 0
    while last is not None:
        rows = read(window(selection, before=last + 1, after=after, descending=False, limit=SLICE))
        if rows:
            yield rows
        if len(rows) < SLICE:
            return
        after = number(rows[-1])


def _agent_objects(rows: Sequence[Sequence[Any]]) -> dict[int, str]:
    """Number → the agent that is the object, for the statements whose object is no activity and no trace."""
    numbers = [row[0] for row in rows if row[6] is None and row[7] is None]
    if not numbers:
        return {}
    links = StatementActor.objects.filter(statement__in=numbers, role="object").order_by("-pk")
    return dict(links.values_list("statement", "actor__ifi"))


def _written(rows: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _cells(row: Sequence[Any], agents: dict[int, str]) -> tuple[object, ...]:
    (
        seq, uuid, stored, timestamp, actor, verb, activity, target, registration, success, completion, score,
        duration, evidence_class, authority, organisation, voided_at,
    ) = row  # fmt: skip
    return (
        seq, uuid, _instant(stored), _instant(timestamp), actor, verb, activity or target or agents.get(seq),
        registration, _yes(success), _yes(completion), _percent(score), duration, evidence_class, authority,
        organisation, _instant(voided_at),
    )  # fmt: skip


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z") if at else ""


def _yes(value: bool | None) -> str:
    return "" if value is None else "oui" if value else "non"


def _percent(millionths: int | None) -> object:
    """A whole percent is a number; a fraction is written as a spreadsheet of France reads it."""
    if millionths is None:
        return None
    whole, rest = divmod(abs(millionths), 10_000)
    sign = -1 if millionths < 0 else 1
    if not rest:
        return sign * whole
    return f"{'-' if sign < 0 else ''}{whole},{f'{rest:04d}'.rstrip('0')}"
