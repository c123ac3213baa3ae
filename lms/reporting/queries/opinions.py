"""The figures of a satisfaction screen, and the filters that an address may ask."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from courses.api import Block, Marks, surveys
from courses.templatetags.lms_format import MONTHS, number

NBSP = "\u00a0"


@dataclass(frozen=True)
class Asked:
    """What narrows a view; every name is a parameter of the address. Months are whole, written 2026-03."""

    organisme: str = ""
    parcours: str = ""
    moment: str = ""
    du: str = ""
    au: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}

    def keeps(self, block: Block) -> bool:
        """A block is taken whole or left whole."""
        return (
            (not self.moment or block.moment == self.moment)
            and (not self.du or f"{block.first_month:%Y-%m}" >= self.du)
            and (not self.au or f"{block.last_month:%Y-%m}" <= self.au)
        )

    def url(self, route: str, *args: object, **narrower: str) -> str:
        given = {name: value for name, value in {**vars(self), **narrower}.items() if value}
        return reverse(route, args=args) + (f"?{urlencode(given)}" if given else "")


def too_few() -> str:
    """What stands where nothing may be shown."""
    return f"moins de {surveys().threshold}{NBSP}réponses"


@dataclass(frozen=True)
class Mean:
    """A mean out of 5 as it is written and drawn; nothing when too few answered."""

    tenths: int | None = None

    @property
    def text(self) -> str:
        return "" if self.tenths is None else f"{self.tenths // 10},{self.tenths % 10}"

    @property
    def words(self) -> str:
        return self.text or too_few()


@dataclass(frozen=True)
class Rate:
    """Who answered, of those who could."""

    given: int
    able: int

    @property
    def text(self) -> str:
        return f"{(200 * self.given + self.able) // (2 * self.able)}{NBSP}%" if self.able else ""

    @property
    def detail(self) -> str:
        return (
            f"{number(self.given)} avis sur {number(self.able)} demandés"
            if self.able
            else "aucun avis demandé"
        )

    @property
    def words(self) -> str:
        return f"{self.text} ({number(self.given)} sur {number(self.able)})" if self.able else ""


@dataclass(frozen=True)
class Group:
    """A path, a module or an organisation: how many answers are published, their mean, who answered of those asked."""

    label: str
    url: str
    answers: int
    mean: Mean
    rate: Rate
    hint: str = ""


@dataclass(frozen=True)
class Line:
    """A question or a month, with two means side by side."""

    label: str
    one: Mean
    other: Mean
    answers: int = 0
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A module as the lists name it."""

    pk: int
    public_id: UUID
    title: str
    organisation: UUID
    organisation_name: str


@dataclass(frozen=True)
class SatisfactionView:
    """The whole screen."""

    here: Marks
    mean: Mean
    national: Mean
    rate: Rate
    questions: tuple[Line, ...]
    moments: tuple[Line, ...]
    months: tuple[Line, ...]
    paths: tuple[Group, ...] = ()
    modules: tuple[Group, ...] = ()
    organisations: tuple[Group, ...] = ()
    organisation_choices: tuple[dict[str, str], ...] = ()
    path_choices: tuple[dict[str, str], ...] = ()
    month_choices: tuple[dict[str, str], ...] = ()
    blocks: tuple[tuple[Row, Block], ...] = field(default=())


def month_words(month: date) -> str:
    """« mars 2026 »."""
    return f"{MONTHS[month.month - 1]}{NBSP}{month.year}"
