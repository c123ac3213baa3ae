"""What a record holds, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from courses import api as courses
from courses.models import Accommodation, Adviser

from .hours import YearHours
from .rights import RightLine, YearRights
from .timeline import Event


@dataclass(frozen=True)
class ModuleLine:
    """One module of a path."""

    public_id: str
    title: str
    state: str
    badge: str
    state_label: str
    proved_minutes: int
    required_minutes: int
    completed_on: date | None
    equivalent: str


@dataclass(frozen=True)
class PathLine:
    """One enrolment."""

    registration: str
    public_id: str
    title: str
    kind: str
    organisation: str
    version: int
    enrolled_on: date
    done: bool
    completed_on: date | None
    proved_minutes: int
    required_minutes: int
    url: str
    modules: tuple[ModuleLine, ...]

    @property
    def badge(self) -> str:
        if self.done:
            return "passed"
        started = any(module.state != courses.ModuleState.TODO for module in self.modules)
        return "in_progress" if started else "todo"

    @property
    def state_label(self) -> str:
        return {"passed": "Achevé", "in_progress": "En cours", "todo": "Pas commencé"}[self.badge]


@dataclass(frozen=True)
class CredentialLine:
    """An attestation of certification, and the page where anybody checks it."""

    code: str
    issued_on: date
    revoked_on: date | None
    verify_url: str
    download_url: str

    @property
    def badge(self) -> str:
        return "revoked" if self.revoked_on else "valid"


@dataclass(frozen=True)
class CertificateLine:
    """A certificat de réalisation."""

    number: str
    module: str
    minutes: int
    issued_on: date
    url: str


@dataclass(frozen=True)
class Record:
    """All of it. `known_at` is the instant asked for, else that of the last thing learnt: equal facts, equal files."""

    adviser: Adviser
    as_of: date
    known_at: datetime | None
    status: Any
    years: tuple[YearHours, ...]
    paths: tuple[PathLine, ...]
    credentials: tuple[CredentialLine, ...]
    certificates: tuple[CertificateLine, ...]
    rights: tuple[RightLine, ...]
    year_rights: YearRights | None
    accommodations: tuple[Accommodation, ...]
    events: tuple[Event, ...]
    # Asked of another day or of another knowledge than today's: what would be decided now is not told.
    past: bool = False

    @property
    def minutes(self) -> int:
        return sum(year.minutes for year in self.years)
