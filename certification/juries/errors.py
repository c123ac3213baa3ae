"""Refusals of the juries."""

from courses.shared.errors import AccessDeniedError, ConflictError, DomainError


class ExamSessionError(ConflictError):
    """The session is not open, or already reported."""


class AppointmentError(ConflictError):
    """This person cannot sit on this jury."""


class SummonsError(ConflictError):
    """This candidate cannot be summoned to this session."""


class NotAMemberError(AccessDeniedError):
    """Only the members of this jury may do this."""


class BarredMemberError(ConflictError):
    """The member trained the candidate, is the candidate, or declared a conflict of interest."""


class AppraisalError(DomainError):
    """The grid by competence is incomplete or malformed."""


class QuorumError(ConflictError):
    """Too few valid opinions to decide."""


class AlreadyDecidedError(ConflictError):
    """A decision is signed already."""


class CorrectionError(ConflictError):
    """The correction does not hold: same outcome, one author, or a decision already corrected."""


class ReportError(ConflictError):
    """The report cannot be drawn up or validated."""
