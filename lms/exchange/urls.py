"""Routes of the exchange room."""

from django.urls import path

from lms.exchange import views

urlpatterns = [
    path("traces/export/", views.statements_export, name="statements_export"),
    path("audit/dossier/", views.audit_pack, name="audit_pack"),
    path("audit/dossier/preparer/", views.audit_pack_prepare, name="audit_pack_prepare"),
    path("audit/dossier/<uuid:public_id>/", views.audit_pack_request, name="audit_pack_request"),
    path("audit/dossier/<uuid:public_id>/avancement/", views.audit_pack_progress, name="audit_pack_progress"),
    path(
        "audit/dossier/<uuid:public_id>/telecharger/", views.audit_pack_download, name="audit_pack_download"
    ),
]
