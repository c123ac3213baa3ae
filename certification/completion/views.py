"""Certificates: one’s own, one in full, its paper, and the organisation’s desk that issues them."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format

from courses import api as courses
from courses.api import signed_in
from courses.models import Enrolment
from courses.shared import clock, documents
from courses.shared.durations import spoken
from courses.shared.policy import policy

from .models import CompletionCertificate
from .permissions import READERS, enrolments_to_certify_visible_to
from .queries import ModuleLine, module_lines
from .services import issue_certificate

PAGE = 20
TITLE = "Certificats de réalisation"


@policy("completion.read", roles=READERS)
def my_certificates(request: HttpRequest) -> HttpResponse:
    """The certificates that this person may read, latest first."""
    search = request.GET.get("q", "").strip()
    found = (
        CompletionCertificate.objects.visible_to(signed_in(request))
        .known()
        .select_related("enrolment__adviser__user", "enrolment__path", "module", "document__file")
        .order_by("-valid_on", "-pk")
    )
    if search:
        found = found.filter(
            Q(number__icontains=search)
            | Q(module__title__icontains=search)
            | Q(enrolment__adviser__user__last_name__icontains=search)
            | Q(enrolment__adviser__user__first_name__icontains=search)
        )
    roles = signed_in(request).rights.roles
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "search": search,
        "others": roles != {courses.Role.ADVISER},
        "issues": courses.Role.ORGANISATION_MANAGER in roles,
        "title": TITLE if roles != {courses.Role.ADVISER} else "Mes certificats de réalisation",
        "breadcrumb": [(TITLE, None)],
    }
    return render(request, "certification/completion/my_certificates.html", context)


@policy("completion.read", roles=READERS)
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every word of one certificate, and what it rests on."""
    found = _one(request, public_id)
    frozen = json.loads(found.context)
    context = {
        "certificate": found,
        "frozen": frozen,
        "facts": _facts(found, frozen),
        "document": getattr(found, "document", None),
        "breadcrumb": [(TITLE, reverse("my_certificates")), (found.number, None)],
    }
    return render(request, "certification/completion/certificate.html", context)


def _facts(found: CompletionCertificate, frozen: dict[str, Any]) -> list[dict[str, str]]:
    minutes, organisation = frozen["minutes"], frozen["organisation"]
    natures = {"on_site": "en présence d’un formateur", "remote": "à distance", "placement": "de stage"}
    split = ", ".join(f"{spoken(minutes[key])} {words}" for key, words in natures.items() if minutes[key])
    start, end = _day(date.fromisoformat(frozen["start"])), _day(date.fromisoformat(frozen["end"]))
    issued = f"{_day(found.valid_on)} par {frozen['issued_by']}"
    return [
        {"term": "Numéro", "value": found.number},
        {"term": "Émis le", "value": issued},
        {"term": "Bénéficiaire", "value": frozen["beneficiary"]["name"]},
        {"term": "Employeur à la fin de l’action", "value": frozen["beneficiary"]["employer"]},
        {
            "term": "Organisme de formation",
            "value": f"{organisation['name']}, SIRET {organisation['siret']}",
            "hint": organisation["declaration"],
        },
        {"term": "Parcours", "value": f"{frozen['path']} (version {frozen['path_version']})"},
        {"term": "Nature de l’action", "value": frozen["nature"]},
        {"term": "Dates", "value": f"le {start}" if start == end else f"du {start} au {end}"},
        {"term": "Durée réalisée", "value": spoken(minutes["total"]), "hint": split},
    ]


def _day(day: date) -> str:
    return date_format(day, "j F Y")


@policy("completion.read", roles=READERS)
def certificate_document(request: HttpRequest, public_id: str) -> FileResponse:
    """The PDF/A, as it was drawn once."""
    found = _one(request, public_id)
    if not hasattr(found, "document"):
        raise Http404
    return FileResponse(
        documents.open_file(found.document.file_id),
        content_type=documents.PDF,
        as_attachment=True,
        filename=f"{found.number}.pdf",
    )


def _one(request: HttpRequest, public_id: str) -> CompletionCertificate:
    visible = CompletionCertificate.objects.visible_to(signed_in(request))
    return get_object_or_404(
        visible.select_related("document__file", "enrolment__adviser__user", "module"), public_id=public_id
    )


@policy("completion.issue", roles={courses.Role.ORGANISATION_MANAGER})
@courses.idempotent
def issue_certificates(request: HttpRequest) -> HttpResponse:
    """The organisation’s learners, module by module: to be issued, issued, or what is missing."""
    mine = enrolments_to_certify_visible_to(signed_in(request))
    if request.method == "POST":
        line = _chosen(mine, request.POST.get("enrolment", ""), request.POST.get("module", ""))
        issued = issue_certificate(
            enrolment=line.enrolment,
            module=line.module,
            actor=signed_in(request),
            at=clock.now(),
        )
        messages.success(request, f"Certificat {issued.number} émis pour {line.enrolment.adviser}.")
        return redirect("certificate", public_id=issued.public_id)
    search = request.GET.get("q", "").strip()
    if search:
        mine = mine.filter(
            Q(adviser__user__last_name__icontains=search)
            | Q(adviser__user__first_name__icontains=search)
            | Q(path__title__icontains=search)
        )
    ordered = mine.order_by("adviser__user__last_name", "adviser__user__first_name", "pk")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    lines = module_lines(page.object_list)
    context = {
        "page": page,
        "lines": lines,
        "ready": sum(line.can_be_issued for line in lines),
        "search": search,
        "breadcrumb": [(TITLE, reverse("my_certificates")), ("À émettre", None)],
    }
    return render(request, "certification/completion/issue_certificates.html", context)


def _chosen(mine: QuerySet[Enrolment], enrolment: str, module: str) -> ModuleLine:
    """The line of that enrolment and module among one’s own; 404 otherwise."""
    chosen = mine.filter(pk=int(enrolment)) if enrolment.isdecimal() else mine.none()
    for line in module_lines(chosen):
        if str(line.module.pk) == module:
            return line
    raise Http404
