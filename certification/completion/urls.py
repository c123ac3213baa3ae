"""Addresses of the certificates."""

from django.urls import path

from . import views

urlpatterns = [
    path("certificats/", views.my_certificates, name="my_certificates"),
    path("certificats/emettre/", views.issue_certificates, name="issue_certificates"),
    path("certificats/<uuid:public_id>/", views.certificate, name="certificate"),
    path("certificats/<uuid:public_id>/document/", views.certificate_document, name="certificate_document"),
]
