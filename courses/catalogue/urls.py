"""Routes of the catalogue room."""

from django.urls import path

from . import views

urlpatterns = [
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/nouvelle/", views.session_new, name="session_new"),
]
