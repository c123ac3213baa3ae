"""What any public service says of itself: accessibility, law, personal data, health."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from courses.shared.policy import PUBLIC, policy
from courses.shared.walls import missing


@policy(PUBLIC, methods=["GET"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """Déclaration d’accessibilité."""
    return render(request, "lms/operations/accessibility.html")


@policy(PUBLIC, methods=["GET"])
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Mentions légales."""
    return render(request, "lms/operations/legal_notice.html", {"address": settings.LMS_PUBLIC_URL})


@policy(PUBLIC, methods=["GET"])
def personal_data(request: HttpRequest) -> HttpResponse:
    """Données personnelles."""
    return render(request, "lms/operations/personal_data.html")


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
