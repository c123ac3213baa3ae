"""What publishing refuses."""

from courses.shared.errors import AccessDeniedError, ConflictError, DomainError


class UnfinishedPageError(DomainError):
    """The page lacks something without which it may not be published."""


class NationalPathError(AccessDeniedError):
    """A national path is published by the agency alone."""


class FrozenPageError(ConflictError):
    """Learners were enrolled on what this page holds: it is evidence, and stays."""


class FrozenMediaError(ConflictError):
    """A published lesson shows this image or gives this document: it stays as it is."""
