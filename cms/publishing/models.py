"""The ties between a frozen path version and the pages it was drawn from."""

from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import GroupApprovalTask, Page, Revision, TaskState

from cms.pages.nation import is_national
from courses.models import PathVersion, User
from courses.shared import clock


class PublishedRevisionQuerySet(models.QuerySet):
    def under(self, page: Page) -> Self:
        """Those of this page and of all below it."""
        return self.filter(page__path__startswith=page.path)


class PublishedRevision(models.Model):
    """The revision of one page that belongs to one path version: what enrolled learners read, for ever."""

    APPEND_ONLY = True

    path_version = models.ForeignKey(
        PathVersion, models.PROTECT, related_name="+", verbose_name="version de parcours"
    )
    page = models.ForeignKey(Page, models.PROTECT, related_name="+", verbose_name="page")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name="révision")

    objects = PublishedRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "révision publiée"
        verbose_name_plural = "révisions publiées"
        constraints = [
            models.UniqueConstraint(fields=["path_version", "page"], name="published_revision_once"),
        ]

    def content(self) -> dict[str, Any]:
        """The page as it stood: its fields by name."""
        return dict(self.revision.content)


class PublishedMedia(models.Model):
    """An image or a document that a published lesson shows or gives."""

    APPEND_ONLY = True

    published_revision = models.ForeignKey(PublishedRevision, models.PROTECT, related_name="media")
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = "média publié"
        verbose_name_plural = "médias publiés"
        indexes = [models.Index(fields=["content_type", "object_id"], name="published_media_object")]
        constraints = [
            models.UniqueConstraint(
                fields=["published_revision", "content_type", "object_id"], name="published_media_once"
            ),
        ]


class GateReport(models.Model):
    """What the publishing gate found on the revision that was published: evidence for Qualiopi, kept with it."""

    APPEND_ONLY = True

    page = models.ForeignKey(Page, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("le")
    # List of {code, label, passed, detail}, canonical JSON.
    checks = models.TextField("points vérifiés")

    class Meta:
        verbose_name = "contrôle de publication"
        verbose_name_plural = "contrôles de publication"
        constraints = [models.UniqueConstraint(fields=["revision"], name="gate_report_once")]


class NationalApproval(GroupApprovalTask):
    """The agency’s approval, asked of national paths only, and of all that is inside them."""

    class Meta:
        verbose_name = "accord de l’ANCT"
        verbose_name_plural = "accords de l’ANCT"

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Nothing is asked of the agency for a path of the organisation alone."""
        page = workflow_state.content_object
        if is_national(page):
            return super().start(workflow_state, user=user)
        return TaskState.objects.create(
            workflow_state=workflow_state,
            task=self,
            revision=page.get_latest_revision(),
            status=TaskState.STATUS_SKIPPED,
            finished_at=clock.now(),
            comment="Sans objet\u00a0: ce contenu n’est pas dans un parcours national.",
        )

    @classmethod
    def get_description(cls) -> str:
        return "Les responsables du programme, à l’ANCT, donnent leur accord aux parcours nationaux."
