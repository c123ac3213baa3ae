"""Refusals about candidacies and Pix results."""

from courses.shared.errors import ConflictError, DomainError


class CandidacyError(DomainError):
    """The candidacy cannot be opened as asked."""


class CandidacyExistsError(ConflictError):
    """The adviser already aims at this block."""


class PixResultError(DomainError):
    """The result is incomplete or contradicts itself."""


class PixResultExistsError(ConflictError):
    """This certification number is recorded already."""
