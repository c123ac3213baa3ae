"""« Ma session »: the list, one session with its candidates, and what the programme manager does."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from certification.juries.forms import AppointForm, OpenSessionForm, SummonForm
from certification.juries.models import ExamSession
from certification.juries.permissions import SESSION_READERS, can_close_report, can_manage_session
from certification.juries.queries import report_of, seat_of, sitting_rows
from certification.juries.services import appoint_member, open_exam_session, summon
from courses.api import Role, idempotent, signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy

STATES = {"to_hear": "todo", "in_deliberation": "in_progress", "decided": "signed"}


def state_of(session: ExamSession) -> tuple[str, str]:
    """Badge of a session: planned, open, closed."""
    now = clock.now()
    if now < session.opens_at:
        return "planned", "Prévue"
    return ("open", "Ouverte") if now < session.closes_at else ("closed", "Fermée")


@policy("juries.sessions", roles=SESSION_READERS)
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of the reader, the next ones first."""
    standing = Q(sittings__superseded_at=None)
    rows = (
        ExamSession.objects.visible_to(signed_in(request))
        .known()
        .select_related("block", "centre")
        .annotate(
            candidates=Count("sittings", filter=standing, distinct=True),
            decided=Count(
                "sittings__decisions", filter=Q(sittings__decisions__superseded_at=None), distinct=True
            ),
        )
        .order_by("-opens_at", "pk")
    )
    context = {
        "rows": [(row, *state_of(row)) for row in rows],
        "may_open": can_manage_session(signed_in(request)),
        "is_member": Role.JURY_MEMBER in signed_in(request).rights.roles,
        "breadcrumb": [("Jurys", "")],
    }
    return render(request, "certification/juries/sessions.html", context)


def one_session(request: HttpRequest, public_id: Any) -> ExamSession:
    """A session that the reader may see, or 404."""
    visible = ExamSession.objects.visible_to(signed_in(request)).known().select_related("block", "centre")
    return get_object_or_404(visible, public_id=public_id)


@policy("juries.sessions", roles=SESSION_READERS)
@require_safe
def session(request: HttpRequest, public_id: str) -> HttpResponse:
    """The candidates in order, the jury, and what is left to do."""
    return _page(request, one_session(request, public_id))


def _page(
    request: HttpRequest,
    one: ExamSession,
    *,
    appoint_form: AppointForm | None = None,
    summon_form: SummonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    rows = sitting_rows(one, user)
    manages = can_manage_session(user)
    report = report_of(one)
    state, state_label = state_of(one)
    context = {
        "session": one,
        "state": state,
        "state_label": state_label,
        "rows": [(row, STATES[row.state]) for row in rows],
        "decided": sum(1 for row in rows if row.decision),
        "members": one.members.known().select_related("user").order_by("user__last_name"),
        "seat": seat_of(one, user),
        "opens_files": user.rights.reads_nation or seat_of(one, user) is not None,
        "report": report,
        "may_close": can_close_report(user, one) and rows and all(row.decision for row in rows),
        "appoint_form": (appoint_form or AppointForm(session=one)) if manages and not report else None,
        "summon_form": (summon_form or SummonForm(session=one, user=user))
        if manages and not report
        else None,
        "breadcrumb": [("Jurys", "/jurys/"), (one.reference, "")],
    }
    return render(request, "certification/juries/session.html", context, status=status)


@policy("juries.manage", roles={Role.PROGRAMME_MANAGER})
@idempotent
def open_session(request: HttpRequest) -> HttpResponse:
    """Plan a session."""
    form, status = OpenSessionForm(request.POST or None, user=signed_in(request)), 200
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_exam_session(**form.cleaned_data, actor=signed_in(request), at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, "Session ouverte : nommez son jury, puis convoquez les candidats.")
            return redirect("exam_session", public_id=opened.public_id)
    context = {
        "title": "Ouvrir une session d’examen",
        "lead": "Un bloc, un centre agréé, et la période pendant laquelle le jury peut juger.",
        "form": form,
        "submit": "Ouvrir la session",
        "idempotent": True,
        "cancel_url": "/jurys/",
        "breadcrumb": [("Jurys", "/jurys/"), ("Ouvrir une session", "")],
    }
    return render(request, "shared/form_page.html", context, status=status)


@policy("juries.manage", roles={Role.PROGRAMME_MANAGER})
@require_POST
@idempotent
def appoint(request: HttpRequest, public_id: str) -> HttpResponse:
    """Seat a member."""
    one = one_session(request, public_id)
    form, status = AppointForm(request.POST, session=one), 422
    if form.is_valid():
        try:
            member = appoint_member(
                exam_session=one, **form.cleaned_data, actor=signed_in(request), at=clock.now()
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
            status = refusal.status
        else:
            messages.success(request, f"{member.user} siège désormais à ce jury.")
            return redirect("exam_session", public_id=one.public_id)
    return _page(request, one, appoint_form=form, status=status)


@policy("juries.manage", roles={Role.PROGRAMME_MANAGER})
@require_POST
@idempotent
def summon_candidate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a candidate."""
    one = one_session(request, public_id)
    form, status = SummonForm(request.POST, session=one, user=signed_in(request)), 422
    if form.is_valid():
        try:
            called = summon(exam_session=one, **form.cleaned_data, actor=signed_in(request), at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
            status = refusal.status
        else:
            messages.success(request, f"{called.candidacy.adviser} est convoqué à cette session.")
            return redirect("exam_session", public_id=one.public_id)
    return _page(request, one, summon_form=form, status=status)
