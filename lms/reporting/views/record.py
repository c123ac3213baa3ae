"""« Mon parcours »: what the adviser did and obtained, filtered by the address."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from certification import api as certification
from courses.api import Role, signed_in
from courses.shared import clock
from courses.shared.policy import policy
from lms.reporting.forms import asked_moment
from lms.reporting.queries.record import KINDS, Event, Record, record_of

PAGE = 25


@policy("reporting.record", roles={Role.ADVISER}, methods=["GET"])
@require_safe
def my_record(request: HttpRequest) -> HttpResponse:
    """Hours, paths, attestations, rights, accommodations, then every fact as a sentence."""
    read = asked_moment(request)
    record = record_of(signed_in(request).adviser, read.moment)
    kind, year = request.GET.get("type", ""), request.GET.get("annee", "")
    kept = [event for event in record.events if _kept(event, kind, year)]
    page = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    query = read.moment.query if _other_moment(request) else ""
    context = {
        "record": record,
        "moment": read.moment,
        "errors": read.errors,
        "today": clock.today(),
        "bars": [(str(hours.year), hours.minutes // 60) for hours in record.years],
        "credentials": [
            {"line": line, "qr": mark_safe(certification.qr_svg(line.code))} for line in record.credentials
        ],
        "kept": read.moment.parameters if _other_moment(request) else {},
        "kinds": [
            (name, label, sum(e.theme == name for e in record.events)) for name, label in KINDS.items()
        ],
        "years": sorted({event.valid_on.year for event in record.events}, reverse=True),
        "kind": kind if kind in KINDS else "",
        "year": year,
        "events": list(page),
        "page": page,
        "exports": _exports(query),
        "breadcrumb": [("Mon parcours", "")],
    }
    return render(request, "lms/record/record.html", context)


def _kept(event: Event, kind: str, year: str) -> bool:
    """What the address asks to see; what it does not know is no filter."""
    if kind in KINDS and event.theme != kind:
        return False
    return not (year.isascii() and year.isdecimal()) or event.valid_on.year == int(year[:4])


def _other_moment(request: HttpRequest) -> bool:
    return bool(request.GET.get("au") or request.GET.get("connu_le"))


def _exports(query: str) -> list[dict[str, str]]:
    """The three files, for the moment that is shown."""
    from_here = f"&{query}" if query else ""
    return [
        {
            "url": f"{reverse('record_export')}?{urlencode({'format': name})}{from_here}",
            "label": label,
            "kind": kind,
        }
        for name, label, kind in (
            ("pdf", "Le document à imprimer ou à envoyer", "PDF"),
            ("csv", "Les faits, pour un tableur", "CSV"),
            ("jsonld", "Les données, pour un autre service", "JSON-LD"),
        )
    ]


def shared_parts(record: Record, scopes: set[str]) -> dict[str, Any]:
    """The chosen parts, and nothing else: neither score, nor date of birth, nor address."""
    parts: dict[str, Any] = {"holder": str(record.adviser), "as_of": record.as_of}
    if "hours" in scopes:
        parts["hours"] = record.years
    if "paths" in scopes:
        parts["paths"] = record.paths
    if "credentials" in scopes:
        parts["credentials"] = [line for line in record.credentials if line.revoked_on is None]
        parts["certified"] = record.status.certified
        parts["since"] = record.status.since
        parts["show_credentials"] = True
    return parts
