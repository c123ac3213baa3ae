"""A path as plain values: what an author would type, page by page."""

from dataclasses import dataclass, field
from uuid import UUID

from courses.api import PathKind, SessionMode, SetRule

# Said of a path that does not say otherwise.
PUBLIC = {
    "audience": "Conseillers numériques en poste. Aucun prérequis.",
    "access_delay": "Inscription jusqu’à 15 jours avant la première séance.",
    "methods": "Apports courts, mises en situation et échanges entre pairs, avec un formateur.",
    "assessment": "Questionnaires corrigés par la plateforme et mises en situation observées.",
    "disability_access": "Rythme, supports et lieux s’adaptent\u00a0: parlez-en au contact d’assistance.",
}


@dataclass(frozen=True)
class QuestionSpec:
    """A question, its answers, and which of them are right."""

    text: str
    choices: tuple[str, ...]
    correct: tuple[int, ...] = (0,)
    feedback: str = ""


@dataclass(frozen=True)
class QuizSpec:
    title: str
    questions: tuple[QuestionSpec, ...]
    pass_percent: int = 70


@dataclass(frozen=True)
class LessonSpec:
    """A lesson; `html` is its text, the rest is shown after it when given."""

    title: str
    html: str
    minutes: int = 0
    quiz: QuizSpec | None = None
    callout: str = ""
    # (PNG bytes, alternative text, caption)
    image: tuple[bytes, str, str] | None = None
    # (title, address, transcript)
    video: tuple[str, str, str] | None = None
    # (file name, bytes, label)
    download: tuple[str, bytes, str] | None = None


@dataclass(frozen=True)
class ModuleSpec:
    title: str
    objectives: str
    competences: str
    lessons: tuple[LessonSpec, ...] = ()
    taught_minutes: int = 0
    placement_minutes: int = 0
    mode: str = SessionMode.ON_SITE.value
    completion_rule: str = (
        "Avoir émargé toutes les séances et réussi les questionnaires des leçons à distance."
    )
    contact: str = ""
    optional: bool = False
    # Titles of modules of the same path to complete before this one.
    requires: tuple[str, ...] = ()
    # Keys of modules of other paths that count as this one.
    equivalents: tuple[UUID, ...] = ()
    due_days: int | None = None

    @property
    def minutes(self) -> int:
        return self.taught_minutes + self.placement_minutes + sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True)
class SetSpec:
    """A set of modules and of sets: all of them, `need` of them, or `need` hours of them."""

    title: str
    items: "tuple[ModuleSpec | SetSpec, ...]" = ()
    rule: str = SetRule.ALL.value
    need: int = 0
    ordered: bool = False
    optional: bool = False
    due_days: int | None = None


@dataclass(frozen=True)
class PathSpec:
    """A path; `modules` holds its modules and its sets, in order."""

    title: str
    objectives: str
    contact: str
    modules: tuple[ModuleSpec | SetSpec, ...] = field(default_factory=tuple)
    kind: str = PathKind.INITIAL.value
    html: str = ""
    theme: str = ""
    mission: str = ""
    level: str = ""
    # What the public is told: who it is for, how soon, how it is taught and assessed, how it is made accessible.
    audience: str = PUBLIC["audience"]
    access_delay: str = PUBLIC["access_delay"]
    methods: str = PUBLIC["methods"]
    assessment: str = PUBLIC["assessment"]
    disability_access: str = PUBLIC["disability_access"]
    national: bool = False
    due_days: int | None = None
