"""The floor: Django with one view that does nothing, and no middleware. Served as the site is."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[], SECRET_KEY="nothing is signed here"
)


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"", headers={"Content-Length": "0"})


urlpatterns = [path("noop", nothing)]
application = get_wsgi_application()
