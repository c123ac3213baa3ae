"""Draft pages of a whole path, written at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.pages.models import LessonPage, ModulePage, ModuleSetPage, OrganisationPage, PathPage
from cms.publishing.services import open_space
from courses.models import TrainingOrganisation, User

from .specs import LessonSpec, ModuleSpec, PathSpec, QuizSpec, SetSpec

# Pages authored from the same spec for the same organisation have the same keys: a seed gives the same world twice.
_SPECS = UUID("6f1c3f0e-6a53-5b1e-9d0a-0d6d3c2f7a11")


@transaction.atomic
def author_path(*, organisation: TrainingOrganisation, spec: PathSpec, author: User) -> PathPage:
    """Draft pages of a path in the branch of its organisation, each with a first revision by its author."""
    space = open_space(organisation)
    seed = uuid5(_SPECS, f"{organisation.siret or organisation.public_id}/{spec.title}")
    told = (
        "title", "kind", "objectives", "contact", "theme", "mission", "level", "audience", "access_delay", "methods",
        "assessment", "disability_access", "national", "due_days",
    )  # fmt: skip
    path = PathPage(
        key=_free(PathPage, seed), body=_text(spec.html), **{name: getattr(spec, name) for name in told}
    )
    _draft(space, path, author)
    keys = {
        module.title: _free(ModulePage, uuid5(path.key, f"module {rank}"))
        for rank, module in enumerate(_modules(spec.modules))
    }
    _items(path, spec.modules, _Writing(space, path, spec, keys, author))
    return path


@dataclass(frozen=True)
class _Writing:
    """What every page of one path shares while it is written."""

    space: OrganisationPage
    path: PathPage
    spec: PathSpec
    # Of the modules, by title.
    keys: dict[str, UUID]
    author: User


def _modules(items: "tuple[ModuleSpec | SetSpec, ...]") -> Iterator[ModuleSpec]:
    for item in items:
        if isinstance(item, SetSpec):
            yield from _modules(item.items)
        else:
            yield item


def _items(parent: Any, items: "tuple[ModuleSpec | SetSpec, ...]", writing: _Writing) -> None:
    for rank, item in enumerate(items):
        if isinstance(item, SetSpec):
            page = ModuleSetPage(
                title=item.title,
                key=_free(ModuleSetPage, uuid5(parent.key, f"set {rank}")),
                rule=item.rule,
                need=item.need,
                ordered=item.ordered,
                optional=item.optional,
                due_days=item.due_days,
            )
            _draft(parent, page, writing.author)
            _items(page, item.items, writing)
        else:
            _module(parent, item, writing)


def _module(parent: Page, module: ModuleSpec, writing: _Writing) -> None:
    page = ModulePage(
        title=module.title,
        key=writing.keys[module.title],
        objectives=module.objectives,
        competences=module.competences,
        minutes=module.minutes,
        taught_minutes=module.taught_minutes,
        placement_minutes=module.placement_minutes,
        mode=module.mode,
        completion_rule=module.completion_rule,
        contact=module.contact or writing.spec.contact,
        optional=module.optional,
        requires=[str(writing.keys[title]) for title in module.requires],
        equivalents=[str(key) for key in module.equivalents],
        due_days=module.due_days,
    )
    _draft(parent, page, writing.author)
    for number, lesson in enumerate(module.lessons):
        key = _free(LessonPage, uuid5(page.key, f"lesson {number}"))
        body = _lesson_body(lesson, key, writing.space.collection)
        _draft(
            page, LessonPage(title=lesson.title, key=key, minutes=lesson.minutes, body=body), writing.author
        )


def _free(model: type[Page], key: UUID) -> UUID:
    return uuid4() if model.objects.filter(key=key).exists() else key


def _draft(parent: Page, page: Any, author: User) -> None:
    page.live = False
    page.owner = author
    parent.add_child(instance=page)
    page.save_revision(user=author)


def _text(html: str) -> list[tuple[str, str]]:
    return [("text", html)] if html else []


def _lesson_body(lesson: LessonSpec, key: UUID, collection: Any) -> list[dict[str, Any]]:
    """The stored form of the body: each block with an identity drawn from the lesson’s."""

    def block(kind: str, value: Any) -> dict[str, Any]:
        return {"type": kind, "id": str(uuid5(key, kind)), "value": value}

    blocks = [block("text", lesson.html)]
    if lesson.image:
        data, alternative, caption = lesson.image
        file = ImageFile(BytesIO(data), name=f"{key}.png")
        image = get_image_model().objects.create(title=alternative[:255], file=file, collection=collection)
        shown = {"image": image.pk, "alt_text": alternative, "decorative": False}
        blocks.append(block("image", {"image": shown, "caption": caption}))
    if lesson.callout:
        blocks.append(block("callout", {"title": "À retenir", "text": f"<p>{lesson.callout}</p>"}))
    if lesson.video:
        title, url, transcript = lesson.video
        blocks.append(block("video", {"title": title, "url": url, "transcript": f"<p>{transcript}</p>"}))
    if lesson.download:
        name, data, label = lesson.download
        document = get_document_model().objects.create(
            title=label, file=ContentFile(data, name=name), collection=collection
        )
        blocks.append(block("download", {"document": document.pk, "label": label}))
    if lesson.quiz:
        blocks.append(block("quiz", _quiz(lesson.quiz, key)))
    return blocks


def _quiz(quiz: QuizSpec, key: UUID) -> dict[str, Any]:
    def item(name: str, value: Any) -> dict[str, Any]:
        return {"type": "item", "id": str(uuid5(key, name)), "value": value}

    return {
        "title": quiz.title,
        "pass_percent": quiz.pass_percent,
        "questions": [
            item(
                f"question {number}",
                {
                    "text": question.text,
                    "feedback": question.feedback,
                    "choices": [
                        item(
                            f"question {number} choice {rank}",
                            {"text": text, "correct": rank in question.correct},
                        )
                        for rank, text in enumerate(question.choices)
                    ],
                },
            )
            for number, question in enumerate(quiz.questions)
        ],
    }
