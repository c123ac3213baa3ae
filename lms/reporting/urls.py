"""Routes of the roof’s reading rooms."""

from django.urls import path

from lms.reporting.views import home, host, national, person, record, satisfaction, shares, statements

urlpatterns = [
    path("accueil/", home.home, name="home"),
    path("audit/", national.national, name="national"),
    path("audit/personnes/", national.persons, name="persons"),
    path("audit/personnes/export.csv", national.persons_csv, name="persons_csv"),
    path("audit/personnes/<int:number>/", person.person, name="person"),
    path("audit/faits/<str:label>/<int:pk>/", person.fact, name="fact"),
    path("mon-parcours/", record.my_record, name="my_record"),
    path("mon-parcours/partages/", shares.my_shares, name="my_shares"),
    path("mon-parcours/partages/<uuid:public_id>/arreter/", shares.share_stop, name="share_stop"),
    path("partage/<str:token>/", shares.share, name="share"),
    path("satisfaction/", satisfaction.satisfaction, name="satisfaction"),
    path("satisfaction/export.csv", satisfaction.satisfaction_csv, name="satisfaction_csv"),
    path("satisfaction/modules/<uuid:module>/", satisfaction.satisfaction_module, name="satisfaction_module"),
    path("structure/conseillers/", host.host_advisers, name="host_advisers"),
    path("structure/conseillers/export.csv", host.host_advisers_csv, name="host_advisers_csv"),
    path("structure/conseillers/<int:number>/", host.host_adviser, name="host_adviser"),
    path("traces/", statements.statements_view, name="statements_view"),
    path("traces/<uuid:uuid>/", statements.statement_view, name="statement_view"),
    path("traces/<uuid:uuid>/trace.json", statements.statement_json, name="statement_json"),
    path("traces/<uuid:uuid>/annuler/", statements.statement_void, name="statement_void"),
]
