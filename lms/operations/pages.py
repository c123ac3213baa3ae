"""What any public service says of itself: accessibility, contact, plan, law, personal data, health."""

from itertools import groupby

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from cms.api import organisation_contacts, site_pages
from courses.shared.policy import PUBLIC, policy
from courses.shared.public import public_page
from courses.shared.walls import missing

from . import rgaa


@policy(PUBLIC, methods=["GET"])
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """Déclaration d’accessibilité, drawn from the 106 criteria."""
    criteria = rgaa.criteria()
    themes = [(theme, list(rows)) for theme, rows in groupby(criteria, key=lambda one: one.theme)]
    context = {
        "conformity": rgaa.conformity(),
        "themes": [(theme, rgaa.conformity(rows), rows) for theme, rows in themes],
        "not_met": [one for one in criteria if one.state == rgaa.NOT_MET],
        "evaluated_on": rgaa.EVALUATED_ON,
        "address": settings.LMS_PUBLIC_URL,
        "email": settings.LMS_CONTACT_EMAIL,
        "breadcrumb": [("Accessibilité", "")],
    }
    return render(request, "lms/operations/accessibility.html", context)


@policy(PUBLIC, methods=["GET"])
@public_page
def contact(request: HttpRequest) -> HttpResponse:
    """Who to write to, for what."""
    context = {
        "organisations": organisation_contacts(),
        "email": settings.LMS_CONTACT_EMAIL,
        "breadcrumb": [("Aide et contact", "")],
    }
    return render(request, "lms/operations/contact.html", context)


@policy(PUBLIC, methods=["GET"])
@public_page
def site_plan(request: HttpRequest) -> HttpResponse:
    """Every page of the public site, and the screens that the reader may open."""
    context = {"pages": site_pages(), "breadcrumb": [("Plan du site", "")]}
    return render(request, "lms/operations/plan.html", context)


@policy(PUBLIC, methods=["GET"])
@public_page
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Mentions légales."""
    context = {"address": settings.LMS_PUBLIC_URL, "breadcrumb": [("Mentions légales", "")]}
    return render(request, "lms/operations/legal_notice.html", context)


@policy(PUBLIC, methods=["GET"])
@public_page
def personal_data(request: HttpRequest) -> HttpResponse:
    """Données personnelles."""
    return render(
        request, "lms/operations/personal_data.html", {"breadcrumb": [("Données personnelles", "")]}
    )


@policy(PUBLIC, methods=["GET"])
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@policy(PUBLIC, methods=["GET"])
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and its walls stand; nothing more is told to strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        well = not missing()
    except DatabaseError:
        well = False
    return JsonResponse({"status": "ok" if well else "unavailable"}, status=200 if well else 503)
