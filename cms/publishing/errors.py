"""What publishing refuses."""

from courses.shared.errors import ConflictError, DomainError


class UnfinishedPageError(DomainError):
    """The page lacks something without which it may not be published."""


class FrozenPageError(ConflictError):
    """Learners were enrolled on what this page holds: it is evidence, and stays."""


class FrozenMediaError(ConflictError):
    """A published lesson shows this image or gives this document: it stays."""
