"""Routes of the exchange room."""

from django.urls import path

from lms.exchange import adviser_views, views

urlpatterns = [
    path("mon-parcours/export/", adviser_views.record_export, name="record_export"),
    path("mes-sessions/agenda.ics", adviser_views.my_calendar, name="my_calendar"),
    path(
        "mes-sessions/<uuid:session_id>/agenda.ics", adviser_views.session_calendar, name="session_calendar"
    ),
    path("traces/export/", views.statements_export, name="statements_export"),
    path("audit/dossier/", views.audit_pack, name="audit_pack"),
    path("audit/dossier/preparer/", views.audit_pack_prepare, name="audit_pack_prepare"),
    path("audit/dossier/<uuid:public_id>/", views.audit_pack_request, name="audit_pack_request"),
    path("audit/dossier/<uuid:public_id>/avancement/", views.audit_pack_progress, name="audit_pack_progress"),
    path(
        "audit/dossier/<uuid:public_id>/telecharger/", views.audit_pack_download, name="audit_pack_download"
    ),
]
