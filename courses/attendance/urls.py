"""Routes of the émargement."""

from django.urls import path

from .views import learner, placement, session, sheet, trainer

urlpatterns = [
    path("sessions/<uuid:session_id>/", session.session, name="session"),
    path("sessions/<uuid:session_id>/inscrire/", session.register_learners, name="register_learners"),
    path("emargement/", trainer.trainer_today, name="trainer_today"),
    path("emargement/ouvrir/<uuid:session_id>/", trainer.open_sheet, name="open_sheet"),
    path("emargement/<uuid:sheet_id>/", sheet.sheet, name="sheet"),
    path("emargement/<uuid:sheet_id>/etat/", sheet.sheet_state, name="sheet_state"),
    path("emargement/<uuid:sheet_id>/code/", sheet.sheet_code, name="sheet_code"),
    path("emargement/<uuid:sheet_id>/absence/<int:mark_id>/", sheet.mark_absence, name="mark_absence"),
    path("emargement/<uuid:sheet_id>/signer-formateur/", sheet.sign_as_trainer, name="sign_as_trainer"),
    path("emargement/<uuid:sheet_id>/cloturer/", sheet.close_sheet, name="close_sheet"),
    path("emargement/<uuid:sheet_id>/signer/", learner.sign_sheet, name="sign_sheet"),
    path("mes-sessions/", learner.my_sessions, name="my_sessions"),
    path("stages/", placement.placements, name="placements"),
    path(
        "stages/<uuid:registration>/<uuid:activity_id>/", placement.attest_placement, name="attest_placement"
    ),
]
