"""Addresses of the record store: under `/xapi/1.0.3/`, a request that names no version is told 1.0.3."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path

from . import views
from .validation import VERSION_1, VERSION_2

_RESOURCES = (
    ("about", views.about, "about"),
    ("statements", views.statements, "statements"),
    ("activities", views.activities, "activities"),
    ("activities/state", views.state, "state"),
    ("activities/profile", views.activity_profile, "activity_profile"),
    ("agents", views.agents, "agents"),
    ("agents/profile", views.agent_profile, "agent_profile"),
)

urlpatterns = [
    path(f"{base}{tail}", view, {"base": version}, name=f"{prefix}_{name}")
    for base, prefix, version in (("xapi/", "xapi", VERSION_2), ("xapi/1.0.3/", "xapi1", VERSION_1))
    for tail, view, name in _RESOURCES
]


def handler404(request: HttpRequest, exception: Any) -> JsonResponse:
    """Nothing there, said to a machine."""
    return JsonResponse({"message": "Rien à cette adresse. / Nothing here.", "field": None}, status=404)
