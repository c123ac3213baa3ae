"""Answering a quiz, and reading its result."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse

from courses.catalogue.enums import ActivityKind
from courses.outbox.idempotency import idempotent
from courses.pathways.models import Enrolment
from courses.pathways.outcome import refuse_locked
from courses.pathways.queries import missing_for_module, module_structure, structure_of
from courses.people.enums import Role
from courses.shared import clock
from courses.shared.policy import policy

from . import permissions, services
from .errors import AnswersError
from .models import QuizAttempt, QuizVersion
from .queries import answered_questions, best_attempt, quiz_for_learner, quiz_of

RESULT_READERS = [
    Role.ADVISER, Role.TRAINER, Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR,
]  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A page to go to next."""

    label: str
    url: str


@policy("assessment.quiz.answer", roles=[Role.ADVISER])
@idempotent
def quiz(request: HttpRequest, registration: UUID, activity: UUID) -> HttpResponse:
    """The whole quiz in one form; the browser shows it one question at a time."""
    user: Any = request.user
    enrolment = get_object_or_404(permissions.own_enrolments_visible_to(user), registration=registration)
    version = quiz_of(enrolment, activity)
    if version is None:
        raise Http404
    refuse_locked(enrolment, version.activity.module.public_id)
    answers, refusal = _answers(request), None
    if request.method == "POST":
        try:
            attempt = services.grade_attempt(
                enrolment=enrolment, quiz_version=version, answers=answers, actor=user, at=clock.now()
            )
        except AnswersError as error:
            refusal = error
        else:
            messages.success(request, "Vos réponses sont remises et notées.")
            return redirect("quiz_result", registration, activity, attempt.public_id)
    context = _quiz_context(enrolment, version) | {"answers": answers, "refusal": refusal}
    return render(request, "courses/assessment/quiz.html", context, status=422 if refusal else 200)


def _answers(request: HttpRequest) -> dict[str, list[str]]:
    """What was ticked, by question."""
    prefix = "q-"
    return {
        name.removeprefix(prefix): request.POST.getlist(name)
        for name in request.POST
        if name.startswith(prefix)
    }


def _quiz_context(enrolment: Enrolment, version: QuizVersion) -> dict[str, Any]:
    return {
        "enrolment": enrolment,
        "quiz": version,
        "questions": quiz_for_learner(version),
        "best": best_attempt(enrolment, version),
        "breadcrumb": [(str(enrolment.path), ""), (version.activity.title, "")],
    }


@policy("assessment.result.read", roles=RESULT_READERS)
def quiz_result(request: HttpRequest, registration: UUID, activity: UUID, attempt: UUID) -> HttpResponse:
    """What was right, why, and what to do next."""
    user: Any = request.user
    found = get_object_or_404(
        permissions.attempts_visible_to(user),
        public_id=attempt,
        enrolment__registration=registration,
        quiz_version__activity__public_id=activity,
    )
    own = found.enrolment.adviser.user_id == user.pk
    questions = answered_questions(found)
    context = {
        "attempt": found,
        "quiz": found.quiz_version,
        "own": own,
        "questions": questions,
        "right": sum(question.right for question in questions),
        "lines": _verdict_lines(found),
        "missing": missing_for_module(found.enrolment, found.quiz_version.activity.module) if own else [],
        "retry": reverse("quiz", args=[registration, activity]),
        "lessons": list(_lessons(found)),
        "next_step": _next_step(found),
        "breadcrumb": [
            (str(found.enrolment.path), ""),
            (found.quiz_version.activity.title, ""),
            ("Résultat", ""),
        ],
    }
    return render(request, "courses/assessment/quiz_result.html", context)


def _verdict_lines(attempt: QuizAttempt) -> list[str]:
    quiz_version = attempt.quiz_version
    lines = [
        f"Votre score\u00a0: {attempt.score_percent}\u00a0%, pour un seuil de {quiz_version.pass_percent}\u00a0%."
    ]
    if not attempt.passed:
        lines.append(
            "Vous pouvez recommencer autant de fois que nécessaire\u00a0: votre meilleur score est gardé."
        )
    return lines


def _lessons(attempt: QuizAttempt) -> Iterator[Step]:
    """The lessons that this quiz evaluates: to be read again."""
    activity = attempt.quiz_version.activity
    module = module_structure(attempt.enrolment, activity.module)
    for lesson in module.evaluated_by(activity.public_id):
        if url := _page(ActivityKind.LESSON, attempt.enrolment, lesson.public_id):
            yield Step(lesson.title, url)


def _next_step(attempt: QuizAttempt) -> Step | None:
    """The lesson or quiz that follows in the path."""
    order = [activity for _, activity in structure_of(attempt.enrolment.version).activities()]
    ids = [activity.public_id for activity in order]
    here = attempt.quiz_version.activity.public_id
    for activity in order[ids.index(here) + 1 :] if here in ids else ():
        if url := _page(activity.kind, attempt.enrolment, activity.public_id):
            return Step(activity.title, url)
    return None


def _page(kind: str, enrolment: Enrolment, activity: UUID) -> str:
    """Address of the page of a lesson or quiz; other activities have none of their own."""
    names = {ActivityKind.LESSON.value: "lesson", ActivityKind.QUIZ.value: "quiz"}
    if str(kind) not in names:
        return ""
    try:
        return reverse(names[str(kind)], args=[enrolment.registration, activity])
    except NoReverseMatch:
        return ""
