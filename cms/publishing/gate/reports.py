"""Asking the whole list of one page."""

from typing import Any

from .checks import CHECKS
from .subject import Subject
from .values import Line, Report


def report_on(page: Any, *, drafts: bool = False) -> Report:
    """Every check of this page. With `drafts`, what is below is read as written: what an approval would publish."""
    subject = Subject(page, drafts=drafts)
    lines = []
    for check in CHECKS[subject.kind]:
        faults = tuple(check.find(subject))
        note = check.note(subject) if check.note and not faults else ""
        lines.append(Line(check.code, check.label, faults, note))
    return Report(tuple(lines))
