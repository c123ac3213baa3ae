"""What every page of ours has: a body, and for what is taught an identity in the records."""

from typing import Any
from uuid import uuid4

from django.db import models, transaction
from django.http import HttpRequest
from wagtail.log_actions import LogContext, get_active_log_context
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyField
from cms.pages import panels
from cms.pages.forms import DraftCopyForm, GatedPageForm
from cms.pages.signals import deletion_asked, schedule_refused
from courses.shared.errors import DomainError

LINES = "Une ligne pour chacun."
# The word by which the scheduler says that it publishes.
SCHEDULED = "wagtail.publish.scheduled"


def lines(text: str) -> list[str]:
    """The lines of a text, without bullets."""
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


class BodyPage(Page):
    """Any page of ours: a title and the one body."""

    body = BodyField(verbose_name="contenu", blank=True)

    base_form_class = GatedPageForm
    copy_form_class = DraftCopyForm
    edit_handler = panels.plain()
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """All or nothing: a publication that is refused on its way leaves nothing behind."""
        scheduled = kwargs.get("log_action") == SCHEDULED
        try:
            with LogContext(user=user or get_active_log_context().user), transaction.atomic():
                return super().publish(revision, user=user, **kwargs)
        except DomainError as error:
            if not scheduled:
                raise
            # Nobody is there to read a refusal, and the pages scheduled after this one must go on.
            schedule_refused.send(sender=type(self), instance=self, revision=revision, error=error)
            return None

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        deletion_asked.send(sender=type(self), instance=self)
        return super().delete(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {"breadcrumb": self.breadcrumb(), "title": self.title}

    def breadcrumb(self) -> list[tuple[str, str]]:
        """The way down from the home page, this page last."""
        above = self.get_ancestors().filter(depth__gt=2).live()
        return [*((page.title, page.get_url()) for page in above), (self.title, "")]


class TaughtPage(BodyPage):
    """A page with an identity of its own in the records: `key` names it there, across all its revisions."""

    key = models.UUIDField("identifiant", default=uuid4, unique=True, editable=False)
    contact = models.CharField(
        "contact d’assistance",
        max_length=200,
        blank=True,
        help_text="Qui aide la personne qui se forme : nom du service, courriel ou téléphone.",
    )

    # A copy is another path, module or lesson.
    exclude_fields_in_copy = ["key"]

    class Meta:
        abstract = True

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A revision, even one carried over by a copy, never changes who the page is."""
        page = super().with_content_json(content)
        page.key = self.key
        return page
