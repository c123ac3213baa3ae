"""The project's own copy of what the founding documents state, with its sources."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from certification.funding.rules import french_day

FILE = Path(__file__).parent / "data" / "founding_figures.json"


@cache
def read_founding_file() -> dict[str, Any]:
    """The parsed file; read once."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def committee_document(facts: Mapping[str, Any], key: str) -> str:
    """« Sept conseillers numériques pour le Lot », communiqué de presse, Cahors, 21 avril 2021."""
    document = facts["documents"][key]
    day = french_day(date.fromisoformat(document["date"])) if document["date"] else "non daté"
    details = ", ".join(part for part in (document["kind"], document["place"], day) if part)
    return f"« {document['title']} » ({details})"
