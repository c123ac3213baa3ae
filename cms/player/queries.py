"""The steps of an enrolment, how far each one is, and which comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from courses.api import ActivityKind, ActivityStructure, ModuleState, ModuleStructure, structure_of
from courses.models import Enrolment, ModuleProgress, QuizAttempt

from .reading import SELF_PACED, Reading, reading_of


@dataclass(frozen=True)
class Step:
    """One activity as the table of contents shows it."""

    activity: UUID
    module: UUID
    kind: str
    title: str
    minutes: int
    done: bool
    url: str

    @property
    def kind_label(self) -> str:
        return str(ActivityKind(self.kind).label)


@dataclass(frozen=True)
class ModuleSteps:
    """One module, its steps, and how far the learner is."""

    key: UUID
    title: str
    minutes: int
    objectives: tuple[str, ...]
    contact: str
    progress: ModuleProgress | None
    steps: tuple[Step, ...]
    # Why it may not be begun yet.
    locked_by: str = ""

    @property
    def state(self) -> str:
        """The word that the badge knows."""
        state = self.progress.state if self.progress else ModuleState.TODO.value
        return {"todo": "todo", "in_progress": "in_progress"}.get(state, "passed")

    @property
    def state_label(self) -> str:
        return str(ModuleState(self.progress.state).label if self.progress else ModuleState.TODO.label)

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def has_lessons(self) -> bool:
        return any(step.kind == ActivityKind.LESSON for step in self.steps)

    @property
    def next_step(self) -> Step | None:
        """The first thing that the learner may do alone and has not done."""
        return next((step for step in self.steps if step.url and not step.done), None)


def _url(enrolment: Enrolment, kind: str, activity: UUID) -> str:
    if kind not in SELF_PACED:
        return ""
    try:
        return reverse(
            "lesson" if kind == ActivityKind.LESSON else "quiz", args=[enrolment.registration, activity]
        )
    except NoReverseMatch:
        return ""


def steps_of(enrolment: Enrolment, reading: Reading | None = None) -> list[ModuleSteps]:
    """The whole path of this enrolment, module by module."""
    read = reading or reading_of(enrolment)
    return [
        ModuleSteps(
            key=module.public_id,
            title=module.title,
            minutes=module.minutes,
            objectives=tuple(module.objectives),
            contact=module.contact,
            progress=read.progress.get(module.public_id),
            steps=tuple(_step(read, module, activity) for activity in module.activities),
            locked_by=read.locked_by(module.public_id),
        )
        for module in structure_of(enrolment.version).modules
    ]


def _step(read: Reading, module: ModuleStructure, activity: ActivityStructure) -> Step:
    locked = bool(read.locked_by(module.public_id))
    return Step(
        activity=activity.public_id,
        module=module.public_id,
        kind=activity.kind,
        title=activity.title,
        minutes=activity.minutes,
        done=activity.public_id in read.done,
        url="" if locked else _url(read.enrolment, activity.kind, activity.public_id),
    )


def next_step(enrolment: Enrolment) -> Step | None:
    """Where « Reprendre » leads; None when only sessions, placements or nothing are left."""
    return first_step(steps_of(enrolment))


def first_step(modules: Iterable[ModuleSteps]) -> Step | None:
    """The first thing that may be done alone and is not done."""
    return next((step for module in modules if (step := module.next_step)), None)


@dataclass(frozen=True)
class Neighbours:
    """What stands before and after a step, among what is done alone."""

    module: ModuleSteps
    step: Step
    before: Step | None
    after: Step | None
    position: int
    total: int


def neighbours(modules: list[ModuleSteps], activity: UUID) -> Neighbours | None:
    """None when this version of the path does not hold the activity."""
    walk = [(module, step) for module in modules for step in module.steps if step.url]
    for rank, (module, step) in enumerate(walk):
        if step.activity == activity:
            here = [other for other in module.steps if other.url]
            return Neighbours(
                module=module,
                step=step,
                before=walk[rank - 1][1] if rank else None,
                after=walk[rank + 1][1] if rank + 1 < len(walk) else None,
                position=here.index(step) + 1,
                total=len(here),
            )
    return None


@dataclass(frozen=True)
class QuizState:
    """How the learner stands with the quiz of a lesson."""

    url: str
    title: str
    questions: int
    pass_percent: int
    attempt: QuizAttempt | None

    @property
    def state(self) -> str:
        if self.attempt is None:
            return "todo"
        return "passed" if self.attempt.passed else "partial"

    @property
    def state_label(self) -> str:
        if self.attempt is None:
            return "À faire"
        return f"{'Réussi' if self.attempt.passed else 'À reprendre'} ({self.attempt.score_percent} %)"


def quiz_state(reading: Reading, activity: UUID, block: Any) -> QuizState:
    """Its best handing-in counts."""
    return QuizState(
        url=_url(reading.enrolment, ActivityKind.QUIZ, activity),
        title=block.value["title"],
        questions=len(block.value["questions"]),
        pass_percent=block.value["pass_percent"],
        attempt=reading.best_attempt(activity),
    )
