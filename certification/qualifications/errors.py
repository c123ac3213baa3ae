"""Refusals about what can be obtained."""

from courses.shared.errors import DomainError


class UnknownBlockError(DomainError):
    """No such block on that day."""


class ReferenceDataError(Exception):
    """A data file contradicts what was already loaded from it: an error of ours, not of a user."""
