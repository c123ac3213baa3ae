"""Refusals about rights and enrolments."""

from courses.shared.errors import ConflictError, DomainError


class NoRuleError(DomainError):
    """No version of the rules had begun on that day."""


class AlreadyEnrolledError(ConflictError):
    """The adviser already follows this path."""


class NotFundedError(ConflictError):
    """The State does not fund this enrolment, and nobody chose to keep it without funding."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("Cette inscription n’est pas financée par l’État. " + " ".join(reasons))
        self.reasons = reasons
