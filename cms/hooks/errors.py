"""What the editor refuses."""

from courses.shared.errors import DomainError


class PlaceAskedError(DomainError):
    """A copy must be put somewhere."""
