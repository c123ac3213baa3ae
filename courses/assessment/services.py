"""Freezing a quiz with its path, and grading what a learner hands in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from courses import audit
from courses.catalogue.enums import ActivityKind
from courses.catalogue.models import Activity
from courses.pathways.enums import EvidenceKind
from courses.pathways.models import Enrolment, PathVersion
from courses.pathways.outcome import refuse_locked
from courses.pathways.queries import structure_of
from courses.pathways.services import lock_enrolment, record_evidence
from courses.people.models import User
from courses.shared import canonical, clock
from courses.xapi.enums import EvidenceClass

from . import statements
from .errors import NotYourQuizError, QuizContentError, QuizFrozenError, QuizNotInPathError
from .models import QuizAttempt, QuizVersion
from .queries import content_of, lessons_of
from .rules import QuizContent, faults, grade


@transaction.atomic
def freeze_quiz(
    *,
    path_version: PathVersion,
    activity: Activity,
    content: QuizContent,
    pass_percent: int,
    covers_minutes: int,
    actor: User,
    at: datetime,
) -> QuizVersion:
    """Keep a quiz as published with its path. Frozen again with the same content, it is the same row."""
    if found := list(faults(content, pass_percent)):
        raise QuizContentError(" ".join(found), field="questions")
    place = structure_of(path_version).find(activity.public_id)
    if place is None or place[1].kind != ActivityKind.QUIZ:
        raise QuizNotInPathError("Ce questionnaire ne fait pas partie de cette version du parcours.")
    announced = sum(lesson.minutes for lesson in place[0].evaluated_by(activity.public_id))
    if covers_minutes != announced:
        raise QuizContentError(
            f"Les leçons évaluées annoncent {announced}\u00a0minutes, pas {covers_minutes}.",
            field="covers_minutes",
        )
    text = content.to_json()
    if kept := QuizVersion.objects.known().filter(path_version=path_version, activity=activity).first():
        if (kept.content, kept.pass_percent, kept.covers_minutes) != (text, pass_percent, covers_minutes):
            raise QuizFrozenError(
                "Le questionnaire d’une version publiée ne change plus : publiez une version."
            )
        return kept
    quiz = QuizVersion.objects.create(
        path_version=path_version,
        activity=activity,
        content=text,
        pass_percent=pass_percent,
        covers_minutes=covers_minutes,
        valid_on=at.astimezone(clock.PARIS).date(),
        known_at=at,
    )
    after = {
        "path_version": path_version.pk,
        "activity": str(activity.public_id),
        "hash": canonical.sha256(text),
    }
    audit.record("assessment.quiz.freeze", actor=actor, target=quiz, at=at, after=after)
    return quiz


@transaction.atomic
def grade_attempt(
    *,
    enrolment: Enrolment,
    quiz_version: QuizVersion,
    answers: Mapping[str, Sequence[str]],
    actor: User,
    at: datetime,
) -> QuizAttempt:
    """Grade what the learner hands in: attempt, trace (E1) and proof in one transaction.

    The announced minutes of a sequence are proved by the first success only, of whatever quiz and version.
    """
    if quiz_version.path_version_id != enrolment.version.pk:
        raise QuizNotInPathError("Ce questionnaire ne fait pas partie de ce parcours.")
    if actor.pk != enrolment.adviser.user_id:
        raise NotYourQuizError("Seul le conseiller inscrit peut répondre à ce questionnaire.")
    refuse_locked(enrolment, quiz_version.activity.module.public_id)
    result = grade(content_of(quiz_version), answers, quiz_version.pass_percent)
    lock_enrolment(enrolment)
    minutes = _newly_proved(enrolment, quiz_version) if result.passed else 0
    attempt = QuizAttempt.objects.create(
        enrolment=enrolment,
        quiz_version=quiz_version,
        answers=canonical.dumps(
            {question: sorted(set(ticked)) for question, ticked in answers.items() if ticked}
        ),
        score_percent=result.score_percent,
        passed=result.passed,
        valid_on=at.astimezone(clock.PARIS).date(),
        known_at=at,
    )
    statement = statements.quiz_graded(attempt=attempt, actor=actor, at=at)
    record_evidence(
        enrolment=enrolment,
        activity=quiz_version.activity,
        kind=EvidenceKind.QUIZ_GRADED,
        evidence_class=EvidenceClass.E1,
        minutes=minutes,
        success=result.passed,
        score_percent=result.score_percent,
        source_key=statements.source_key(attempt),
        statement=statement,
        valid_on=attempt.valid_on,
        at=at,
    )
    after = {
        "score_percent": attempt.score_percent,
        "passed": attempt.passed,
        "statement": str(statement.uuid),
    }
    audit.record("assessment.attempt.grade", actor=actor, target=attempt, at=at, after=after)
    return attempt


def _newly_proved(enrolment: Enrolment, quiz_version: QuizVersion) -> int:
    """The minutes of the lessons that no success has proved yet: a lesson may change its quiz with the version."""
    passed = QuizAttempt.objects.known().filter(enrolment=enrolment, passed=True)
    quizzes = QuizVersion.objects.filter(pk__in=passed.values("quiz_version"))
    proved = {
        lesson for quiz in quizzes.select_related("activity", "path_version") for lesson in lessons_of(quiz)
    }
    return sum(minutes for lesson, minutes in lessons_of(quiz_version).items() if lesson not in proved)
