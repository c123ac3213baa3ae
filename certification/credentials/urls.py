"""Routes of the credentials room."""

from django.urls import path

from . import views

urlpatterns = [
    path("attestations/", views.my_credentials, name="my_credentials"),
    path("attestations/demander/", views.request_credential, name="request_credential"),
    path("attestations/delivrees/", views.issued_credentials, name="issued_credentials"),
    path("attestations/<uuid:public_id>/telecharger/", views.download_credential, name="download_credential"),
    path("attestations/<uuid:public_id>/revoquer/", views.revoke, name="revoke_credential"),
    path("verifier/", views.verify, name="verify"),
    path("verifier/<str:code>/", views.verify_one, name="verify_code"),
    path(".well-known/jwks.json", views.jwks, name="jwks"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
