"""Addresses of the candidacies."""

from django.urls import path

from . import views

urlpatterns = [
    path("candidatures/", views.candidacies, name="candidacies"),
    path("candidatures/ouvrir/", views.open_one, name="open_candidacy"),
    path("pix/", views.pix_results, name="pix_results"),
    path("pix/enregistrer/", views.record_pix, name="record_pix"),
]
