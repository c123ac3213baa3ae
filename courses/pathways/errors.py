"""Refusals of paths, enrolments and evidence."""

from courses.shared.errors import AccessDeniedError, ConflictError, DomainError


class StructureError(DomainError):
    """A path that cannot be published: what it announces cannot be proved, or names nothing."""


class AlreadyEnrolledError(ConflictError):
    """One enrolment for each adviser and path."""


class NotInPathError(DomainError):
    """The module or activity is not in the version that this enrolment is bound to."""

    status = 404


class NotYourEnrolmentError(AccessDeniedError):
    """Only the enrolled adviser learns."""


class EvidenceConflictError(ConflictError):
    """The same source already gave another proof."""


class UnprovedMinutesError(DomainError):
    """Minutes need a graded evaluation (E1) or an attested presence (E2)."""
