"""Two organisations in one editor: ours, and a neighbour whose every word bears a marker."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Comment,
    GroupApprovalTask,
    Page,
    PageLogEntry,
    Revision,
    TaskState,
    UploadedFile,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.models import LessonPage, ModuleSetPage, OrganisationPage, PathPage
from courses.models import User
from tests import factories
from tests.cms.world import LESSON, MODULE, PATH, Written

# In every word of the neighbour; beside the second, by which it is looked for.
MARKER = "Zyzomys"
SOUGHT = "quokka"


def marked() -> Any:
    """The path of the tests, each of its words replaced by the neighbour's."""
    lesson = replace(
        LESSON,
        title=f"{MARKER} {SOUGHT} leçon",
        html=f"<p>{MARKER} {SOUGHT} texte</p>",
        image=(LESSON.image[0], f"{MARKER} {SOUGHT} image", f"{MARKER} légende"),
        download=(f"{MARKER}.txt", b"Zyzomys", f"{MARKER} {SOUGHT} document"),
    )
    module = replace(MODULE, title=f"{MARKER} {SOUGHT} module", objectives=MARKER, lessons=(lesson,))
    return replace(PATH, title=f"{MARKER} {SOUGHT} parcours", objectives=MARKER, modules=(module,))


@dataclass
class Branch:
    """What one organisation has in the editor: pages of every type and state, media, a workflow, comments."""

    written: Written
    name: str
    draft: LessonPage = field(init=False)
    scheduled: LessonPage = field(init=False)
    module_set: ModuleSetPage = field(init=False)
    draft_path: PathPage = field(init=False)

    def __post_init__(self) -> None:
        author = self.author
        self.written.publish()
        self.draft = self._lesson("brouillon")
        self.scheduled = self._lesson("prévue")
        self.scheduled.go_live_at = timezone.now() + timedelta(days=30)
        self.scheduled.save_revision(user=author).publish(user=self.written.manager)
        self.draft_path = PathPage(title=f"{self.name} autre parcours", live=False, owner=author)
        self.space.add_child(instance=self.draft_path)
        self.draft_path.save_revision(user=author, log_action=True)
        self.module_set = ModuleSetPage(title=f"{self.name} ensemble", live=False, owner=author)
        self.draft_path.add_child(instance=self.module_set)
        self.module_set.save_revision(user=author)
        self._media()
        self._moderation()

    def _lesson(self, word: str) -> LessonPage:
        page = LessonPage(title=f"{self.name} {SOUGHT} {word}", live=False, owner=self.author)
        self.written.module.add_child(instance=page)
        page.save_revision(user=self.author, log_action=True)
        return page

    def _media(self) -> None:
        collection = self.space.collection
        self.spare = get_document_model().objects.create(
            title=f"{self.name} réserve",
            file=ContentFile(b"x", name=f"{self.name}.txt"),
            collection=collection,
        )
        self.image.tags.add(f"{self.name} mot", f"{SOUGHT}mot" if self.name == MARKER else "mot")
        self.spare.tags.add(f"{self.name} mot", f"{SOUGHT}mot" if self.name == MARKER else "mot")
        self.rendition = self.image.get_rendition("width-400")
        self.upload = UploadedFile.objects.create(
            file=ContentFile(b"x", name=f"{self.name}-envoi.txt"), uploaded_by_user=self.author
        )

    def _moderation(self) -> None:
        author = self.author
        workflow = self.space.get_workflow()
        if workflow is None:
            workflow = Workflow.objects.create(name=f"{self.name} relecture")
            task = GroupApprovalTask.objects.create(name=f"{self.name} accord")
            task.groups.add(self.space.managers or self.space.group)
            WorkflowTask.objects.create(workflow=workflow, task=task)
            WorkflowPage.objects.create(workflow=workflow, page=self.space)
        self.workflow = workflow
        self.workflow_state = workflow.start(self.draft, author)
        self.task_state = self.workflow_state.current_task_state
        self.comment = Comment.objects.create(
            page=self.draft, user=author, text=f"{self.name} remarque", contentpath="title"
        )
        self.session = EditingSession.objects.create(
            user=author, content_object=self.draft, last_seen_at=timezone.now()
        )

    @property
    def author(self) -> User:
        return self.written.author

    @property
    def space(self) -> OrganisationPage:
        return OrganisationPage.objects.get(organisation=self.written.organisation)

    @property
    def image(self) -> Any:
        return get_image_model().objects.filter(collection=self.space.collection).first()

    @property
    def document(self) -> Any:
        return get_document_model().objects.filter(collection=self.space.collection).first()

    @property
    def pages(self) -> list[Page]:
        written = self.written
        return [
            self.space, written.path, written.module, written.lesson, self.draft, self.scheduled, self.draft_path,
            self.module_set,
        ]  # fmt: skip

    def state(self) -> dict[str, list[Any]]:
        """Everything of it in the database."""
        pages = Page.objects.descendant_of(self.space, inclusive=True)
        keys = [str(pk) for pk in pages.values_list("pk", flat=True)]
        rows: dict[str, Any] = {
            "pages": pages,
            "revisions": Revision.page_revisions.filter(object_id__in=keys),
            "log": PageLogEntry.objects.filter(page__in=keys),
            "images": get_image_model().objects.filter(collection=self.space.collection),
            "documents": get_document_model().objects.filter(collection=self.space.collection),
            "comments": Comment.objects.filter(page__in=keys),
            "tasks": TaskState.objects.filter(workflow_state__object_id__in=keys),
            "sessions": EditingSession.objects.filter(user=self.author),
            "uploads": UploadedFile.objects.filter(uploaded_by_user=self.author),
            "users": User.objects.filter(pk=self.author.pk),
        }
        state = {name: sorted(map(repr, query.values_list())) for name, query in rows.items()}
        bodies = [
            page.body.get_prep_value() for page in LessonPage.objects.filter(pk__in=keys).order_by("pk")
        ]
        return state | {"bodies": bodies}


def a_branch(*, name: str = "", role: str = "author") -> Branch:
    """A branch of its own; `name` marks all its words."""
    if not name:
        return Branch(Written(organisation=factories.a_training_organisation(name="Maison")), "Notre")
    written = Written(marked(), factories.a_training_organisation(name=f"{name} {SOUGHT} formation"))
    for person in (written.author, written.manager):
        User.objects.filter(pk=person.pk).update(first_name=name, last_name=name)
        person.refresh_from_db()
    return Branch(written, name)
