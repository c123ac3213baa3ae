"""The learner signs; the learner sees his sessions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from courses.attendance import permissions, services
from courses.attendance.enums import AbsenceReason, Presence, SheetState
from courses.attendance.models import AttendanceMark, AttendanceSheet
from courses.attendance.queries.learners import marks_to_sign, next_registrations, past_marks
from courses.attendance.queries.screens import BADGES
from courses.attendance.queries.sheets import local_moment, slot_of
from courses.outbox.idempotency import idempotent
from courses.people.enums import Role
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.policy import policy


@policy("attendance.presence.sign", roles=[Role.ADVISER])
@idempotent
def sign_sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """One confirm button, then a green receipt."""
    user: Any = request.user
    sheets = AttendanceSheet.objects.visible_to(user).filter(marks__in=permissions.marks_of_learner(user))
    sheets_visible = sheets.select_related("session__module__organisation").distinct()
    sheet = get_object_or_404(sheets_visible, public_id=sheet_id)
    if request.method == "POST":
        services.sign_presence(sheet_id=sheet.pk, actor=user, at=clock.now())
        messages.success(request, "Votre présence est signée.")
        return redirect("sign_sheet", sheet.public_id)
    mark = permissions.marks_of_learner(user).select_related("adviser__user").get(sheet=sheet)
    context = {
        "sheet": sheet,
        "mark": mark,
        "moment": local_moment(sheet),
        "signature": mark.signatures.known().first(),
        "obstacle": _obstacle(mark),
        "closed": sheet.state == SheetState.CLOSED,
        "facts": _facts(mark),
        "breadcrumb": [("Mes sessions", reverse("my_sessions")), ("Signer ma présence", "")],
    }
    return render(request, "courses/attendance/sign.html", context)


def _facts(mark: AttendanceMark) -> list[tuple[str, str]]:
    session = mark.sheet.session
    return [
        ("Vous", str(mark.adviser)),
        ("Session", session.title),
        ("Quand", local_moment(mark.sheet)),
        ("Où", session.place or session.get_mode_display()),
        ("Organisme", str(session.module.organisation)),
    ]


def _obstacle(mark: AttendanceMark) -> str:
    """Why one cannot sign now; empty when one can, or has."""
    if mark.presence == Presence.PRESENT:
        return ""
    if mark.sheet.state == SheetState.CLOSED:
        return "Cette feuille est clôturée : on n’y signe plus."
    if mark.presence != Presence.EXPECTED:
        return (
            "Le formateur vous a noté absent. S’il s’est trompé, demandez-lui de vous remettre « attendu »."
        )
    if clock.now() < slot_of(mark.sheet).signing_opens_at:
        return "Il est trop tôt : la signature ouvre 15 minutes avant le début."
    return ""


@policy("attendance.sessions.own", roles=[Role.ADVISER])
def my_sessions(request: HttpRequest) -> HttpResponse:
    """« Mes sessions »: what to sign now, then what comes, then what was."""
    adviser = signed_in(request).adviser
    now, today = clock.now(), clock.today()
    context = {
        "to_sign": [
            {"mark": mark, "moment": local_moment(mark.sheet)} for mark in marks_to_sign(adviser, now)
        ],
        "registrations": list(next_registrations(adviser, today)),
        "past": [_past(mark) for mark in past_marks(adviser, today)[:40]],
        "breadcrumb": [("Mes sessions", "")],
    }
    return render(request, "courses/attendance/my_sessions.html", context)


def _past(mark: AttendanceMark) -> dict[str, Any]:
    badge, label = BADGES[Presence(mark.presence)]
    if mark.presence == Presence.PRESENT:
        label = "Présent" if mark.sheet.state == SheetState.CLOSED else "Signé, à clôturer par le formateur"
    reason = AbsenceReason(mark.absence_reason).label if mark.absence_reason else ""
    return {"mark": mark, "badge": badge, "label": label, "reason": reason}
