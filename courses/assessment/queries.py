"""Reading quizzes and attempts."""

from dataclasses import dataclass
from uuid import UUID

from courses.pathways.models import Enrolment
from courses.pathways.queries import structure_of
from courses.shared import strict_json

from .models import QuizAttempt, QuizVersion
from .rules import LearnerQuestion, QuizContent, grade, without_key


def content_of(quiz_version: QuizVersion) -> QuizContent:
    """The whole quiz, key included: for the server only."""
    return QuizContent.from_json(quiz_version.content)


def quiz_for_learner(quiz_version: QuizVersion) -> tuple[LearnerQuestion, ...]:
    """The questions without their key."""
    return without_key(content_of(quiz_version))


def quiz_of(enrolment: Enrolment, activity_public_id: UUID) -> QuizVersion | None:
    """The quiz of an activity, as frozen in the version that this enrolment follows."""
    return (
        QuizVersion.objects.known()
        .filter(path_version=enrolment.version.pk, activity__public_id=activity_public_id)
        .select_related("activity__module", "path_version")
        .first()
    )


def lessons_of(quiz_version: QuizVersion) -> dict[UUID, int]:
    """The remote sequences that a quiz evaluates in its version, with their announced minutes."""
    quiz = quiz_version.activity.public_id
    found = structure_of(quiz_version.path_version).find(quiz)
    return {lesson.public_id: lesson.minutes for lesson in found[0].evaluated_by(quiz)} if found else {}


def best_attempt(enrolment: Enrolment, quiz_version: QuizVersion) -> QuizAttempt | None:
    """The attempt with the highest score, the first one among equals."""
    attempts = QuizAttempt.objects.known().filter(enrolment=enrolment, quiz_version=quiz_version)
    return attempts.order_by("-score_percent", "known_at", "pk").first()


@dataclass(frozen=True)
class AnsweredQuestion:
    """A line of the result page: what was answered, whether it is right, and why. Never the key itself."""

    number: int
    text: str
    given: tuple[str, ...]
    right: bool
    feedback: str


def answered_questions(attempt: QuizAttempt) -> tuple[AnsweredQuestion, ...]:
    """Each question of an attempt, with its feedback."""
    content = content_of(attempt.quiz_version)
    answers = strict_json.loads(attempt.answers.encode())
    right = grade(content, answers, attempt.quiz_version.pass_percent).right
    return tuple(
        AnsweredQuestion(
            number=number,
            text=question.text,
            given=tuple(
                choice.text for choice in question.choices if choice.id in answers.get(question.id, ())
            ),
            right=question.id in right,
            feedback=question.feedback,
        )
        for number, question in enumerate(content.questions, 1)
    )
