"""What waits for whom in the editor, for the page where each person arrives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import Page, TaskState, WorkflowState

from cms.pages.models import OrganisationPage
from courses.api import Role
from courses.models import User

from .models import NationalApproval


@dataclass(frozen=True)
class EditorLine:
    """A page of the editor: since when it stands so, who did it, and what was said."""

    title: str
    kind: str
    url: str
    at: datetime
    by: str = ""
    said: str = ""


def pages_to_approve(user: User) -> list[EditorLine]:
    """Those that ask this person's agreement today: a manager for his branches, the programme for national paths."""
    managed = user.rights.organisations_as(Role.ORGANISATION_MANAGER)
    national = user.rights.has(Role.PROGRAMME_MANAGER)
    if not managed and not national:
        return []
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS
    ).select_related("workflow_state__requested_by")
    of_agency = NationalApproval.objects.values("pk")
    waiting: dict[int, TaskState] = {}
    if national:
        waiting |= _by_page(states.filter(task__in=of_agency))
    own = _by_page(states.exclude(task__in=of_agency)) if managed else {}
    branches = _branches(managed) if own else []
    pages = Page.objects.filter(pk__in=[*waiting, *own]).select_related("content_type")
    return sorted(
        (
            _line(page, state.started_at, str(state.workflow_state.requested_by or ""))
            for page in pages
            if (state := waiting.get(page.pk) or (own[page.pk] if _inside(page, branches) else None))
        ),
        key=lambda line: line.at,
    )


def drafts_of(user: User) -> list[EditorLine]:
    """What this author began or changed and has not published, the latest first, in his branches of today."""
    branches = _branches(user.rights.organisations_as(Role.AUTHOR, Role.ORGANISATION_MANAGER))
    pages = Page.objects.filter(latest_revision__user=user, has_unpublished_changes=True)
    rows = pages.select_related("content_type", "latest_revision").order_by("-latest_revision__created_at")
    return [_line(page, page.latest_revision.created_at) for page in rows if _inside(page, branches)]


def sent_back_to(user: User) -> list[EditorLine]:
    """What this author submitted and must change, with what was said of it; the latest first."""
    states = WorkflowState.objects.filter(
        requested_by=user, status=WorkflowState.STATUS_NEEDS_CHANGES
    ).select_related("current_task_state__finished_by")
    tasks = {
        int(state.object_id): state.current_task_state
        for state in states.filter(base_content_type=_page_type())
        if state.current_task_state
    }
    if not tasks:
        return []
    branches = _branches(user.rights.organisations_as(Role.AUTHOR, Role.ORGANISATION_MANAGER))
    lines = [
        _line(page, task.finished_at or task.started_at, str(task.finished_by or ""), task.comment)
        for page in Page.objects.filter(pk__in=tasks).select_related("content_type")
        if (task := tasks[page.pk]) and _inside(page, branches)
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _page_type() -> ContentType:
    return ContentType.objects.get_for_model(Page)


def _by_page(states: Iterable[TaskState]) -> dict[int, TaskState]:
    page_type = _page_type().pk
    return {
        int(state.workflow_state.object_id): state
        for state in states
        if state.workflow_state.base_content_type_id == page_type
    }


def _branches(organisations: set[int]) -> list[str]:
    return list(
        OrganisationPage.objects.filter(organisation__in=organisations).values_list("path", flat=True)
    )


def _inside(page: Page, branches: list[str]) -> bool:
    return any(page.path.startswith(branch) for branch in branches)


def _line(page: Page, at: datetime, by: str = "", said: str = "") -> EditorLine:
    kind = page.cached_content_type.model_class()
    return EditorLine(
        title=page.draft_title or page.title,
        kind=str(kind._meta.verbose_name) if kind else "",
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        at=at,
        by=by,
        said=said,
    )
