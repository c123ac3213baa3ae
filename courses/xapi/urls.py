"""Addresses of the record store."""

from django.urls import path

from . import views

urlpatterns = [
    path("xapi/about", views.about, name="xapi_about"),
    path("xapi/statements", views.statements, name="xapi_statements"),
]
