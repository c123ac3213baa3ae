"""The first screen of the editor: the paths one works on, and what each one waits for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from cms.pages.models import PathPage
from cms.publishing.access import edits_nation, spaces_of
from cms.publishing.gate.subject import waiting_below

SHOWN = 20


@dataclass(frozen=True)
class PathLine:
    """One path: where it stands, and how many pages in it are not published yet."""

    title: str
    edit_url: str
    pages_url: str
    state: str
    drafts: int


class PathsPanel(Component):
    """« Vos parcours »: with the way to make one."""

    name = "paths"
    template_name = "cms/editor/paths_panel.html"
    order = 225

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request: HttpRequest = parent_context["request"]
        user: Any = request.user
        spaces = spaces_of(user)
        paths = PathPage.objects.all()
        if not edits_nation(user):
            mine = Q(pk__in=[])
            for space in spaces:
                mine |= Q(path__startswith=space.path)
            paths = paths.filter(mine)
        found = list(paths.order_by("-latest_revision_created_at", "pk")[: SHOWN + 1])
        return {
            "lines": [_line(page) for page in found[:SHOWN]],
            "more": len(found) > SHOWN,
            "spaces": [
                (space.title, reverse("wagtailadmin_pages:add", args=["cms", "pathpage", space.pk]))
                for space in spaces
            ],
        }


def _line(page: PathPage) -> PathLine:
    if page.workflow_in_progress:
        task = page.current_workflow_task
        state = f"En attente\u00a0: {task.name[0].lower()}{task.name[1:]}" if task else "En attente d’accord"
    elif not page.live:
        state = "Brouillon"
    elif page.has_unpublished_changes:
        state = "Publié, avec des changements en brouillon"
    else:
        state = "Publié"
    return PathLine(
        title=page.get_admin_display_title(),
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        pages_url=reverse("wagtailadmin_explore", args=[page.pk]),
        state=state,
        drafts=waiting_below(page).count(),
    )


def construct_homepage_panels(request: HttpRequest, panels: list[Any]) -> None:
    """After what awaits one's agreement, before the latest edits."""
    panels.append(PathsPanel())
