"""The screens of the juries."""

from .reports import close, report, reports, validate
from .sessions import appoint, open_session, session, sessions, summon_candidate
from .sittings import conflict, opinion, sign, sitting

__all__ = [
    "appoint", "close", "conflict", "open_session", "opinion", "report", "reports", "session", "sessions", "sign",
    "sitting", "summon_candidate", "validate",
]  # fmt: skip
