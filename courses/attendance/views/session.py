"""One session: who is expected, which sheets it has; its organisation’s manager adds learners."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from courses.attendance import permissions, services
from courses.attendance.forms import RegisterForm
from courses.attendance.queries.needs import needs_of
from courses.attendance.queries.registrations import learners_to_register
from courses.catalogue.models import TrainingSession
from courses.outbox.idempotency import idempotent
from courses.people.enums import Role
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy

_READERS = {
    Role.ORGANISATION_MANAGER, Role.AUTHOR, Role.TRAINER, Role.PROGRAMME_MANAGER, Role.AUDITOR,
}  # fmt: skip


@policy("catalogue.sessions", roles=_READERS, methods=["GET"])
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """« Qui est attendu, et qu’est-ce qui est signé ? »"""
    visible_to_me = TrainingSession.objects.visible_to(signed_in(request)).select_related(
        "module", "activity"
    )
    one = get_object_or_404(visible_to_me, public_id=session_id)
    registrations = one.registrations.known().select_related("enrolment__adviser__user", "enrolment__path")
    needs = needs_of(one, signed_in(request))
    context = {
        "session": one,
        "registrations": [(row, needs.get(row.enrolment.adviser_id, [])) for row in registrations],
        "shows_needs": bool(needs),
        "sheets": one.sheets.order_by("day", "starts_at"),
        "may_register": permissions.can_register(signed_in(request), one),
        "may_open_sheet": permissions.sessions_kept_by(signed_in(request)).filter(pk=one.pk).exists(),
        "breadcrumb": [("Sessions", reverse("sessions")), (one.title, "")],
    }
    return render(request, "courses/attendance/session.html", context)


@policy("attendance.session.register", roles={Role.ORGANISATION_MANAGER})
@idempotent
def register_learners(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Expect learners whose path holds this sequence."""
    visible_to_me = TrainingSession.objects.visible_to(signed_in(request))
    one = get_object_or_404(visible_to_me, public_id=session_id)
    form = RegisterForm(request.POST or None, learners=learners_to_register(one))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                for enrolment in form.cleaned_data["learners"]:
                    services.register_learner(
                        session=one, enrolment=enrolment, actor=signed_in(request), at=clock.now()
                    )
            except DomainError as refusal:
                form.add_error("learners", refusal.message)
                status = refusal.status
            else:
                count = len(form.cleaned_data["learners"])
                plural = "s" if count > 1 else ""
                messages.success(request, f"{count} apprenant{plural} attendu{plural}.")
                return redirect("session", one.public_id)
    context = {
        "title": "Qui est attendu à cette session ?",
        "lead": f"{one.title} : les conseillers inscrits à un parcours qui comprend cette séquence.",
        "form": form,
        "submit": "Inscrire à la session",
        "idempotent": True,
        "cancel_url": reverse("session", args=[one.public_id]),
        "breadcrumb": [
            ("Sessions", reverse("sessions")),
            (one.title, reverse("session", args=[one.public_id])),
            ("Inscrire", ""),
        ],
    }
    return render(request, "shared/form_page.html", context, status=status)
