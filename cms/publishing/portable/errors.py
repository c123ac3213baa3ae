"""What is refused of a file."""

from courses.shared.errors import DomainError


class PathFileError(DomainError):
    """The file is not a path that we can take in; nothing of it was."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")
