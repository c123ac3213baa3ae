"""Every route of the house, under French paths."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from lms.operations import pages

ROOMS = (
    "courses.people", "courses.catalogue", "courses.xapi", "courses.pathways", "courses.assessment",
    "courses.attendance", "certification.programme", "certification.completion", "certification.candidacies",
    "certification.juries", "certification.credentials", "certification.funding", "lms.reporting", "lms.exchange",
    "cms",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal_notice, name="legal-notice"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("healthz/live", pages.live, name="live"),
    path("healthz/ready", pages.ready, name="ready"),
]
urlpatterns += [
    path("", include(import_module(f"{room}.urls"))) for room in ROOMS if find_spec(f"{room}.urls")
]
