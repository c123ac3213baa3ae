"""The trainer’s day, and the opening of its sheets."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date

from courses.attendance import permissions, services
from courses.attendance.enums import HalfDay
from courses.attendance.forms import USUAL_TIMES, OpenSheetForm
from courses.attendance.queries import screens
from courses.outbox.idempotency import idempotent
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy

KEEPERS = permissions.SHEET_KEEPERS


@policy("attendance.day.read", roles=KEEPERS)
def trainer_today(request: HttpRequest) -> HttpResponse:
    """« Aujourd’hui »: the sessions of a day, in order, and their sheets."""
    asked = request.GET.get("jour", "")
    day = _day(asked)
    sessions = permissions.sessions_kept_by(signed_in(request))
    before, after = screens.neighbours(sessions, day)
    context = {
        "day": day,
        "is_today": day == clock.today(),
        "unread_day": bool(asked) and day.isoformat() != asked,
        "sessions": screens.sessions_of_day(sessions, day),
        "before": before,
        "after": after,
        "breadcrumb": [("Émargement", "")],
    }
    return render(request, "courses/attendance/today.html", context)


def _day(text: str) -> date:
    try:
        return parse_date(text) or clock.today()
    except ValueError:
        return clock.today()


@policy("attendance.sheet.open", roles=KEEPERS)
@idempotent
def open_sheet(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The form that opens the sheet of a half-day."""
    kept_by_me_visible = permissions.sessions_kept_by(signed_in(request))
    session = get_object_or_404(kept_by_me_visible, public_id=session_id)
    status = 200
    if request.method == "POST":
        form = OpenSheetForm(request.POST)
        if form.is_valid():
            try:
                sheet = services.open_sheet(
                    session=session, **form.cleaned_data, actor=signed_in(request), at=clock.now()
                )
            except DomainError as error:
                status = _refuse(form, error)
            else:
                messages.success(request, "La feuille est ouverte : les apprenants peuvent signer.")
                return redirect("sheet", sheet.public_id)
        else:
            status = 422
    else:
        form = OpenSheetForm(initial=_usual(request))
    context = {
        "title": "Ouvrir une feuille d’émargement",
        "lead": f"{session.title}, du {session.start:%d/%m/%Y} au {session.end:%d/%m/%Y}.",
        "form": form,
        "submit": "Ouvrir la feuille",
        "cancel_url": reverse("trainer_today"),
        "idempotent": True,
        "breadcrumb": [("Émargement", reverse("trainer_today")), ("Ouvrir une feuille", "")],
    }
    return render(request, "shared/form_page.html", context, status=status)


def _usual(request: HttpRequest) -> dict[str, Any]:
    given = request.GET.get("demi_journee", "")
    half_day = HalfDay(given) if given in HalfDay.values else HalfDay.MORNING
    starts, ends = USUAL_TIMES[half_day]
    return {"day": _day(request.GET.get("jour", "")), "half_day": half_day, "starts": starts, "ends": ends}


def _refuse(form: Any, error: DomainError) -> int:
    """Put the refusal on its field; the status of the answer."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    return error.status
