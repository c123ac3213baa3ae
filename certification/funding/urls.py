"""Routes of the room of money."""

from django.urls import path

from .views import acts, claims, posts

urlpatterns = [
    path("demandes/", claims.claims, name="claims"),
    path("demandes/export.csv", claims.claims_export, name="claims_export"),
    path("demandes/nouvelle/", claims.claim_new, name="claim_new"),
    path("demandes/service-fait/", claims.claims_to_certify, name="claims_to_certify"),
    path("demandes/a-payer/", claims.claims_to_pay, name="claims_to_pay"),
    path("demandes/<uuid:public_id>/", claims.claim, name="claim"),
    path("demandes/<uuid:public_id>/lignes.csv", claims.claim_lines, name="claim_lines"),
    path("demandes/<uuid:public_id>/lignes/<int:line_id>/", claims.claim_proof, name="claim_proof"),
    path("demandes/<uuid:public_id>/deposer/", acts.claim_submit, name="claim_submit"),
    path("demandes/<uuid:public_id>/annuler/", acts.claim_cancel, name="claim_cancel"),
    path("demandes/<uuid:public_id>/attester/", acts.claim_certify, name="claim_certify"),
    path("demandes/<uuid:public_id>/renvoyer/", acts.claim_return, name="claim_return"),
    path("demandes/<uuid:public_id>/payer/", acts.claim_pay, name="claim_pay"),
    path("financements/postes/", posts.post_funding, name="post_funding"),
    path("financements/postes/liste/", posts.post_funding_posts, name="post_funding_posts"),
    path("financements/postes/export.csv", posts.post_funding_export, name="post_funding_export"),
]
