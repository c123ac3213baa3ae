"""The tutor attests the weeks of placement."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from courses.attendance import permissions, services
from courses.attendance.forms import PlacementForm
from courses.attendance.queries.screens import Placement, placement_of, placements_of
from courses.outbox.idempotency import idempotent
from courses.people.enums import Role
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy


@policy("attendance.placement.read", roles=[Role.PLACEMENT_TUTOR])
def placements(request: HttpRequest) -> HttpResponse:
    """« Mes stagiaires »: hours attested of hours required."""
    visible = permissions.tutored_enrolments_visible_to(signed_in(request))
    enrolments = visible.select_related("adviser__user", "path").with_versions()
    context = {"placements": placements_of(enrolments), "breadcrumb": [("Stages", "")]}
    return render(request, "courses/attendance/placements.html", context)


@policy("attendance.placement.attest", roles=[Role.PLACEMENT_TUTOR])
@idempotent
def attest_placement(request: HttpRequest, registration: UUID, activity_id: UUID) -> HttpResponse:
    """The weeks already attested, and the form for the next one."""
    placement = _placement(request, registration, activity_id)
    enrolment = placement.enrolment
    attested = {week.week for week in placement.weeks}
    form = PlacementForm(
        request.POST if request.method == "POST" else None,
        today=clock.today(),
        since=enrolment.valid_on,
        attested=attested,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                attestation = services.attest_placement(
                    enrolment=enrolment, activity=placement.activity, week=form.cleaned_data["week"],
                    minutes=form.total_minutes, actor=signed_in(request), at=clock.now(),
                )  # fmt: skip
            except DomainError as error:
                field = {"minutes": "hours"}.get(error.field or "", error.field)
                form.add_error(field if field in form.fields else None, error.message)
                status = error.status
            else:
                messages.success(request, f"La semaine du {attestation.week:%d/%m/%Y} est attestée.")
                return redirect("attest_placement", registration, activity_id)
    context: dict[str, Any] = {
        "placement": placement,
        "form": form,
        "has_weeks": bool(form.weeks),
        "breadcrumb": [("Stages", reverse("placements")), (str(enrolment.adviser), "")],
    }
    return render(request, "courses/attendance/placement.html", context, status=status)


def _placement(request: HttpRequest, registration: UUID, activity_id: UUID) -> Placement:
    visible = permissions.tutored_enrolments_visible_to(signed_in(request))
    visible = visible.select_related("adviser__user", "path__organisation").with_versions()
    found = placement_of(get_object_or_404(visible, registration=registration), activity_id)
    if found is None:
        raise Http404
    return found
