"""Puts the roles of the person on the request, and keeps read-only roles from writing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from courses.shared.errors import AccessDeniedError
from courses.shared.middleware import refuse

from .enums import Role

READ_ONLY = frozenset({Role.AUDITOR.value, Role.PREFECT.value})
_ALWAYS = ("/connexion/", "/deconnexion/")


class RolesMiddleware:
    """`request.roles`: read from the database at each request, never from the session (R-06)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.roles = frozenset()  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.roles = request.user.rights.roles  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """A person who only holds reading roles writes nothing, whatever the view says (R-09)."""
        roles = request.roles  # type: ignore[attr-defined]
        unsafe = request.method not in {"GET", "HEAD", "OPTIONS"}
        if unsafe and roles and roles <= READ_ONLY and request.path not in _ALWAYS:
            # Raised here, before the view, no middleware would turn it into a page.
            return refuse(
                request, AccessDeniedError("Votre rôle permet de tout lire, et de ne rien modifier.")
            )
        return None
