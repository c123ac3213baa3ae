"""Candidacies and Pix results."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from courses import api as courses
from courses.api import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy

from .enums import PixStatus
from .forms import CandidacyForm, PixResultForm
from .models import Candidacy, PixResult
from .permissions import pix_candidacies_visible_to
from .services import open_candidacy, record_pix_result

PAGE = 20
READERS = frozenset(
    {
        courses.Role.ADVISER,
        courses.Role.ORGANISATION_MANAGER,
        courses.Role.PROGRAMME_MANAGER,
        courses.Role.AUDITOR,
    }
)
OPENERS = frozenset({courses.Role.ADVISER, courses.Role.ORGANISATION_MANAGER})


@policy("candidacies.read", roles=READERS)
def candidacies(request: HttpRequest) -> HttpResponse:
    """Who aims at what, by which route; and the Pix results of each."""
    search = request.GET.get("q", "").strip()
    found = (
        Candidacy.objects.visible_to(signed_in(request))
        .known()
        .select_related("adviser__user", "block__qualification", "enrolment__path")
        .prefetch_related(Prefetch("pix_results", PixResult.objects.known().order_by("-valid_on", "-pk")))
        .order_by("-valid_on", "-pk")
    )
    if search:
        found = found.filter(_named(search, "adviser__user__"))
    roles = signed_in(request).rights.roles
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "search": search,
        "others": roles != {courses.Role.ADVISER},
        "opens": bool(roles & OPENERS),
        "title": "Candidatures" if roles != {courses.Role.ADVISER} else "Mes candidatures",
        "breadcrumb": [("Candidatures", None)],
    }
    return render(request, "certification/candidacies/candidacies.html", context)


@policy("candidacies.open", roles=OPENERS)
@courses.idempotent
def open_one(request: HttpRequest) -> HttpResponse:
    """An adviser for himself, an organisation for its learners."""
    at = clock.now()
    form = CandidacyForm(request.POST or None, user=signed_in(request), day=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_candidacy(**form.cleaned_data, actor=signed_in(request), at=at)
        except DomainError as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, f"Candidature ouverte\u00a0: {opened.block.qualification.title}.")
            return redirect("candidacies")
    context: dict[str, Any] = {
        "title": "Ouvrir une candidature",
        "lead": "Une candidature dit ce que l’on vise et par quelle voie\u00a0; le jury et Pix décident ensuite.",
        "form": form,
        "submit": "Ouvrir la candidature",
        "cancel_url": reverse("candidacies"),
        "idempotent": True,
        "breadcrumb": [("Candidatures", reverse("candidacies")), ("Ouvrir une candidature", None)],
    }
    return render(request, "shared/form_page.html", context)


@policy("candidacies.pix.read", roles={courses.Role.PROGRAMME_MANAGER, courses.Role.AUDITOR})
def pix_results(request: HttpRequest) -> HttpResponse:
    """The recorded results, with where each comes from; filtered by name or number and by status."""
    search, status = request.GET.get("q", "").strip(), request.GET.get("statut", "")
    mine = Candidacy.objects.visible_to(signed_in(request))
    found = (
        PixResult.objects.known()
        .filter(candidacy__in=mine.values("pk"))
        .select_related("candidacy__adviser__user", "recorded_by")
        .order_by("-valid_on", "-pk")
    )
    if search:
        found = found.filter(
            _named(search, "candidacy__adviser__user__") | Q(certification_number__icontains=search)
        )
    if status in PixStatus.values:
        found = found.filter(status=status)
    waiting = pix_candidacies_visible_to(signed_in(request)).filter(pix_results=None)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "search": search,
        "status": status,
        "statuses": PixStatus.choices,
        "waiting": waiting.count(),
        "records": courses.Role.PROGRAMME_MANAGER in signed_in(request).rights.roles,
        "breadcrumb": [("Résultats Pix", None)],
    }
    return render(request, "certification/candidacies/pix_results.html", context)


@policy("candidacies.pix.record", roles={courses.Role.PROGRAMME_MANAGER})
@courses.idempotent
def record_pix(request: HttpRequest) -> HttpResponse:
    """One official result, typed from a session file or a certificate."""
    form = PixResultForm(request.POST or None, user=signed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            result = record_pix_result(
                **form.cleaned_data,
                actor=signed_in(request),
                at=clock.now(),
            )
        except DomainError as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, f"Résultat Pix enregistré pour {result.candidacy.adviser}.")
            return redirect("pix_results")
    context: dict[str, Any] = {
        "title": "Enregistrer un résultat Pix",
        "lead": "Recopiez ce que Pix a établi\u00a0: fichier de session, ou certificat dont le code a été vérifié.",
        "form": form,
        "submit": "Enregistrer le résultat",
        "cancel_url": reverse("pix_results"),
        "idempotent": True,
        "breadcrumb": [("Résultats Pix", reverse("pix_results")), ("Enregistrer", None)],
    }
    return render(request, "shared/form_page.html", context)


def _tell(form: forms.Form, refusal: DomainError) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _named(search: str, prefix: str) -> Q:
    return Q(**{f"{prefix}last_name__icontains": search}) | Q(**{f"{prefix}first_name__icontains": search})
