"""What surrounds every request: its id, its origin, its headers, and the page of a refusal."""

import re
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import render

from . import logs
from .errors import ConflictError, DomainError
from .refusals import from_integrity_error

GetResponse = Callable[[HttpRequest], HttpResponse]
_GIVEN_ID = re.compile(r"[0-9a-f-]{8,64}")
_MACHINE_PATHS = ("/xapi/", "/api/", "/healthz/")
_CONTENT_PATHS = (*_MACHINE_PATHS, "/contenu/")


class RequestIdMiddleware:
    """One id for a request, in its answer, its logs and its audit rows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.id = given if _GIVEN_ID.fullmatch(given) else str(uuid4())  # type: ignore[attr-defined]
        token = logs.request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class KnownHostMiddleware:
    """A host that is not ours is refused (400) before anything else looks at the request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()
        return self.get_response(request)


class OriginMiddleware:
    """Pages answer on the site's origin, packages on the content origin, machines on both."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.site = urlsplit(settings.LMS_PUBLIC_URL)
        self.content = urlsplit(settings.LMS_CONTENT_ORIGIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().lower()
        # As Django compares hosts: no port, no final dot.
        if (
            split_domain_port(host)[0] == self.content.hostname
            and self.content.hostname != self.site.hostname
        ):
            if request.path.startswith(_CONTENT_PATHS):
                return self.get_response(request)
            if host == self.content.netloc or request.method not in {"GET", "HEAD"}:
                return HttpResponse("Rien ici.", status=404, content_type="text/plain; charset=utf-8")
            return HttpResponseRedirect(f"{settings.LMS_PUBLIC_URL}{request.get_full_path()}")
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Content-Security-Policy by Django 6's setting names, and what Django does not set."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        editor = request.path.startswith("/administration/")
        directives = settings.LMS_EDITOR_CSP if editor else settings.SECURE_CSP
        if "Content-Security-Policy" not in response:
            response["Content-Security-Policy"] = "; ".join(
                f"{name} {' '.join(values)}" for name, values in directives.items()
            ).replace("{nonce}", nonce)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class RefusalMiddleware:
    """Turns a DomainError into a French page or JSON answer of the right status; anything else is a bug."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, IntegrityError):
            message = from_integrity_error(error)
            if message is None:
                return None
            error = ConflictError(message)
        if not isinstance(error, DomainError):
            return None
        return refuse(request, error)


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page or the JSON answer of a refusal."""
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        body = {"message": error.message, "field": error.field}
        return JsonResponse(body, status=error.status)
    context = {"message": error.message, "field": error.field, "status": error.status}
    return render(request, f"{error.status}.html", context, status=error.status)


def not_found(request: HttpRequest) -> HttpResponse:
    """The 404 of everything that is not there or not yours."""
    raise Http404
