"""One enrolment as the player needs it, read in one question: versions, proofs, progress, quizzes handed in."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from courses.api import (
    ActivityKind,
    ModuleStanding,
    enrolment_lists,
    enrolments_from,
    path_outcome,
    structure_of,
)
from courses.models import Enrolment, Evidence, ModuleProgress, QuizAttempt, User
from courses.shared.together import Rows, read_together

SELF_PACED = frozenset({ActivityKind.LESSON.value, ActivityKind.QUIZ.value})


@dataclass(frozen=True)
class Reading:
    """Everything of one learner in one path."""

    enrolment: Enrolment
    done: frozenset[UUID]
    progress: dict[UUID, ModuleProgress]
    attempts: tuple[QuizAttempt, ...]
    # By module: asked only where something may be locked, and for the whole page of the path.
    standings: dict[UUID, ModuleStanding]

    def locked_by(self, module: UUID) -> str:
        """Why this module may not be begun yet; empty when it may."""
        standing = self.standings.get(module)
        return standing.locked_by if standing else ""

    def best_attempt(self, quiz: UUID) -> QuizAttempt | None:
        """The handing-in that counts: passed before failed, then the highest, then the first."""
        mine = [one for one in self.attempts if one.quiz_version.activity.public_id == quiz]
        return min(mine, key=lambda one: (not one.passed, -one.score_percent, one.known_at), default=None)


def read_for(user: User, registration: UUID) -> Reading | None:
    """What `user` may read of this enrolment; None when it is not his to see."""
    seen = Enrolment.objects.visible_to(user).known().filter(registration=registration)
    lists = read_together(**enrolment_lists(seen), **_lists(registration))
    enrolments = enrolments_from(lists)
    if not enrolments:
        return None
    enrolment = enrolments[0]
    if enrolment.adviser_id == user.rights.adviser_id:
        enrolment.adviser = user.adviser
    return _reading(enrolment, lists)


def reading_of(enrolment: Enrolment) -> Reading:
    """The same for an enrolment already at hand."""
    return _reading(enrolment, read_together(**_lists(enrolment.registration)))


def _lists(registration: UUID) -> dict[str, Rows]:
    mine = {"enrolment__registration": registration}
    return {
        "evidence": Rows(
            Evidence.objects.known().filter(**mine).exclude(success=False), related=("activity",)
        ),
        "progress": Rows(ModuleProgress.objects.filter(**mine), related=("module",)),
        "attempts": Rows(
            QuizAttempt.objects.filter(**mine),
            related=("quiz_version", "quiz_version__activity"),
            without=("answers", "content"),
        ),
    }


def _reading(enrolment: Enrolment, lists: dict[str, list]) -> Reading:
    standings = {}
    if structure_of(enrolment.version).may_lock:
        standings = {one.module.public_id: one for one in path_outcome(enrolment).modules}
    return Reading(
        enrolment=enrolment,
        done=frozenset(done_activities(enrolment, lists["evidence"])),
        progress={row.module.public_id: row for row in lists["progress"]},
        attempts=tuple(lists["attempts"]),
        standings=standings,
    )


def done_activities(enrolment: Enrolment, evidence: list[Evidence]) -> set[UUID]:
    """What has its proof: a lesson read, a quiz passed, each announced minute of sessions and of placement."""
    proved: Counter[UUID] = Counter()
    for row in evidence:
        proved[row.activity.public_id] += row.minutes
    announced = {
        activity.public_id: activity.minutes
        for _, activity in structure_of(enrolment.version).activities()
        if activity.kind not in SELF_PACED
    }
    return {activity for activity, minutes in proved.items() if minutes >= announced.get(activity, 0)}
