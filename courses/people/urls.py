"""Routes of the people room."""

from django.urls import path

from . import views

urlpatterns = [
    path("connexion/", views.login, name="login"),
    path("deconnexion/", views.logout, name="logout"),
    path("comites/", views.committees, name="committees"),
    path("comites/nouveau/", views.committee_new, name="committee_new"),
    path("comites/<slug:code>/", views.committee, name="committee"),
]
