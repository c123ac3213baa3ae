"""What a path holds, read from its published pages; and what is frozen."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from cms.pages.models import LessonPage, ModulePage, PathPage
from courses.api import (
    ActivityKind,
    ActivityStructure,
    Choice,
    ModuleStructure,
    PathStructure,
    Question,
    QuizContent,
    quiz_hash,
)
from courses.shared import canonical

from .models import PublishedMedia, PublishedRevision


@dataclass(frozen=True)
class QuizDraft:
    """A quiz as written in its lesson, ready to be frozen."""

    activity: UUID
    content: QuizContent
    pass_percent: int
    covers_minutes: int


@dataclass(frozen=True)
class PathDraft:
    """Everything that publishing a path freezes."""

    structure: PathStructure
    quizzes: tuple[QuizDraft, ...]
    pages: tuple[Page, ...]


def read_path(page: PathPage) -> PathDraft:
    """The published tree of the path, in order."""
    modules, quizzes, pages = [], [], [page]
    for module in page.modules:
        lessons = list(module.lessons)
        drafts = [draft for lesson in lessons if (draft := _quiz(lesson))]
        modules.append(_module(module, lessons, {draft.covers: draft.quiz for draft in drafts}))
        quizzes += [draft.quiz for draft in drafts]
        pages += [module, *lessons]
    structure = PathStructure(
        title=page.title,
        kind=page.kind,
        objectives=tuple(page.objective_lines),
        minutes=sum(module.minutes for module in modules),
        modules=tuple(modules),
    )
    return PathDraft(structure=structure, quizzes=tuple(quizzes), pages=tuple(pages))


@dataclass(frozen=True)
class _LessonQuiz:
    covers: UUID
    quiz: QuizDraft


def _quiz(lesson: LessonPage) -> _LessonQuiz | None:
    if lesson.quiz is None:
        return None
    activity, block = lesson.quiz
    draft = QuizDraft(
        activity=activity,
        content=quiz_content(block.value),
        pass_percent=block.value["pass_percent"],
        covers_minutes=lesson.minutes,
    )
    return _LessonQuiz(covers=lesson.key, quiz=draft)


def quiz_content(value: Any) -> QuizContent:
    """From the value of a quiz block; questions and answers keep the ids that the editor gave them."""
    questions = []
    for bound in value["questions"].bound_blocks:
        question = bound.value
        choices = tuple(
            Choice(id=str(choice.id), text=choice.value["text"], correct=bool(choice.value["correct"]))
            for choice in question["choices"].bound_blocks
        )
        questions.append(
            Question(
                id=str(bound.id),
                text=question["text"],
                multiple=sum(choice.correct for choice in choices) > 1,
                choices=choices,
                feedback=question["feedback"] or "",
            )
        )
    return QuizContent(title=value["title"], questions=tuple(questions))


def _module(page: ModulePage, lessons: list[LessonPage], quizzes: dict[UUID, QuizDraft]) -> ModuleStructure:
    activities: list[ActivityStructure] = []
    for lesson in lessons:
        quiz = quizzes.get(lesson.key)
        activities.append(
            ActivityStructure(
                public_id=lesson.key,
                kind=ActivityKind.LESSON.value,
                title=lesson.title,
                minutes=lesson.minutes,
                content_hash=canonical.digest("cms.body", _without_ids(lesson.body.get_prep_value())),
                evaluated_by=quiz.activity if quiz else None,
            )
        )
        if quiz:
            activities.append(
                ActivityStructure(
                    public_id=quiz.activity,
                    kind=ActivityKind.QUIZ.value,
                    title=quiz.content.title,
                    minutes=0,
                    quiz_hash=quiz_hash(quiz.content, quiz.pass_percent),
                    evaluated_by=None,
                )
            )
    if page.taught_minutes:
        activities.append(
            ActivityStructure(
                public_id=page.session_key,
                kind=ActivityKind.SESSION.value,
                title=f"Séances : {page.title}",
                minutes=page.taught_minutes,
                evaluated_by=None,
            )
        )
    if page.placement_minutes:
        activities.append(
            ActivityStructure(
                public_id=page.placement_key,
                kind=ActivityKind.PLACEMENT.value,
                title=f"Stage : {page.title}",
                minutes=page.placement_minutes,
                evaluated_by=None,
            )
        )
    return ModuleStructure(
        public_id=page.key,
        title=page.title,
        minutes=page.minutes or 0,
        objectives=tuple(page.objective_lines),
        competences=tuple(page.competence_lines),
        contact=page.contact,
        completion_rule=page.completion_rule,
        activities=tuple(activities),
    )


def _without_ids(value: Any) -> Any:
    """The words of a body: the editor gives its blocks new names when it likes, and nothing has changed."""
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if isinstance(value, dict):
        block = value.keys() == {"type", "value", "id"}
        return {key: _without_ids(item) for key, item in value.items() if not (block and key == "id")}
    return value


def is_frozen(page: Page) -> bool:
    """Does a path version quote this page, or one below it?"""
    return PublishedRevision.objects.under(page).exists()


def frozen_body(path_version_id: int, lesson_key: UUID) -> Any | None:
    """The body of a lesson as it stood in that version; None when the version does not hold it."""
    published = (
        PublishedRevision.objects.filter(path_version=path_version_id, page__lessonpage__key=lesson_key)
        .select_related("revision")
        .first()
    )
    if published is None:
        return None
    return LessonPage._meta.get_field("body").to_python(published.content()["body"])


def is_published_media(media: Any) -> bool:
    """Does a frozen revision show this image or give this document?"""
    content_type = ContentType.objects.get_for_model(type(media))
    return PublishedMedia.objects.filter(content_type=content_type, object_id=media.pk).exists()
