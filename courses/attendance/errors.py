"""Refusals of the émargement."""

from courses.shared.errors import AccessDeniedError, ConflictError, DomainError


class SheetError(DomainError):
    """The sheet, the mark or the attestation cannot be written as asked."""


class SheetClosedError(ConflictError):
    """The sheet is closed: it is evidence and never changes."""


class SigningWindowError(ConflictError):
    """Too early: nobody attests what has not taken place."""


class AlreadySignedError(ConflictError):
    """This presence, or this sheet, bears that signature already."""


class PresentElsewhereError(ConflictError):
    """The learner is present in another slot at the same time."""


class IncompleteSheetError(ConflictError):
    """A signature or a mark is missing: the sheet cannot be closed."""


class NotTheSignerError(AccessDeniedError):
    """A signature is given from the signer’s own account, by whoever has that quality."""
