"""What a path holds, read from its published pages; and what is frozen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from cms.pages.models import LessonPage, ModulePage, ModuleSetPage, PathPage
from courses.api import (
    ActivityKind,
    ActivityStructure,
    Choice,
    Item,
    ModuleStructure,
    PathStructure,
    Question,
    QuizContent,
    SetRule,
    SetStructure,
    quiz_hash,
)
from courses.shared import canonical

from .content import canonical_body
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


def read_path(page: PathPage, *, draft: bool = False) -> PathDraft:
    """The tree of the path, in order: as published, or as its latest drafts have it.

    A page never published counts in the draft; a page that was withdrawn counts in neither.
    """
    tree = _Tree(page, draft)
    modules = tuple(tree.modules)
    structure = PathStructure(
        title=tree.path.title,
        kind=tree.path.kind,
        objectives=tuple(tree.path.objective_lines),
        modules=modules,
        arrangement=tree.arrangement if tree.has_sets else None,
        due_days=tree.path.due_days,
    )
    return PathDraft(
        structure=replace(structure, minutes=structure.least_minutes),
        quizzes=tuple(tree.quizzes),
        pages=tuple(tree.pages),
    )


class _Tree:
    """The pages below a path, read from the top; sets may hold sets."""

    def __init__(self, page: PathPage, draft: bool) -> None:
        self.draft = draft
        self.path: PathPage = self._text(page)
        self.modules: list[ModuleStructure] = []
        self.quizzes: list[QuizDraft] = []
        self.pages: list[Page] = [self.path]
        self.has_sets = False
        self._below: dict[str, list[Any]] = {}
        for found in page.get_descendants().order_by("path").specific():
            self._below.setdefault(found.path[: -Page.steplen], []).append(found)
        self.arrangement = SetStructure(self.path.key, self.path.title, items=tuple(self._items(page)))

    def _text(self, page: Any) -> Any:
        return page.get_latest_revision_as_object() if self.draft else page

    def _children(self, page: Page) -> Iterator[Any]:
        for child in self._below.get(page.path, ()):
            if child.live or (self.draft and child.first_published_at is None):
                yield self._text(child)

    def _items(self, page: Page) -> Iterator[Item]:
        for child in self._children(page):
            self.pages.append(child)
            if isinstance(child, ModulePage):
                yield self._read_module(child)
            elif isinstance(child, ModuleSetPage):
                self.has_sets = True
                yield _set(child, tuple(self._items(child)))

    def _read_module(self, page: ModulePage) -> UUID:
        lessons = [child for child in self._children(page) if isinstance(child, LessonPage)]
        drafts = [found for lesson in lessons if (found := _quiz(lesson))]
        self.modules.append(_module(page, lessons, {found.covers: found.quiz for found in drafts}))
        self.quizzes += [found.quiz for found in drafts]
        self.pages += lessons
        return page.key


def _set(page: ModuleSetPage, items: tuple[Item, ...]) -> SetStructure:
    hours = page.rule == SetRule.MINUTES
    return SetStructure(
        public_id=page.key,
        title=page.title,
        rule=page.rule,
        need=0 if page.rule == SetRule.ALL else page.need * (60 if hours else 1),
        ordered=page.ordered,
        optional=page.optional,
        due_days=page.due_days,
        items=items,
    )


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
                content_hash=canonical.digest("cms.body", canonical_body(lesson.body.get_prep_value())),
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
        optional=page.optional,
        requires=tuple(map(UUID, page.requires)),
        equivalents=tuple(map(UUID, page.equivalents)),
        due_days=page.due_days,
    )


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
