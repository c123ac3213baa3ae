"""Routes of the juries room."""

from django.urls import path

from . import views

urlpatterns = [
    path("jurys/", views.sessions, name="jury_sessions"),
    path("jurys/ouvrir/", views.open_session, name="open_exam_session"),
    path("jurys/pv/", views.reports, name="jury_reports"),
    path("jurys/<uuid:public_id>/", views.session, name="exam_session"),
    path("jurys/<uuid:public_id>/membres/", views.appoint, name="appoint_member"),
    path("jurys/<uuid:public_id>/convocations/", views.summon_candidate, name="summon_candidate"),
    path("jurys/<uuid:public_id>/pv/", views.report, name="jury_report"),
    path("jurys/<uuid:public_id>/pv/etablir/", views.close, name="close_report"),
    path("jurys/<uuid:public_id>/pv/valider/", views.validate, name="validate_report"),
    path("jurys/passages/<uuid:public_id>/", views.sitting, name="sitting"),
    path("jurys/passages/<uuid:public_id>/avis/", views.opinion, name="give_opinion"),
    path("jurys/passages/<uuid:public_id>/conflit/", views.conflict, name="declare_conflict"),
    path("jurys/passages/<uuid:public_id>/signer/", views.sign, name="sign_decision"),
]
