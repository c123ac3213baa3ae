"""Routes of the external stores."""

from django.urls import path

from .views import letters, stores

urlpatterns = [
    path("traces/magasins/", stores.external_stores, name="external_stores"),
    path("traces/magasins/nouveau/", stores.external_store_new, name="external_store_new"),
    path("traces/magasins/<int:store_id>/modifier/", stores.external_store_edit, name="external_store_edit"),
    path("traces/magasins/<int:store_id>/arreter/", stores.external_store_stop, name="external_store_stop"),
    path(
        "traces/magasins/<int:store_id>/demarrer/", stores.external_store_start, name="external_store_start"
    ),
    path("traces/magasins/<int:store_id>/refus/", letters.dead_letters, name="dead_letters"),
    path(
        "traces/magasins/<int:store_id>/refus/export.csv",
        letters.dead_letters_export,
        name="dead_letters_export",
    ),
    path(
        "traces/magasins/<int:store_id>/refus/renvoyer/",
        letters.dead_letters_replay,
        name="dead_letters_replay",
    ),
    path("traces/refus/<int:letter_id>/", letters.dead_letter, name="dead_letter"),
    path("traces/refus/<int:letter_id>/renvoyer/", letters.dead_letter_replay, name="dead_letter_replay"),
    path("traces/refus/<int:letter_id>/abandonner/", letters.dead_letter_drop, name="dead_letter_drop"),
]
