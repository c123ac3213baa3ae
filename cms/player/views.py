"""The learner's path, and one lesson."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cms.publishing.queries import frozen_body
from courses.api import ActivityKind, Role, idempotent, missing_for_module, read_lesson, signed_in
from courses.models import Enrolment
from courses.shared import clock
from courses.shared.policy import policy

from .queries import neighbours, quiz_state, steps_of

READERS = (
    Role.ADVISER, Role.ORGANISATION_MANAGER, Role.TRAINER, Role.PLACEMENT_TUTOR, Role.PROGRAMME_MANAGER, Role.AUDITOR,
)  # fmt: skip
FOLLOWERS = (*READERS, Role.HOST_MANAGER, Role.PREFECT)


def _enrolment(request: HttpRequest, registration: UUID) -> Enrolment:
    visible = Enrolment.objects.visible_to(signed_in(request)).known()
    return get_object_or_404(
        visible.select_related("adviser__user", "path__organisation", "path_version"),
        registration=registration,
    )


def path_url(enrolment: Enrolment) -> str:
    return reverse("enrolment", args=[enrolment.registration])


@policy("cms.follow_path", roles=FOLLOWERS)
def enrolment(request: HttpRequest, registration: UUID) -> HttpResponse:
    """« Où en suis-je dans ce parcours ? »"""
    found = _enrolment(request, registration)
    modules = steps_of(found)
    missing = {
        module.key: missing_for_module(found, module.progress.module) for module in modules if module.progress
    }
    proved = sum(min(m.progress.proved_minutes, m.progress.required_minutes) for m in modules if m.progress)
    context = {
        "enrolment": found,
        "is_learner": found.adviser.user_id == request.user.pk,
        "modules": [(module, missing.get(module.key, [])) for module in modules],
        "proved": proved,
        "required": sum(module.minutes for module in modules),
        "next_step": next((step for module in modules if (step := module.next_step)), None),
        "breadcrumb": [(found.path.title, "")],
    }
    return render(request, "cms/player/enrolment.html", context)


@policy("cms.read_lesson", roles=READERS)
@idempotent
def lesson(request: HttpRequest, registration: UUID, activity: UUID) -> HttpResponse:
    """One lesson as it was published when the learner enrolled."""
    found = _enrolment(request, registration)
    place = neighbours(steps_of(found), activity)
    body = frozen_body(found.path_version_id, activity)
    if place is None or body is None or place.step.kind != ActivityKind.LESSON:
        raise Http404
    if request.method == "POST":
        read_lesson(enrolment=found, activity_public_id=activity, actor=signed_in(request), at=clock.now())
        messages.success(request, f"« {place.step.title} » est notée comme lue.")
        after = place.after.url if place.after else path_url(found)
        return HttpResponseRedirect(after)
    context = {
        "enrolment": found,
        "is_learner": found.adviser.user_id == request.user.pk,
        "place": place,
        "parts": _parts(found, activity, body),
        "breadcrumb": [(found.path.title, path_url(found)), (place.step.title, "")],
    }
    return render(request, "cms/player/lesson.html", context)


def _parts(enrolment: Enrolment, lesson_key: UUID, body: Any) -> list[dict[str, Any]]:
    """The blocks in order; a quiz shows its state and its link, never its key."""
    return [
        {"quiz": quiz_state(enrolment, uuid5(lesson_key, str(block.id)), block)}
        if block.block_type == "quiz"
        else {"block": block}
        for block in body
    ]
