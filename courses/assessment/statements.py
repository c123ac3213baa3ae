"""Graded quizzes, as traces; and the attempts again, as evidence."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from courses.pathways import rebuild
from courses.pathways.enums import EvidenceKind
from courses.pathways.evidence import EvidenceFact
from courses.people.models import User
from courses.xapi.enums import EvidenceClass
from courses.xapi.models import Statement
from courses.xapi.rules import Authority
from courses.xapi.services import record_statement

from .models import QuizAttempt, QuizVersion
from .queries import lessons_of


def source_key(attempt: QuizAttempt) -> str:
    return f"quiz_attempt:{attempt.public_id}"


def quiz_graded(*, attempt: QuizAttempt, actor: User, at: datetime) -> Statement:
    """« A réussi » or « a échoué », graded by the server (E1). The trace bears the id of the attempt."""
    activity, enrolment = attempt.quiz_version.activity, attempt.enrolment
    return record_statement(
        verb="passed" if attempt.passed else "failed",
        actor=actor,
        object_iri=activity.iri,
        object_name=activity.title,
        object_type="assessment",
        registration=enrolment.registration,
        evidence_class=EvidenceClass.E1,
        authority=Authority.assessment(),
        success=attempt.passed,
        completion=True,
        score_percent=attempt.score_percent,
        organisation=enrolment.path.organisation,
        uuid=attempt.public_id,
        at=at,
    )


def emit() -> Iterator[EvidenceFact]:
    """Each attempt again; the first success of a sequence carries its minutes."""
    ours = Statement.objects.filter(
        evidence_class=EvidenceClass.E1, uuid__in=QuizAttempt.objects.values("public_id")
    )
    traces = dict(ours.values_list("uuid", "seq"))
    quizzes = QuizVersion.objects.select_related("activity", "path_version")
    given = {quiz.pk: (quiz.activity, lessons_of(quiz)) for quiz in quizzes}
    attempts = QuizAttempt.objects.known().order_by("known_at", "pk")
    proved: dict[int, set[UUID]] = defaultdict(set)
    for attempt in attempts.iterator(chunk_size=2000):
        activity, lessons = given[attempt.quiz_version_id]
        minutes = 0
        if attempt.passed:
            known = proved[attempt.enrolment_id]
            minutes = sum(length for lesson, length in lessons.items() if lesson not in known)
            known.update(lessons)
        yield EvidenceFact(
            enrolment_id=attempt.enrolment_id,
            module_id=activity.module_id,
            activity_id=activity.pk,
            kind=EvidenceKind.QUIZ_GRADED.value,
            evidence_class=EvidenceClass.E1.value,
            source_key=source_key(attempt),
            statement_id=traces.get(attempt.public_id),
            valid_on=attempt.valid_on,
            known_at=attempt.known_at,
            minutes=minutes,
            success=attempt.passed,
            score_percent=attempt.score_percent,
        )


rebuild.register("assessment", emit)
