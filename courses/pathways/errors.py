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


class LockedModuleError(ConflictError):
    """The module is not open yet: something else is to be finished first."""


class VersionRefusedError(ConflictError):
    """This version cannot be accepted, or not any more."""
