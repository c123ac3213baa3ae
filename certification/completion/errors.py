"""Refusals about certificates."""

from collections.abc import Sequence

from courses.shared.errors import ConflictError, DomainError


class NotProvedError(DomainError):
    """The module is not proved: what is missing, one sentence each."""

    def __init__(self, title: str, missing: Sequence[str]) -> None:
        super().__init__(f"Le module «\u00a0{title}\u00a0» n’est pas encore prouvé. " + " ".join(missing))
        self.missing = tuple(missing)


class CertificateExistsError(ConflictError):
    """The certificate was issued before."""


class AlteredContextError(Exception):
    """The frozen words are no longer those that were sealed: nothing may be drawn from them."""
