"""A whole path written at once, as an author would page by page: for the demo and for the tests."""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from PIL import Image, ImageDraw
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.pages.models import LessonPage, ModulePage, PathPage
from cms.publishing.access import settle_groups
from cms.publishing.services import open_space
from courses.api import PathKind, SessionMode
from courses.models import PathVersion, TrainingOrganisation, User
from courses.shared import clock

# Pages authored from the same spec for the same organisation have the same keys: a seed gives the same world twice.
_SPECS = UUID("6f1c3f0e-6a53-5b1e-9d0a-0d6d3c2f7a11")


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

    @property
    def minutes(self) -> int:
        return self.taught_minutes + self.placement_minutes + sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True)
class PathSpec:
    title: str
    objectives: str
    contact: str
    modules: tuple[ModuleSpec, ...] = field(default_factory=tuple)
    kind: str = PathKind.INITIAL.value
    html: str = ""


@transaction.atomic
def author_path(*, organisation: TrainingOrganisation, spec: PathSpec, author: User) -> PathPage:
    """Draft pages of a path in the branch of its organisation, each with a first revision by its author."""
    space = open_space(organisation)
    seed = uuid5(_SPECS, f"{organisation.siret or organisation.public_id}/{spec.title}")
    path = PathPage(
        title=spec.title,
        key=_free(PathPage, seed),
        kind=spec.kind,
        objectives=spec.objectives,
        contact=spec.contact,
        body=_text(spec.html),
    )
    _draft(space, path, author)
    for rank, module in enumerate(spec.modules):
        page = ModulePage(
            title=module.title,
            key=_free(ModulePage, uuid5(path.key, f"module {rank}")),
            objectives=module.objectives,
            competences=module.competences,
            minutes=module.minutes,
            taught_minutes=module.taught_minutes,
            placement_minutes=module.placement_minutes,
            mode=module.mode,
            completion_rule=module.completion_rule,
            contact=module.contact or spec.contact,
        )
        _draft(path, page, author)
        for number, lesson in enumerate(module.lessons):
            key = _free(LessonPage, uuid5(page.key, f"lesson {number}"))
            body = _lesson_body(lesson, key, space.collection)
            _draft(page, LessonPage(title=lesson.title, key=key, minutes=lesson.minutes, body=body), author)
    return path


@transaction.atomic
def publish_path(page: PathPage, *, user: User, at: datetime | None = None) -> PathVersion:
    """Publish the lessons, then the modules, then the path, as the editor’s button does on each page."""
    with clock.travel(at or clock.now()):
        return _publish(page, user)


def _publish(page: PathPage, user: User) -> PathVersion:
    settle_groups(user)
    below = page.get_descendants().specific().order_by("-depth", "path")
    for part in [*below, page.specific]:
        revision = part.get_latest_revision() or part.save_revision(user=user)
        if (
            part.pk == page.pk
            or not part.live
            or part.has_unpublished_changes
            or part.live_revision_id is None
        ):
            revision.publish(user=user)
    page.refresh_from_db()
    if page.version is None:
        raise RuntimeError("Publishing a path gives it a version.")
    return page.version


def demo_picture() -> bytes:
    """A plain drawing of a workshop: a screen, a window, two seats. The same bytes each time."""
    picture = Image.new("RGB", (1200, 675), "#f5f5fe")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 520, 1200, 675), fill="#cacafb")
    draw.rounded_rectangle((330, 120, 870, 450), radius=18, fill="#000091")
    draw.rounded_rectangle((352, 142, 848, 428), radius=8, fill="#ffffff")
    for rank, width in enumerate((380, 300, 340)):
        draw.rounded_rectangle((392, 190 + rank * 70, 392 + width, 222 + rank * 70), radius=8, fill="#8585f6")
    draw.rectangle((570, 450, 630, 520), fill="#000091")
    for left in (180, 890):
        draw.ellipse((left, 380, left + 130, 510), fill="#e1000f")
        draw.rounded_rectangle((left - 20, 515, left + 150, 675), radius=40, fill="#000091")
    data = BytesIO()
    picture.save(data, format="PNG")
    return data.getvalue()


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
