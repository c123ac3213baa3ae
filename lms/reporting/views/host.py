"""« Où en sont mes conseillers ? »: the list of a host structure, one adviser, and the file. Read only."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.api import Role, signed_in
from courses.models import Adviser
from courses.shared import clock
from courses.shared.policy import policy
from courses.shared.spreadsheet import csv_bytes
from lms.reporting.queries.host import HostRow, advisers_of_host, host_rows
from lms.reporting.queries.host import host_adviser as read_adviser

PAGE = 50
HEADER = (
    "Numéro", "Prénom", "Nom", "Parcours", "Minutes prouvées", "Minutes demandées", "Demi-journées d’absence",
    "dont non justifiées", "Prochaine échéance", "Certification", "Prochaine session",
)  # fmt: skip


def _rows(request: HttpRequest) -> list[HostRow]:
    today = clock.today()
    return host_rows(advisers_of_host(signed_in(request), today), today)


@policy("reporting.host", roles=[Role.HOST_MANAGER], methods=("GET",))
@require_safe
def host_advisers(request: HttpRequest) -> HttpResponse:
    """Those who are late first."""
    rows = _rows(request)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "csv_url": reverse("host_advisers_csv"),
        "breadcrumb": [("Mes conseillers", "")],
    }
    return render(request, "lms/reporting/host.html", context)


@policy("reporting.host", roles=[Role.HOST_MANAGER], methods=("GET",))
@require_safe
def host_adviser(request: HttpRequest, number: int) -> HttpResponse:
    """One of one’s own advisers."""
    user = signed_in(request)
    visible = Adviser.objects.visible_to(user).exclude(user=user).select_related("user")
    adviser = get_object_or_404(visible, number=number)
    context = {
        "view": read_adviser(adviser, clock.today()),
        "today": clock.today(),
        "breadcrumb": [("Mes conseillers", reverse("host_advisers")), (str(adviser), "")],
    }
    return render(request, "lms/reporting/host_adviser.html", context)


@policy("reporting.host", roles=[Role.HOST_MANAGER], methods=("GET",))
@require_safe
def host_advisers_csv(request: HttpRequest) -> HttpResponse:
    """The list as a file."""
    response = HttpResponse(
        csv_bytes(HEADER, map(_cells, _rows(request))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="mes-conseillers-{clock.today()}.csv"'
    return response


def _cells(row: HostRow) -> tuple[object, ...]:
    person = row.adviser.user
    return (
        row.adviser.number,
        person.first_name,
        person.last_name,
        row.path,
        row.proved_minutes,
        row.required_minutes,
        row.absences,
        row.unexcused,
        row.due_on.isoformat() if row.due_on else "",
        row.certification,
        row.next_session.start.isoformat() if row.next_session else "",
    )
