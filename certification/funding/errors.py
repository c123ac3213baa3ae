"""Refusals about money."""

from courses.shared.errors import ConflictError, DomainError


class PriceError(DomainError):
    """A contract, a price or an order is not well formed."""


class ClaimContentError(DomainError):
    """The claim asked for cannot be made: period, order, nothing to claim."""


class EvidenceAlreadyClaimedError(ConflictError):
    """The same proof is in another live claim."""


class OrderExceededError(ConflictError):
    """The claims of an order would pass its committed amount."""


class SeparationOfDutiesError(DomainError):
    """Prepare, certify and pay are the acts of three persons, each in his role."""


class StaleProofError(ConflictError):
    """A proof was corrected since the claim was prepared, or a line no longer has its fingerprint."""


class LedgerError(DomainError):
    """The entries do not balance, or the transaction is already reversed."""
