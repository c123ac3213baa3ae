"""The player, the editor, the documents, and last the public pages."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import views as wagtail_views
from wagtail.admin import urls as editor_urls
from wagtail.documents.views import serve as document_views
from wagtail.urls import serve_pattern
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.hooks.access import editor_view
from cms.hooks.documents import serve_rendition
from cms.pages import views as page_views
from cms.player import survey, versions, views
from cms.publishing.impact import path_impact
from courses.shared.policy import policy
from courses.shared.public import public_page

# The editor has one way in: our own sign-in page.
_sign_in = policy("public")(RedirectView.as_view(pattern_name="login", query_string=True))

player_patterns = [
    path("parcours/<uuid:registration>/", views.enrolment, name="enrolment"),
    path("parcours/<uuid:registration>/<uuid:activity>/", views.lesson, name="lesson"),
    path("parcours/<uuid:registration>/<uuid:activity>/place/", views.lesson_place, name="lesson_place"),
    path(
        "parcours/<uuid:registration>/modules/<uuid:module>/imprimer/",
        views.print_module,
        name="print_module",
    ),
    path("parcours/<uuid:registration>/avis/<uuid:module>/", survey.survey, name="survey"),
    path("parcours/<uuid:registration>/version/", versions.version_offer, name="version_offer"),
]

editor_patterns = [
    path("administration/login/", _sign_in, name="wagtailadmin_login"),
    re_path(r"^administration/password_reset/.*$", _sign_in),
    path("administration/parcours/<int:page_id>/effets/", editor_view(path_impact), name="path_impact"),
    path("administration/", include(decorate_urlpatterns(editor_urls.urlpatterns, editor_view))),
]

document_patterns = [
    path(
        "documents/<int:document_id>/<path:document_filename>",
        policy("public")(document_views.serve),
        name="wagtaildocs_serve",
    ),
]

# Images that pages show; the other files under MEDIA_ROOT never pass here.
image_patterns = [
    path(
        "media/images/<path:path>",
        policy("public")(serve_rendition),
        name="image",
    ),
]

# To be included last: it answers every address that looks like a page.
page_patterns = [
    path("catalogue/liste.csv", page_views.catalogue_file, name="catalogue_file"),
    re_path(serve_pattern, policy("public")(public_page(wagtail_views.serve)), name="wagtail_serve"),
]

urlpatterns = [*player_patterns, *editor_patterns, *document_patterns, *image_patterns, *page_patterns]
