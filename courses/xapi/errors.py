"""Refusals of the record store. Their messages speak French, then English: machines and their authors read them."""

from courses.shared.errors import AccessDeniedError, ConflictError, DomainError


class StatementError(DomainError):
    """The statement is not xAPI; the message names the JSON path."""

    status = 400

    def __init__(self, path: str, french: str, english: str) -> None:
        super().__init__(f"{path} : {french} / {english}", field=path)


class StatementConflictError(ConflictError):
    """A statement of this id is stored with another content."""


class CredentialError(DomainError):
    """Unknown, revoked or expired key."""

    status = 401


class ScopeError(AccessDeniedError):
    """The key does not open this."""


class UnknownScopeError(DomainError):
    """A scope that does not exist."""


class TooLargeError(DomainError):
    """The body is over the limit."""

    status = 413


class UnknownStatementError(DomainError):
    """No such statement, or none that this key may read: the answer is the same."""

    status = 404


class NotVoidableError(ConflictError):
    """The statement cannot be voided by that person."""


class PreconditionError(DomainError):
    """The document is not what the sender believes it to be."""

    status = 412
