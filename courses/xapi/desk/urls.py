"""Addresses of the screens of the record store."""

from django.urls import path

from . import views_keys, views_quarantine

urlpatterns = [
    path("traces/cles/", views_keys.lrs_keys, name="lrs_keys"),
    path("traces/cles/export.csv", views_keys.lrs_keys_csv, name="lrs_keys_csv"),
    path("traces/cles/nouvelle/", views_keys.lrs_key_new, name="lrs_key_new"),
    path("traces/cles/<slug:key>/", views_keys.lrs_key, name="lrs_key"),
    path("traces/cles/<slug:key>/revoquer/", views_keys.lrs_key_revoke, name="lrs_key_revoke"),
    path("traces/noms-inconnus/", views_quarantine.quarantine, name="quarantine"),
    path("traces/noms-inconnus/export.csv", views_quarantine.quarantine_csv, name="quarantine_csv"),
    path("traces/noms-inconnus/<int:entry_id>/", views_quarantine.quarantine_entry, name="quarantine_entry"),
    path(
        "traces/noms-inconnus/<int:entry_id>/rattacher/",
        views_quarantine.quarantine_attach,
        name="quarantine_attach",
    ),
    path(
        "traces/noms-inconnus/<int:entry_id>/ignorer/",
        views_quarantine.quarantine_ignore,
        name="quarantine_ignore",
    ),
    path(
        "traces/noms-inconnus/<int:entry_id>/reexaminer/",
        views_quarantine.quarantine_reopen,
        name="quarantine_reopen",
    ),
]
