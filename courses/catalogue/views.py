"""Sessions of training: the list, and opening one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from courses.outbox.idempotency import idempotent
from courses.people.enums import Role
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy

from .forms import SessionForm
from .models import TrainingSession
from .queries import managed_organisation
from .services import open_session

_READERS = {
    Role.ORGANISATION_MANAGER, Role.AUTHOR, Role.TRAINER, Role.PROGRAMME_MANAGER, Role.AUDITOR,
}  # fmt: skip


@policy("catalogue.sessions", roles=_READERS, methods=["GET"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions one may see, the next first."""
    rows = (
        TrainingSession.objects.visible_to(signed_in(request))
        .select_related("module__organisation")
        .prefetch_related("trainers")
        .order_by("-start")
    )
    context = {
        "sessions": rows,
        "may_open": Role.ORGANISATION_MANAGER in signed_in(request).rights.roles,
        "today": clock.today(),
    }
    return render(request, "courses/catalogue/sessions.html", context)


@policy("catalogue.sessions.open", roles={Role.ORGANISATION_MANAGER})
@idempotent
def session_new(request: HttpRequest) -> HttpResponse:
    """Open a session of one’s own organisation."""
    organisation = managed_organisation(signed_in(request))
    if organisation is None:
        raise Http404
    form = SessionForm(request.POST or None, organisation=organisation)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                session = open_session(
                    organisation=organisation, actor=signed_in(request), at=clock.now(), **form.cleaned_data
                )
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, f"Session ouverte : {session.title}.")
                return redirect("session", session_id=session.public_id)
    context = {
        "title": "Ouvrir une session",
        "lead": f"Pour {organisation}.",
        "form": form,
        "submit": "Ouvrir la session",
        "idempotent": True,
        "cancel_url": "/sessions/",
        "breadcrumb": [("Sessions", "/sessions/"), ("Ouvrir une session", "")],
    }
    return render(request, "shared/form_page.html", context, status=status)
