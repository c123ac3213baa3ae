"""The desk of a role: figures that lead to their lists, short lists that lead to the work, and one main action."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A number and the list behind it."""

    value: Any
    label: str
    url: str = ""
    detail: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Board:
    """A short list; when it is empty it teaches what will be here."""

    caption: str
    headers: tuple[Any, ...]
    rows: tuple[tuple[Any, ...], ...]
    empty_title: str
    empty_text: str
    noun: str = "ligne"
    count: int | None = None
    more_url: str = ""
    more: str = "Tout voir"
    empty_url: str = ""
    empty_link: str = ""
    # A figure of the same desk may lead here.
    anchor: str = ""


@dataclass(frozen=True)
class Desk:
    """What one role finds on arriving."""

    role: str
    question: str
    lead: str = ""
    action: str = ""
    action_url: str = ""
    figures: tuple[Figure, ...] = ()
    boards: tuple[Board, ...] = field(default=())


def age(since: datetime | None, now: datetime) -> str:
    """For how long something has waited."""
    days = (now - since).days if since else 0
    return "moins d’un jour" if days < 1 else f"{days}\u00a0jour{'s' if days > 1 else ''}"


def numeric(label: str) -> dict[str, Any]:
    """The header of a column of numbers."""
    return {"label": label, "numeric": True}


def amount(text: Any) -> dict[str, Any]:
    """A cell that holds a number."""
    return {"text": text, "numeric": True}


def to(text: Any, url: str, hint: str = "") -> dict[str, Any]:
    """A cell that leads somewhere."""
    return {"text": text, "url": url, "hint": hint}


def state(name: str, label: str = "") -> dict[str, Any]:
    """A cell that holds a badge."""
    return {"state": name, "label": label}
