"""Routes of the people room."""

from django.urls import path

from . import views

urlpatterns = [
    path("connexion/", views.login, name="login"),
    path("deconnexion/", views.logout, name="logout"),
    path("comites/", views.committees, name="committees"),
    path("comites/nouveau/", views.committee_new, name="committee_new"),
    path("comites/<slug:code>/", views.committee, name="committee"),
    path("mon-parcours/amenagements/nouveau/", views.accommodation_new, name="accommodation_new"),
    path(
        "mon-parcours/amenagements/<int:accommodation_id>/fin/",
        views.accommodation_end,
        name="accommodation_end",
    ),
]
