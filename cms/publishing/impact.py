"""« Qui gagne, qui perd ? » : what publishing the present drafts of a path would change for those enrolled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cms.pages.models import PathPage
from courses.api import Impact, impact_of, signed_in, structure_faults
from courses.models import Enrolment, Path, User

from .queries import read_path

NAMES_SHOWN = 50
# What is told of each count: its name, then what it means.
WORDS = {
    "gaining": (
        "Gagnent un module, ou le parcours",
        "Il devient obtenu avec ce qui est déjà fait.",
    ),
    "less": ("Ont moins à faire", "Moins d’heures à suivre, et rien de nouveau."),
    "more": ("Ont davantage à faire", "Plus d’heures, un module de plus, ou de nouvelles activités."),
    "losing": (
        "Perdent une partie de ce qui est en cours",
        "Une activité commencée ne sert plus à obtenir son module. Les heures prouvées restent comptées.",
    ),
    "undone": (
        "Perdent un module obtenu",
        "Personne, jamais\u00a0: ce qui est obtenu le reste, à sa date. Ce nombre est compté pour le montrer.",
    ),
    "unchanged": ("Ne voient rien changer", "Ni plus, ni moins à faire."),
}


@dataclass(frozen=True)
class Line:
    """One count, and the persons behind it for whoever may see them."""

    title: str
    detail: str
    count: int
    names: tuple[str, ...]

    @property
    def others(self) -> int:
        return self.count - len(self.names)


def draft_impact(page: PathPage) -> tuple[list[str], Impact]:
    """Of the latest drafts, by the very functions that decide afterwards; or why they cannot be published."""
    structure = read_path(page, draft=True).structure
    path = Path.objects.filter(public_id=page.key).first()
    faults = structure_faults(structure)
    return faults, impact_of(path, structure) if path and not faults else Impact()


@require_safe
def path_impact(request: HttpRequest, page_id: int) -> HttpResponse:
    """Who may not change the path does not learn that it exists."""
    user = signed_in(request)
    page: Any = get_object_or_404(PathPage, pk=page_id)
    if not page.permissions_for_user(user).can_edit():
        raise Http404
    faults, impact = draft_impact(page)
    context = {
        "page": page,
        "faults": faults,
        "impact": impact,
        "counts": impact.counts,
        "lines": list(_lines(impact, user)),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "header_title": f"Qui gagne, qui perd\u00a0? {page.title}",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_pages:edit", args=[page.pk]), "label": page.title},
            {"url": "", "label": "Qui gagne, qui perd\u00a0?"},
        ],
        "header_icon": "group",
    }
    return TemplateResponse(request, "cms/publishing/impact.html", context)


def _lines(impact: Impact, user: User) -> Iterator[Line]:
    shown = Enrolment.objects.visible_to(user).select_related("adviser__user")
    for name, (title, detail) in WORDS.items():
        keys = impact.people[name]
        people = shown.filter(pk__in=keys).order_by("adviser__user__last_name", "adviser__user__first_name")
        names = tuple(str(one.adviser) for one in people[:NAMES_SHOWN]) if keys else ()
        yield Line(title, detail, len(keys), names)
