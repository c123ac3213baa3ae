"""What an adviser takes away: his record, and his sessions for his diary."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from courses.api import Role, signed_in
from courses.models import AttendanceSheet, SessionRegistration
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy
from lms.reporting.forms import asked_moment
from lms.reporting.queries.record import record_of

from .calendar import MEDIA_TYPE, calendar
from .linked_data import jsonld_bytes
from .record import csv_file, pdf_file

FORMATS = {
    "jsonld": (jsonld_bytes, "application/ld+json"),
    "csv": (csv_file, "text/csv; charset=utf-8"),
    "pdf": (pdf_file, "application/pdf"),
}


@policy("exchange.record", roles={Role.ADVISER}, methods=["GET"])
@require_safe
def record_export(request: HttpRequest) -> HttpResponse:
    """One’s own record as a file, for the two dates of the address."""
    name, read = request.GET.get("format", "pdf"), asked_moment(request)
    if name not in FORMATS:
        raise DomainError("Choisissez un de ces formats : PDF, CSV ou JSON-LD.", field="format")
    if read.errors:
        raise DomainError(" ".join(read.errors.values()), field=next(iter(read.errors)))
    write, media_type = FORMATS[name]
    record = record_of(signed_in(request).adviser, read.moment)
    return _file(write(record), media_type, f"parcours-{read.moment.as_of}.{name}")


@policy("exchange.calendar", roles={Role.ADVISER}, methods=["GET"])
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    """Every session where one is expected, and the half-days already opened."""
    return _calendar(request, None)


@policy("exchange.calendar", roles={Role.ADVISER}, methods=["GET"])
@require_safe
def session_calendar(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session where one is expected."""
    return _calendar(request, session_id)


def _calendar(request: HttpRequest, session_id: UUID | None) -> HttpResponse:
    adviser = signed_in(request).adviser
    mine = SessionRegistration.objects.known().filter(enrolment__adviser=adviser)
    sheets = AttendanceSheet.objects.visible_to(signed_in(request)).filter(
        marks__adviser=adviser, ends_at__gte=clock.now()
    )
    if session_id is not None:
        mine = mine.filter(session__public_id=session_id)
        sheets = sheets.filter(session__public_id=session_id)
        if not mine.exists():
            raise Http404
    registrations = mine.select_related("session__module", "enrolment").order_by("session__start", "pk")
    half_days = sheets.select_related("session").order_by("starts_at", "pk")
    content = calendar(registrations, half_days, "Mes sessions de formation")
    return _file(content, MEDIA_TYPE, "session.ics" if session_id else "mes-sessions.ics")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
