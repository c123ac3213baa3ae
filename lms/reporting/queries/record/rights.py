"""« Mes droits » : what the State has paid for, what may still be, and by which rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from certification import api as certification
from certification.models import FundingRight
from courses import api as courses
from courses.models import Adviser


@dataclass(frozen=True)
class RightLine:
    """One decision taken at an enrolment."""

    path: str
    kind: str
    granted: bool
    year: int
    on: date
    ceiling_minutes: int
    rule: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class YearRights:
    """What may still be funded today, in the very words of the decision."""

    granted: bool
    used: int
    reasons: tuple[str, ...]
    rule: str
    rule_version: int
    day: date


def right_lines(rights: Sequence[FundingRight]) -> tuple[RightLine, ...]:
    """The decisions taken, the latest first."""
    lines = [
        RightLine(
            path=right.enrolment.path.title,
            kind=str(right.get_kind_display()),
            granted=right.granted,
            year=right.year,
            on=right.valid_on,
            ceiling_minutes=right.ceiling_minutes,
            rule=f"{right.rule_set}, {right.rule}",
            reasons=tuple(right.reasons.splitlines()),
        )
        for right in rights
    ]
    return tuple(sorted(lines, key=lambda line: line.on, reverse=True))


def year_rights(adviser: Adviser, rights: Sequence[FundingRight], day: date) -> YearRights | None:
    """Would a module be funded on `day`? The decision itself answers, for each length that is paid for."""
    paid = certification.fundable_lengths(day)
    if paid is None or not paid.module_minutes:
        return None
    lengths = [
        certification.PathLength(courses.PathKind.CONTINUING.value, minutes)
        for minutes in sorted(paid.module_minutes)
    ]
    answers = certification.preview_rights(adviser, lengths, day)
    best = next((answers[one] for one in lengths if answers[one].granted), answers[lengths[0]])
    used = sum(
        1
        for right in rights
        if right.granted and right.kind == certification.RightKind.MODULE and right.year == day.year
    )
    return YearRights(best.granted, used, best.reasons, best.rule, best.rule_version, day)
