"""« Que pensent les conseillers de leur formation ? »: lists, one module, and the file."""

import re
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.api import Moment, Role, published_comments, signed_in, surveys
from courses.shared import clock
from courses.shared.policy import policy
from courses.shared.spreadsheet import csv_bytes
from lms.reporting.queries.opinions import Asked, Mean
from lms.reporting.queries.satisfaction import (
    READERS,
    module_satisfaction,
    modules_visible_to,
    satisfaction_view,
)

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
TITLE = "Que pensent les conseillers de leur formation\u00a0?"


def _asked(request: HttpRequest) -> Asked:
    """The filters of the address; what means nothing is no filter."""
    given = {name: request.GET.get(name, "").strip()[:60] for name in vars(Asked())}
    if given["moment"] not in Moment.values:
        given["moment"] = ""
    for name in ("du", "au"):
        if not _MONTH.fullmatch(given[name]):
            given[name] = ""
    return Asked(**given)


@policy("reporting.satisfaction", roles=READERS, methods=("GET",))
@require_safe
def satisfaction(request: HttpRequest) -> HttpResponse:
    """By question, by month, by path and by module."""
    user, asked = signed_in(request), _asked(request)
    context = {
        "title": TITLE,
        "view": satisfaction_view(user, asked),
        "asked": asked,
        "moments": [{"value": value, "label": label} for value, label in Moment.choices],
        "threshold": surveys().threshold,
        "teaches_only": not user.rights.has(Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR),
        "csv_url": asked.url("satisfaction_csv"),
        "clear_url": reverse("satisfaction"),
        "breadcrumb": [("Satisfaction", "")],
    }
    return render(request, "lms/reporting/satisfaction.html", context)


@policy("reporting.satisfaction", roles=READERS, methods=("GET",))
@require_safe
def satisfaction_module(request: HttpRequest, module: str) -> HttpResponse:
    """One module, beside the nation; and its comments, in no order."""
    visible = modules_visible_to(signed_in(request)).select_related("organisation")
    found = get_object_or_404(visible, public_id=module)
    asked = replace(_asked(request), organisme="", parcours="")
    context = {
        "module": found,
        "view": module_satisfaction(found, asked),
        "asked": asked,
        "moments": [{"value": value, "label": label} for value, label in Moment.choices],
        "comments": published_comments(found),
        "threshold": surveys().threshold,
        "clear_url": reverse("satisfaction_module", args=[found.public_id]),
        "breadcrumb": [("Satisfaction", reverse("satisfaction")), (found.title, "")],
    }
    return render(request, "lms/reporting/satisfaction_module.html", context)


@policy("reporting.satisfaction", roles=READERS, methods=("GET",))
@require_safe
def satisfaction_csv(request: HttpRequest) -> HttpResponse:
    """Each published block: whole months of one module at one moment, and the mean of each question."""
    view = satisfaction_view(signed_in(request), _asked(request))
    questions = surveys().questions
    header = ["Organisme", "Module", "Moment", "Du mois de", "Au mois de", "Réponses", "Note moyenne sur 5"]
    rows = (
        [
            row.organisation_name,
            row.title,
            Moment(block.moment).label,
            f"{block.first_month:%Y-%m}",
            f"{block.last_month:%Y-%m}",
            block.answers,
            Mean(block.marks.tenths).text,
            *(Mean(block.marks.of(question.code)).text for question in questions),
        ]
        for row, block in view.blocks
    )
    body = csv_bytes([*header, *(question.short for question in questions)], rows)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="satisfaction-{clock.today()}.csv"'
    return response
