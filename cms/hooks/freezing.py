"""Every publication passes the gate; that of a path freezes it; one that was planned and is refused is told."""

from collections.abc import Iterator
from typing import Any

from wagtail.log_actions import get_active_log_context

from cms.pages.models import BodyPage, PathPage
from cms.pages.nation import is_national
from cms.publishing.access import edits_nation
from cms.publishing.approvers import settle_approvers
from cms.publishing.errors import UnfinishedPageError
from cms.publishing.gate import report_on
from cms.publishing.services import accept_publication, freeze_path
from cms.publishing.services.accepting import NATIONAL_SENTENCE
from cms.publishing.services.scheduling import refuse_schedule
from courses.shared import clock


def on_page_published(sender: Any, instance: Any, revision: Any, alias: bool = False, **_: Any) -> None:
    """In the publication's own transaction: the gate, the kept report, and for a path its frozen version."""
    if alias or not isinstance(instance, BodyPage):
        return
    user = get_active_log_context().user
    accept_publication(page=instance, revision=revision, user=user, at=clock.now())
    if isinstance(instance, PathPage) and instance.live:
        author = user or revision.user
        if author is None:
            raise UnfinishedPageError("Dites qui publie ce parcours\u00a0: sa version porte un nom.")
        freeze_path(page=instance, user=author, at=clock.now())


def on_gate_asked(sender: Any, instance: Any, user: Any = None, **_: Any) -> Iterator[tuple[str | None, str]]:
    """What the editor's form shows beside its fields instead of publishing."""
    found: list[tuple[str | None, str]] = []
    if user is not None and instance.pk and is_national(instance) and not edits_nation(user):
        found.append((None, NATIONAL_SENTENCE))
    faults = report_on(instance).faults
    return iter([*found, *((fault.field if fault.page is None else None, fault.text) for fault in faults)])


def on_schedule_refused(sender: Any, instance: Any, revision: Any, **_: Any) -> None:
    """The scheduler goes on with the next page."""
    refuse_schedule(revision=revision, at=clock.now())


def on_task_submitted(sender: Any, instance: Any, **_: Any) -> None:
    """Before Wagtail writes to those who must approve."""
    settle_approvers(instance)
