"""Enrolling: what it is, whether it is funded and why, then one confirmation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from courses import api as courses
from courses.api import signed_in
from courses.models import Enrolment, PathVersion
from courses.shared import clock
from courses.shared.context import current_look
from courses.shared.durations import spoken
from courses.shared.policy import policy

from .forms import KeepUnfundedForm
from .permissions import versions_visible_to
from .queries import preview_right
from .services import enrol_adviser


@policy("programme.enrol", roles={courses.Role.ADVISER})
@courses.idempotent
def enrol(request: HttpRequest, version_pk: int) -> HttpResponse:
    """GET shows the right and its reasons; POST enrols the signed-in adviser."""
    version = get_object_or_404(versions_visible_to(signed_in(request)), pk=version_pk)
    adviser = signed_in(request).adviser
    at = clock.now()
    existing = (
        Enrolment.objects.visible_to(signed_in(request))
        .known()
        .filter(adviser=adviser, path=version.path)
        .first()
    )
    preview = preview_right(adviser, version.path, clock.today(), version)
    form = KeepUnfundedForm(request.POST if request.method == "POST" and not preview.granted else None)
    if request.method == "POST" and (preview.granted or form.is_valid()):
        enrolment = enrol_adviser(
            adviser=adviser,
            path_version=version,
            source="self",
            actor=signed_in(request),
            at=at,
            keep_unfunded=not preview.granted,
        )
        funded = "financée par l’État" if preview.granted else "sans financement de l’État"
        messages.success(request, f"Vous êtes inscrit à «\u00a0{enrolment.path.title}\u00a0», {funded}.")
        return redirect(current_look().links["home"])
    context = {
        "version": version,
        "facts": _facts(version),
        "existing": existing,
        "preview": preview,
        "form": None if preview.granted else form,
        "breadcrumb": [("S’inscrire", None)],
        "cancel_url": current_look().links["home"],
    }
    return render(request, "certification/programme/enrol.html", context)


def _facts(version: PathVersion) -> list[dict[str, str]]:
    structure = courses.structure_of(version)
    count = len(structure.modules)
    return [
        {"term": "Organisme de formation", "value": version.path.organisation.name},
        {"term": "Nature", "value": version.path.get_kind_display()},
        {"term": "Durée annoncée", "value": spoken(structure.minutes)},
        {"term": "Modules", "value": f"{count} module{'s' if count > 1 else ''}"},
        {"term": "Version", "value": f"Version {version.number}, celle que vous suivrez jusqu’au bout"},
    ]
