"""Refusals: the one kind of exception that a user may read."""


class DomainError(Exception):
    """A rule refuses the act. Carries a French sentence, the HTTP status and, when known, the field at fault."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ConflictError(DomainError):
    """The act is well formed, but the present state of things forbids it."""

    status = 409


class AccessDeniedError(DomainError):
    """The person may see the object but not do this to it."""

    status = 403
