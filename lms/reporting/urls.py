"""Routes of the roof’s reading rooms."""

from django.urls import path

from lms.reporting.views import home, national, person, statements

urlpatterns = [
    path("accueil/", home.home, name="home"),
    path("audit/", national.national, name="national"),
    path("audit/personnes/", national.persons, name="persons"),
    path("audit/personnes/export.csv", national.persons_csv, name="persons_csv"),
    path("audit/personnes/<int:number>/", person.person, name="person"),
    path("audit/faits/<str:label>/<int:pk>/", person.fact, name="fact"),
    path("traces/", statements.statements_view, name="statements_view"),
    path("traces/<uuid:uuid>/", statements.statement_view, name="statement_view"),
    path("traces/<uuid:uuid>/trace.json", statements.statement_json, name="statement_json"),
    path("traces/<uuid:uuid>/annuler/", statements.statement_void, name="statement_void"),
]
