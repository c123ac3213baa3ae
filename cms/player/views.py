"""The learner’s path, one lesson, and the place where he stopped."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from courses.api import (
    ActivityKind,
    Role,
    bookmark_of,
    idempotent,
    keep_bookmark,
    path_outcome,
    pending_offer,
    read_lesson,
    signed_in,
    structure_of,
)
from courses.models import Enrolment
from courses.shared import clock
from courses.shared.errors import AccessDeniedError
from courses.shared.policy import policy

from .bodies import body_of
from .queries import ModuleSteps, Step, first_step, neighbours, quiz_state, steps_of
from .reading import Reading, read_for
from .sets import lines_of

READERS = (
    Role.ADVISER, Role.ORGANISATION_MANAGER, Role.TRAINER, Role.PLACEMENT_TUTOR, Role.PROGRAMME_MANAGER, Role.AUDITOR,
)  # fmt: skip
SHOWN = 6  # lacks listed at once; each module tells its own
FOLLOWERS = (*READERS, Role.HOST_MANAGER, Role.PREFECT)


def _reading(request: HttpRequest, registration: UUID) -> Reading:
    found = read_for(signed_in(request), registration)
    if found is None:
        raise Http404
    return found


def path_url(enrolment: Enrolment) -> str:
    return reverse("enrolment", args=[enrolment.registration])


@policy("cms.follow_path", roles=FOLLOWERS)
def enrolment(request: HttpRequest, registration: UUID) -> HttpResponse:
    """« Où en suis-je dans ce parcours ? »"""
    reading = _reading(request, registration)
    found = reading.enrolment
    outcome = path_outcome(found)
    modules = steps_of(found, reading)
    is_learner = found.adviser.user_id == request.user.pk
    context = {
        "enrolment": found,
        "version": found.version,
        "is_learner": is_learner,
        "outcome": outcome,
        "missing": outcome.missing[:SHOWN],
        "missing_more": max(0, len(outcome.missing) - SHOWN),
        "lines": lines_of(structure_of(found.version), modules, outcome, found.valid_on),
        "offer": pending_offer(found) if is_learner else None,
        "today": clock.today(),
        "next_step": first_step(modules),
        "resume_url": _resume_url(found, modules) if is_learner else "",
        "breadcrumb": [(found.path.title, "")],
    }
    return render(request, "cms/player/enrolment.html", context)


def _resume_url(enrolment: Enrolment, modules: list[ModuleSteps]) -> str:
    """The very block left, as long as its module is not finished; else the first thing to do."""
    place = bookmark_of(enrolment)
    if place is not None:
        for module in modules:
            step = next((one for one in module.steps if one.activity == place.activity and one.url), None)
            if step and module.next_step:
                return f"{step.url}#{place.block}" if place.block else step.url
    step = first_step(modules)
    return step.url if step else ""


@policy("cms.read_lesson", roles=READERS)
@idempotent
def lesson(request: HttpRequest, registration: UUID, activity: UUID) -> HttpResponse:
    """One lesson as it was published in the version that the learner follows."""
    reading = _reading(request, registration)
    found = reading.enrolment
    _refuse_locked(reading, activity)
    modules = steps_of(found, reading)
    place = neighbours(modules, activity)
    body = body_of(found.version.pk, activity)
    if place is None or body is None or place.step.kind != ActivityKind.LESSON:
        raise Http404
    if request.method == "POST":
        read_lesson(enrolment=found, activity_public_id=activity, actor=signed_in(request), at=clock.now())
        messages.success(request, f"« {place.step.title} » est notée comme lue.")
        after = place.after.url if place.after else path_url(found)
        return HttpResponseRedirect(after)
    is_learner = found.adviser.user_id == request.user.pk
    context = {
        "enrolment": found,
        "is_learner": is_learner,
        "place": place,
        "parts": _parts(reading, activity, body),
        "place_url": reverse("lesson_place", args=[registration, activity]) if is_learner else "",
        "breadcrumb": [(found.path.title, path_url(found)), (place.step.title, "")],
    }
    return render(request, "cms/player/lesson.html", context)


def _refuse_locked(reading: Reading, activity: UUID) -> None:
    found = structure_of(reading.enrolment.version).find(activity)
    if found and (reason := reading.locked_by(found[0].public_id)):
        raise AccessDeniedError(f"Cette leçon n’est pas encore ouverte. {reason}")


def _parts(reading: Reading, lesson_key: UUID, body: Any) -> list[dict[str, Any]]:
    """The blocks in order, each with its name in the address; a quiz shows its state and its link, never its key."""
    return [
        {"id": str(block.id), "quiz": quiz_state(reading, uuid5(lesson_key, str(block.id)), block)}
        if block.block_type == "quiz"
        else {"id": str(block.id), "block": block}
        for block in body
    ]


@policy("cms.print_module", roles=READERS, methods=["GET"])
def print_module(request: HttpRequest, registration: UUID, module: UUID) -> HttpResponse:
    """Every lesson of a module on one page, for paper."""
    reading = _reading(request, registration)
    found = reading.enrolment
    held = next((one for one in steps_of(found, reading) if one.key == module), None)
    if held is None:
        raise Http404
    if held.locked_by:
        raise AccessDeniedError(f"Ce module n’est pas encore ouvert. {held.locked_by}")
    lessons = [_printed(reading, step) for step in held.steps if step.kind == ActivityKind.LESSON]
    context = {
        "enrolment": found,
        "module": held,
        "lessons": lessons,
        "breadcrumb": [(found.path.title, path_url(found)), (held.title, "")],
    }
    return render(request, "cms/player/print.html", context)


def _printed(reading: Reading, step: Step) -> dict[str, Any]:
    body = body_of(reading.enrolment.version.pk, step.activity) or []
    return {"step": step, "parts": _parts(reading, step.activity, body)}


@policy("cms.keep_place", roles=[Role.ADVISER], methods=["POST"])
@require_POST
def lesson_place(request: HttpRequest, registration: UUID, activity: UUID) -> HttpResponse:
    """The block on screen, said by the page itself: nothing is shown, nothing is proved."""
    visible = (
        Enrolment.objects.visible_to(signed_in(request)).known().filter(adviser__user=signed_in(request))
    )
    found = get_object_or_404(
        visible.select_related("adviser__user", "path", "path_version"), registration=registration
    )
    keep_bookmark(
        enrolment=found,
        activity=activity,
        block=request.POST.get("bloc", ""),
        actor=signed_in(request),
        at=clock.now(),
    )
    return HttpResponse(status=204)


# Keeping the same place twice keeps it once: no key is drawn for what a page says every few seconds.
lesson_place.idempotent = True
