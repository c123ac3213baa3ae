"""Refusals about persons and posts."""

from courses.shared.errors import ConflictError, DomainError


class IdentityError(DomainError):
    """An identifier is malformed: SIRET, NDA, number."""


class RoleError(DomainError):
    """The role cannot be held there or then."""


class PostConflictError(ConflictError):
    """The post or the adviser is already taken at these dates."""


class CommitteeFileError(DomainError):
    """A line of a committee’s file is wrong: nothing of the file is recorded."""
