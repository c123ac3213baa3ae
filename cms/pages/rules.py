"""What a page must hold before it may be published: French sentences, each with the field to mend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Gap:
    """Something that keeps a page from being published."""

    text: str
    field: str | None = None


@dataclass(frozen=True)
class QuizFacts:
    """What the gate asks of a quiz: for each question, its words and how many answers are right and wrong."""

    title: str
    questions: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class LessonFacts:
    title: str
    minutes: int = 0
    quizzes: tuple[QuizFacts, ...] = ()


@dataclass(frozen=True)
class ModuleFacts:
    title: str
    objectives: str = ""
    competences: str = ""
    completion_rule: str = ""
    contact: str = ""
    minutes: int | None = None
    taught_minutes: int = 0
    placement_minutes: int = 0
    lessons: tuple[LessonFacts, ...] = ()


@dataclass(frozen=True)
class PathFacts:
    title: str
    objectives: str = ""
    contact: str = ""
    modules: tuple[ModuleFacts, ...] = field(default_factory=tuple)


def lesson_gaps(lesson: LessonFacts) -> Iterator[Gap]:
    """One quiz at most; one at least when the lesson announces a duration; a right answer to each question."""
    if len(lesson.quizzes) > 1:
        yield Gap("Une leçon ne porte qu’un questionnaire : placez les autres dans d’autres leçons.", "body")
    if lesson.minutes and not lesson.quizzes:
        yield Gap(
            "Une leçon à distance qui annonce une durée doit être évaluée : ajoutez un questionnaire, "
            "ou mettez la durée à 0.",
            "minutes",
        )
    for quiz in lesson.quizzes:
        if not quiz.questions:
            yield Gap(f"Le questionnaire « {quiz.title} » n’a aucune question.", "body")
        for text, right, wrong in quiz.questions:
            if not right:
                yield Gap(f"Aucune bonne réponse n’est cochée à la question « {text} ».", "body")
            elif not wrong:
                yield Gap(f"Toutes les réponses sont bonnes à la question « {text} ».", "body")


def module_gaps(module: ModuleFacts) -> Iterator[Gap]:
    """Objectives, competences, duration, completion rule and contact."""
    asked = {
        "objectives": "Indiquez les objectifs du module.",
        "competences": "Indiquez les compétences visées.",
        "minutes": "Indiquez la durée annoncée.",
        "completion_rule": "Indiquez la règle d’achèvement.",
        "contact": "Indiquez le contact d’assistance.",
    }
    for name, sentence in asked.items():
        if not str(getattr(module, name) or "").strip():
            yield Gap(sentence, name)


def path_gaps(path: PathFacts) -> Iterator[Gap]:
    """Its own objectives and contact, at least one published module, and nothing missing below."""
    if not path.objectives.strip():
        yield Gap("Indiquez les objectifs du parcours.", "objectives")
    if not path.contact.strip():
        yield Gap("Indiquez le contact d’assistance.", "contact")
    if not path.modules:
        yield Gap("Ce parcours n’a aucun module publié : publiez d’abord ses modules et leurs leçons.")
    for module in path.modules:
        for gap in module_gaps(module):
            yield Gap(f"Module « {module.title} » : {_inner(gap.text)}")
        yield from _duration_gaps(module)
        for lesson in module.lessons:
            for gap in lesson_gaps(lesson):
                yield Gap(f"Leçon « {lesson.title} » : {_inner(gap.text)}")


def _duration_gaps(module: ModuleFacts) -> Iterator[Gap]:
    """What is announced must be what can be proved, no more and no less."""
    provable = module.taught_minutes + module.placement_minutes + sum(it.minutes for it in module.lessons)
    if module.minutes and provable != module.minutes:
        yield Gap(
            f"Module « {module.title} » : la durée annoncée ({module.minutes} min) n’est pas la somme des séances, "
            f"du stage et des leçons à distance publiées ({provable} min)."
        )


def _inner(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def quiz_facts(value: Any) -> QuizFacts:
    """From the value of a quiz block."""
    questions: Sequence[Any] = value["questions"]
    return QuizFacts(
        title=value["title"],
        questions=tuple(
            (
                question["text"],
                sum(1 for choice in question["choices"] if choice["correct"]),
                sum(1 for choice in question["choices"] if not choice["correct"]),
            )
            for question in questions
        ),
    )


def lesson_facts(page: Any) -> LessonFacts:
    """From a lesson page."""
    quizzes = tuple(quiz_facts(block.value) for block in page.body if block.block_type == "quiz")
    return LessonFacts(title=page.title, minutes=page.minutes or 0, quizzes=quizzes)


def module_facts(page: Any) -> ModuleFacts:
    """From a module page; its published lessons with it."""
    return ModuleFacts(
        title=page.title,
        objectives=page.objectives,
        competences=page.competences,
        completion_rule=page.completion_rule,
        contact=page.contact,
        minutes=page.minutes,
        taught_minutes=page.taught_minutes or 0,
        placement_minutes=page.placement_minutes or 0,
        lessons=tuple(lesson_facts(lesson) for lesson in page.lessons) if page.pk else (),
    )


def path_facts(page: Any) -> PathFacts:
    """From a path page; its published modules and lessons with it."""
    return PathFacts(
        title=page.title,
        objectives=page.objectives,
        contact=page.contact,
        modules=tuple(module_facts(module) for module in page.modules) if page.pk else (),
    )


def stray_quiz_gaps(page: Any) -> Iterator[Gap]:
    """A quiz belongs to a lesson."""
    if any(block.block_type == "quiz" for block in page.body):
        yield Gap("Un questionnaire se place dans une leçon, pas dans cette page.", "body")
