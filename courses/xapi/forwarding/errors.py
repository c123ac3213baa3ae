"""Refusals about external stores, and the answers that never came."""

from courses.shared.errors import ConflictError, DomainError


class ExternalStoreError(DomainError):
    """The store as described cannot be reached, or says too little."""


class StoppedStoreError(ConflictError):
    """The store is stopped: nothing leaves for it."""


class SettledLetterError(ConflictError):
    """The statement was sent again or given up meanwhile."""


class UnreachableError(Exception):
    """No answer: the French sentence says why, without any secret."""
