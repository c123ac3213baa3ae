"""A form sent twice acts once, and answers twice the same (R-30)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from courses.shared import canonical
from courses.shared.errors import DomainError

from .models import IdempotencyKey

_IGNORED = {"csrfmiddlewaretoken", "idempotency_key"}


class IdempotencyError(DomainError):
    """The key is missing, malformed or used for another content."""


def idempotent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The POST acts and keeps its answer in one transaction; the same key gives the kept answer.

    A refusal rolls all back, the key included, so that the corrected form may be sent again. A view that answers 200
    to a POST shows a form to mend: nothing was done, nothing is kept.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = _key(request)
        route = request.resolver_match.view_name if request.resolver_match else request.path
        sent = {name: request.POST.getlist(name) for name in request.POST if name not in _IGNORED}
        files = {name: [_file_hash(file) for file in request.FILES.getlist(name)] for name in request.FILES}
        body_hash = canonical.digest("idempotency", {"path": request.path, "post": sent, "files": files})
        with transaction.atomic():
            kept, created = IdempotencyKey.objects.get_or_create(
                user_id=cast(int, request.user.pk), route=route, key=key, defaults={"body_hash": body_hash}
            )
            if not created:
                return _again(kept, body_hash)
            response = view(request, *args, **kwargs)
            if response.status_code == 200 or response.status_code >= 400:
                transaction.set_rollback(True)
                return response
            kept.status, kept.location = response.status_code, response.get("Location", "")
            kept.save(update_fields=["status", "location"])
            return response

    once.idempotent = True  # type: ignore[attr-defined]
    return once


def _file_hash(file: UploadedFile) -> str:
    digest = canonical.sha256(file.read())
    file.seek(0)
    return digest


def _key(request: HttpRequest) -> UUID:
    given = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    try:
        return UUID(given)
    except ValueError as error:
        raise IdempotencyError("Le formulaire est incomplet : rechargez la page et recommencez.") from error


def _again(kept: IdempotencyKey, body_hash: str) -> HttpResponse:
    if kept.body_hash != body_hash:
        raise IdempotencyError("Ce formulaire a déjà été envoyé avec un autre contenu : rechargez la page.")
    if kept.location:
        return HttpResponseRedirect(kept.location)
    return HttpResponse(kept.body, status=kept.status or 204)
