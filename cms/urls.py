"""The player, the editor, the documents, and last the public pages."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve as serve_file
from wagtail import views as wagtail_views
from wagtail.admin import urls as editor_urls
from wagtail.documents.views import serve as document_views
from wagtail.urls import serve_pattern
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.hooks.access import editor_view
from cms.player import views
from courses.shared.policy import policy

# The editor has one way in: our own sign-in page.
_sign_in = policy("public")(RedirectView.as_view(pattern_name="login", query_string=True))

player_patterns = [
    path("parcours/<uuid:registration>/", views.enrolment, name="enrolment"),
    path("parcours/<uuid:registration>/<uuid:activity>/", views.lesson, name="lesson"),
]

editor_patterns = [
    path("administration/login/", _sign_in, name="wagtailadmin_login"),
    re_path(r"^administration/password_reset/.*$", _sign_in),
    path("administration/", include(decorate_urlpatterns(editor_urls.urlpatterns, editor_view))),
]

document_patterns = [
    path(
        "documents/<int:document_id>/<path:document_filename>",
        policy("public")(document_views.serve),
        name="wagtaildocs_serve",
    ),
]

# Images of pages are public; the other files under MEDIA_ROOT never pass here.
image_patterns = [
    path(
        "media/images/<path:path>",
        policy("public")(serve_file),
        {"document_root": settings.MEDIA_ROOT / "images"},
        name="image",
    ),
]

# To be included last: it answers every address that looks like a page.
page_patterns = [re_path(serve_pattern, policy("public")(wagtail_views.serve), name="wagtail_serve")]

urlpatterns = [*player_patterns, *editor_patterns, *document_patterns, *image_patterns, *page_patterns]
