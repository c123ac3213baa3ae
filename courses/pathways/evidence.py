"""A proof as a room re-emits it from its own rows, to be compared with what is stored."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self

from .models import Evidence


@dataclass(frozen=True)
class EvidenceFact:
    """Everything an Evidence row says, but its key and its seal."""

    enrolment_id: int
    module_id: int
    activity_id: int
    kind: str
    evidence_class: str
    source_key: str
    valid_on: date
    known_at: datetime
    minutes: int = 0
    success: bool | None = None
    score_percent: int | None = None
    statement_id: int | None = None

    @classmethod
    def of(cls, row: Evidence) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    def content(self) -> dict[str, Any]:
        return asdict(self)
