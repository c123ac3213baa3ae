"""What a quiz is and how it is graded, on plain values."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from courses.shared import canonical

from .errors import AnswersError


@dataclass(frozen=True)
class Choice:
    """One possible answer; `correct` never leaves the server."""

    id: str
    text: str
    correct: bool


@dataclass(frozen=True)
class Question:
    """One question; right when exactly its correct choices are ticked."""

    id: str
    text: str
    multiple: bool
    choices: tuple[Choice, ...]
    feedback: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(self.choices))

    @property
    def key(self) -> frozenset[str]:
        return frozenset(choice.id for choice in self.choices if choice.correct)


@dataclass(frozen=True)
class QuizContent:
    """A quiz with its key."""

    title: str
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "questions", tuple(self.questions))

    def to_json(self) -> str:
        """The canonical text."""
        return canonical.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        value = json.loads(text)
        return cls(
            title=value["title"], questions=tuple(_question(question) for question in value["questions"])
        )


def _question(value: dict[str, Any]) -> Question:
    return Question(**value | {"choices": tuple(Choice(**choice) for choice in value["choices"])})


def quiz_hash(content: QuizContent, pass_percent: int) -> str:
    """What the structure of a path remembers of a quiz: another question or pass mark makes another version."""
    return canonical.digest("quiz-1", {"content": asdict(content), "pass_percent": pass_percent})


def faults(content: QuizContent, pass_percent: int) -> Iterator[str]:
    """Why this quiz cannot be graded, in French."""
    if not content.questions:
        yield "Un questionnaire compte au moins une question."
    if not 1 <= pass_percent <= 100:
        yield "Le seuil de réussite est compris entre 1 et 100\u00a0%."
    if len({question.id for question in content.questions}) != len(content.questions):
        yield "Deux questions portent le même identifiant."
    for number, question in enumerate(content.questions, 1):
        if len({choice.id for choice in question.choices}) != len(question.choices):
            yield f"Question {number}\u00a0: deux réponses portent le même identifiant."
        if len(question.choices) < 2:
            yield f"Question {number}\u00a0: proposez au moins deux réponses."
        if not question.key:
            yield f"Question {number}\u00a0: indiquez au moins une bonne réponse."
        if len(question.key) > 1 and not question.multiple:
            yield f"Question {number}\u00a0: une question à choix unique n’a qu’une bonne réponse."


@dataclass(frozen=True)
class LearnerChoice:
    id: str
    text: str


@dataclass(frozen=True)
class LearnerQuestion:
    """A question as the learner sees it: no key, no feedback."""

    number: int
    id: str
    text: str
    multiple: bool
    choices: tuple[LearnerChoice, ...]


def without_key(content: QuizContent) -> tuple[LearnerQuestion, ...]:
    """The questions, and nothing that tells the answers."""
    return tuple(
        LearnerQuestion(
            number=number,
            id=question.id,
            text=question.text,
            multiple=question.multiple,
            choices=tuple(LearnerChoice(choice.id, choice.text) for choice in question.choices),
        )
        for number, question in enumerate(content.questions, 1)
    )


@dataclass(frozen=True)
class Grade:
    """Score in whole percent, and which questions are right."""

    score_percent: int
    passed: bool
    right: frozenset[str]


Answers = Mapping[str, Sequence[str]]


def grade(content: QuizContent, answers: Answers, pass_percent: int) -> Grade:
    """All or nothing by question; what is not answered is wrong; what is not in the quiz is refused."""
    questions = {question.id: question for question in content.questions}
    if set(answers) - set(questions):
        raise AnswersError("Une réponse porte sur une question qui n’est pas dans ce questionnaire.")
    right = set()
    for question in content.questions:
        ticked = set(answers.get(question.id, ()))
        if ticked - {choice.id for choice in question.choices}:
            raise AnswersError(
                "Une réponse choisie n’est pas proposée par la question.", field=f"q-{question.id}"
            )
        if len(ticked) > 1 and not question.multiple:
            raise AnswersError("Cette question n’attend qu’une réponse.", field=f"q-{question.id}")
        if ticked == question.key:
            right.add(question.id)
    score = len(right) * 100 // len(content.questions)
    return Grade(score_percent=score, passed=score >= pass_percent, right=frozenset(right))
