"""Vue nationale, and the list of persons behind each of its figures."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from courses.api import signed_in
from courses.shared.policy import policy
from courses.shared.spreadsheet import csv_bytes
from lms.reporting.enums import Stage
from lms.reporting.forms import asked_filters, asked_moment
from lms.reporting.permissions import PACK_READERS, READERS
from lms.reporting.queries.national import national_view, persons_url
from lms.reporting.queries.situation import PersonRow, situation

PAGE = 50
CSV_HEADER = (
    "Numéro", "Prénom", "Nom", "Code département", "Département", "Structure", "Organismes", "Poste", "Statut",
    "Certifié depuis",
)  # fmt: skip


@policy("reporting.national", roles=READERS)
def national(request: HttpRequest) -> HttpResponse:
    """Funnel, map, tables: every figure leads to its list."""
    read, filters = asked_moment(request), asked_filters(request)
    user = signed_in(request)
    view = national_view(user=user, moment=read.moment, filters=filters)
    may_pack = PACK_READERS & user.rights.roles
    context = {
        "view": view,
        "moment": read.moment,
        "errors": read.errors,
        "filters": filters,
        "filtered": bool(filters.parameters),
        "pack_url": f"{reverse('audit_pack')}?{read.moment.query}" if may_pack else "",
        "clear_url": f"{reverse('national')}?{read.moment.query}",
        "breadcrumb": [("Vue nationale", "")],
    }
    return render(request, "lms/reporting/national.html", context)


@policy("reporting.persons", roles=READERS)
def persons(request: HttpRequest) -> HttpResponse:
    """The persons behind a figure."""
    read, filters = asked_moment(request), asked_filters(request)
    rows = filters.keep(situation(read.moment, signed_in(request)))
    query = persons_url(read.moment, filters).partition("?")[2]
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "moment": read.moment,
        "errors": read.errors,
        "filters": filters,
        "stages": Stage.choices,
        "query": read.moment.query,
        "csv_url": f"{reverse('persons_csv')}?{query}",
        "clear_url": f"{reverse('persons')}?{read.moment.query}",
        "breadcrumb": [
            ("Vue nationale", f"{reverse('national')}?{read.moment.query}"),
            ("Personnes", ""),
        ],
    }
    return render(request, "lms/reporting/persons.html", context)


@policy("reporting.persons", roles=READERS)
def persons_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file (R-51)."""
    read, filters = asked_moment(request), asked_filters(request)
    rows = filters.keep(situation(read.moment, signed_in(request)))
    response = HttpResponse(csv_bytes(CSV_HEADER, map(_cells, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="conseillers-{read.moment.as_of}.csv"'
    return response


def _cells(row: PersonRow) -> tuple[object, ...]:
    place = row.place
    return (
        row.number,
        row.first_name,
        row.last_name,
        place.departement_code if place else "",
        place.departement_name if place else "",
        place.structure if place else "",
        " / ".join(trainer.name for trainer in row.organisations),
        row.post,
        row.state_label,
        row.since.isoformat() if row.since else "",
    )
