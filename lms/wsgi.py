"""The door of web servers."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
pages = get_wsgi_application()

from django.conf import settings  # noqa: E402  (needs the settings module)

from cms.api import site_version  # noqa: E402  (needs the apps loaded)
from courses.shared.walls import stand_or_stop  # noqa: E402
from lms.operations.page_cache import PageCache  # noqa: E402

_RECORD_STORE = "/xapi/"


class RecordStoreHandler(WSGIHandler):
    """The record store without what only pages need: sessions, cookies, signed-in people.

    Only its own addresses can be reached through here, and each of them asks for a key; so the shorter way opens no
    door that the longer one keeps shut.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Django reads one list of middleware for all; this runs once, before any request."""
        whole, settings.MIDDLEWARE = settings.MIDDLEWARE, settings.LMS_XAPI_MIDDLEWARE
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = whole

    def resolve_request(self, request: HttpRequest) -> Any:
        request.urlconf = "courses.xapi.urls"
        return super().resolve_request(request)


record_store = RecordStoreHandler()
site = PageCache(pages, site_version)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Pages go one way, the record store another."""
    handler = record_store if environ.get("PATH_INFO", "").startswith(_RECORD_STORE) else site
    return handler(environ, start_response)


stand_or_stop()
