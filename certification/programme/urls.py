"""Addresses of the programme’s screens."""

from django.urls import path

from . import views

urlpatterns = [
    path("inscriptions/<int:version_pk>/", views.enrol, name="enrol"),
]
