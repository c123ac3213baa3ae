"""Loading the qualifications from their file."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from .errors import ReferenceDataError
from .models import Competency, CompetencyBlock, Qualification

FILE = Path(__file__).parent / "data" / "qualifications.json"


@transaction.atomic
def load_qualifications(path: Path = FILE) -> int:
    """Create what the file adds; a second run changes nothing. Returns how many qualifications the file holds.

    An entry that differs from its row needs a later `known_at`: the former row stops being believed, none is changed.
    """
    entries = json.loads(path.read_text(encoding="utf-8"))["qualifications"]
    for entry in entries:
        known = Qualification.objects.known().filter(code=entry["code"]).first()
        if known is None:
            _create(entry)
        elif _content(known) != _wanted(entry):
            _replace(known, entry)
    return len(entries)


def _create(entry: dict[str, Any]) -> None:
    qualification = Qualification.objects.create(
        code=entry["code"],
        kind=entry["kind"],
        title=entry["title"],
        level=entry["level"],
        source=entry["source"],
        start=date.fromisoformat(entry["start"]),
        end=_day(entry["end"]),
        known_at=_instant(entry),
    )
    for given in entry["blocks"]:
        block = CompetencyBlock.objects.create(
            qualification=qualification, code=given["code"], title=given["title"]
        )
        Competency.objects.bulk_create(
            Competency(block=block, code=one["code"], title=one["title"], position=position)
            for position, one in enumerate(given["competencies"], start=1)
        )


def _replace(known: Qualification, entry: dict[str, Any]) -> None:
    if _instant(entry) <= known.known_at:
        raise ReferenceDataError(f"{entry['code']} changed in its file: give it a later known_at.")
    known.superseded_at = _instant(entry)
    known.save(update_fields=["superseded_at"])
    _create(entry)


def _content(known: Qualification) -> dict[str, Any]:
    blocks = {
        block.code: (block.title, [(one.code, one.title) for one in block.competencies.all()])
        for block in known.blocks.prefetch_related("competencies")
    }
    return {
        "kind": known.kind, "title": known.title, "level": known.level, "source": known.source,
        "start": known.start, "end": known.end, "blocks": blocks,
    }  # fmt: skip


def _wanted(entry: dict[str, Any]) -> dict[str, Any]:
    blocks = {
        block["code"]: (block["title"], [(one["code"], one["title"]) for one in block["competencies"]])
        for block in entry["blocks"]
    }
    plain = {name: entry[name] for name in ("kind", "title", "level", "source")}
    return {**plain, "start": _day(entry["start"]), "end": _day(entry["end"]), "blocks": blocks}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["known_at"])
