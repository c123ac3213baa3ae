"""Refusals about credentials."""

from courses.shared.errors import AccessDeniedError, ConflictError


class NotCertifiedError(ConflictError):
    """The person is not certified: nothing can be attested."""


class CredentialExistsError(ConflictError):
    """The decision already gave a credential that holds."""


class RevocationError(ConflictError):
    """The credential is already revoked, or no reason is given."""


class RevocationDeniedError(AccessDeniedError):
    """Only the programme manager revokes."""
