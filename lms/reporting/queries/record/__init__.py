"""An adviser’s record: what he did and obtained, as of a day and as known at an instant."""

from .gather import record_of
from .hours import YearHours, hours_by_year
from .lines import CertificateLine, CredentialLine, ModuleLine, PathLine, Record
from .timeline import KINDS, Event

__all__ = [
    "KINDS", "CertificateLine", "CredentialLine", "Event", "ModuleLine", "PathLine", "Record", "YearHours",
    "hours_by_year", "record_of",
]  # fmt: skip
