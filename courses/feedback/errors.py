"""Why an opinion is not taken."""

from courses.shared.errors import ConflictError, DomainError


class AlreadyAnsweredError(ConflictError):
    """This adviser already gave his opinion of this module at this moment."""


class SurveyMarksError(DomainError):
    """The marks are not those of the questionnaire."""
