"""What the adviser’s home shows, as values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from courses.models import Enrolment, TrainingSession


@dataclass(frozen=True)
class Step:
    """One step of the stepper."""

    label: str
    state: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class ModuleLine:
    """One module of the path: hours proved, hours asked, and what stands in the way."""

    title: str
    state: str
    state_label: str
    proved_minutes: int
    required_minutes: int
    note: str = ""


@dataclass(frozen=True)
class Lack:
    """Something missing, the reason, and where it is mended."""

    reason: str
    detail: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Choice:
    """One of several enrolments: the one shown, or the way to it."""

    title: str
    url: str
    shown: bool


@dataclass(frozen=True)
class Deadline:
    """A day by which something is to be done, and how far it is."""

    day: date
    title: str
    words: str
    late: bool


@dataclass(frozen=True)
class NextSession:
    """The session to come, and its file for a diary."""

    session: TrainingSession
    when: str
    calendar_url: str


@dataclass(frozen=True)
class Banner:
    """Something proposed that waits for an answer."""

    title: str
    text: str
    url: str
    link: str


@dataclass(frozen=True)
class AdviserHome:
    """The whole page. Without an enrolment, the path part is empty and teaches."""

    enrolment: Enrolment | None
    choices: tuple[Choice, ...]
    steps: tuple[Step, ...]
    done_minutes: int
    total_minutes: int
    modules: tuple[ModuleLine, ...]
    missing: tuple[Lack, ...]
    missing_more: int
    resume_url: str
    resume_label: str
    path_url: str
    deadline: Deadline | None
    next_session: NextSession | None
    to_sign: tuple[Lack, ...]
    banners: tuple[Banner, ...]
    credentials: tuple[dict[str, Any], ...]
    status: Any
    catalogue_url: str
    sessions_url: str
    calendar_url: str
    certificates_url: str
    record_url: str
