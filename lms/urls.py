"""Every route of the house, under French paths."""

from django.urls import URLPattern, URLResolver, include, path

from lms.operations import pages

# Each room has its own routes; the pages of the site come last, they answer whatever looks like one.
ROOMS = (
    "courses.people", "courses.catalogue", "courses.xapi", "courses.xapi.desk", "courses.xapi.forwarding",
    "courses.assessment",
    "courses.attendance",
    "certification.programme", "certification.completion", "certification.candidacies", "certification.juries",
    "certification.credentials", "certification.funding", "lms.reporting", "lms.exchange", "cms",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("contact/", pages.contact, name="contact"),
    path("plan/", pages.site_plan, name="site-plan"),
    path("mentions-legales/", pages.legal_notice, name="legal-notice"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("healthz/live", pages.live, name="live"),
    path("healthz/ready", pages.ready, name="ready"),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
]
