"""A small published path for the tests of records: one lesson, its quiz, a taught sequence and a placement."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from courses import api
from courses.models import (
    Activity,
    Adviser,
    Enrolment,
    Module,
    PathVersion,
    QuizVersion,
    TrainingOrganisation,
)
from tests import factories
from tests.factories import NOON


def quiz_content(title: str = "Questionnaire") -> api.QuizContent:
    """Two questions: a single choice (a), a multiple one (a and b)."""
    return api.QuizContent(
        title=title,
        questions=(
            api.Question("un", "Que veut dire DSFR ?", False, (
                api.Choice("a", "Un système de design", True), api.Choice("b", "Un impôt", False),
            ), "Le DSFR habille les sites de l’État."),
            api.Question("deux", "Quels outils sont libres ?", True, (
                api.Choice("a", "Wagtail", True), api.Choice("b", "Django", True), api.Choice("c", "Autre", False),
            ), "Les deux premiers le sont."),
        ),
    )  # fmt: skip


RIGHT = {"un": ["a"], "deux": ["b", "a"]}
WRONG = {"un": ["b"], "deux": ["a"]}


@dataclass
class World:
    """A path of one module of 7 h: 210 min at a distance, 210 min with a trainer; and a learner enrolled in it."""

    organisation: TrainingOrganisation = field(default_factory=factories.a_training_organisation)
    adviser: Adviser = field(default_factory=lambda: factories.an_adviser(in_post=False))
    at: datetime = NOON
    path_id: UUID = field(default_factory=uuid4)
    module_id: UUID = field(default_factory=uuid4)
    lesson_id: UUID = field(default_factory=uuid4)
    quiz_id: UUID = field(default_factory=uuid4)
    session_id: UUID = field(default_factory=uuid4)
    version: PathVersion = field(init=False)
    quiz: QuizVersion = field(init=False)
    enrolment: Enrolment = field(init=False)

    def __post_init__(self) -> None:
        self.version, _ = api.publish_path_version(
            organisation=self.organisation, path_public_id=self.path_id, structure=self.structure(),
            actor=factories.root(), at=self.at,
        )  # fmt: skip
        self.quiz = api.freeze_quiz(
            path_version=self.version, activity=self.activity(self.quiz_id), content=quiz_content(),
            pass_percent=60, covers_minutes=210, actor=factories.root(), at=self.at,
        )  # fmt: skip
        self.enrolment = api.enrol(
            adviser=self.adviser,
            path_version=self.version,
            source="self",
            actor=self.adviser.user,
            at=self.at,
        )

    def structure(self) -> api.PathStructure:
        activities = (
            api.ActivityStructure(
                self.lesson_id, "lesson", "Lire un tableau", 210, evaluated_by=self.quiz_id
            ),
            api.ActivityStructure(self.quiz_id, "quiz", "Vérifier ses acquis"),
            api.ActivityStructure(self.session_id, "session", "Atelier", 210),
        )
        module = api.ModuleStructure(
            self.module_id, "Tableurs", 420, ("Lire",), ("C1",), activities=activities
        )
        return api.PathStructure("Parcours fictif", "continuing", ("Apprendre",), 420, (module,))

    @property
    def user(self):
        return self.adviser.user

    @property
    def module(self) -> Module:
        return Module.objects.get(public_id=self.module_id)

    def activity(self, public_id: UUID) -> Activity:
        return Activity.objects.get(public_id=public_id)

    def read(self):
        return api.read_lesson(
            enrolment=self.enrolment, activity_public_id=self.lesson_id, actor=self.user, at=self.at
        )

    def answer(self, answers=None, at=None):
        return api.grade_attempt(
            enrolment=self.enrolment, quiz_version=self.quiz, answers=RIGHT if answers is None else answers,
            actor=self.user, at=at or self.at,
        )  # fmt: skip

    def attend(self, minutes=210, key="sheet:1:1", day=None):
        return api.record_evidence(
            enrolment=self.enrolment, activity=self.activity(self.session_id), kind="presence", evidence_class="E2",
            minutes=minutes, success=None, score_percent=None, source_key=key, statement=None,
            valid_on=day or factories.DAY, at=self.at,
        )  # fmt: skip

    def outcome(self, **when) -> api.ModuleOutcome:
        return api.module_outcome(self.enrolment, self.module, **when)
