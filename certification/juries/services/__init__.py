"""The acts of a jury."""

from .decisions import correct_decision, sign_decision
from .opinions import declare_conflict, give_opinion
from .reports import close_report, validate_report
from .sessions import appoint_member, open_exam_session, summon

__all__ = [
    "appoint_member", "close_report", "correct_decision", "declare_conflict", "give_opinion",
    "open_exam_session", "sign_decision", "summon", "validate_report",
]  # fmt: skip
