"""Routes of the émargement."""

from django.urls import path

from .views import learner, placement, trainer

urlpatterns = [
    path("emargement/", trainer.trainer_today, name="trainer_today"),
    path("emargement/ouvrir/<uuid:session_id>/", trainer.open_sheet, name="open_sheet"),
    path("emargement/<uuid:sheet_id>/", trainer.sheet, name="sheet"),
    path("emargement/<uuid:sheet_id>/etat/", trainer.sheet_state, name="sheet_state"),
    path("emargement/<uuid:sheet_id>/code/", trainer.sheet_code, name="sheet_code"),
    path("emargement/<uuid:sheet_id>/absence/<int:mark_id>/", trainer.mark_absence, name="mark_absence"),
    path("emargement/<uuid:sheet_id>/signer-formateur/", trainer.sign_as_trainer, name="sign_as_trainer"),
    path("emargement/<uuid:sheet_id>/cloturer/", trainer.close_sheet, name="close_sheet"),
    path("emargement/<uuid:sheet_id>/signer/", learner.sign_sheet, name="sign_sheet"),
    path("mes-sessions/", learner.my_sessions, name="my_sessions"),
    path("stages/", placement.placements, name="placements"),
    path(
        "stages/<uuid:registration>/<uuid:activity_id>/", placement.attest_placement, name="attest_placement"
    ),
]
