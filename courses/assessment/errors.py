"""Refusals of quizzes."""

from courses.shared.errors import AccessDeniedError, ConflictError, DomainError


class QuizContentError(DomainError):
    """A quiz that cannot be graded."""


class QuizFrozenError(ConflictError):
    """The quiz of a published version does not change."""


class QuizNotInPathError(DomainError):
    """The quiz belongs to another version than the one of this enrolment."""

    status = 404


class AnswersError(DomainError):
    """Answers to questions or choices that are not in the quiz."""


class NotYourQuizError(AccessDeniedError):
    """Only the enrolled adviser answers."""
