"""Who stands behind a request."""

from typing import cast

from django.http import HttpRequest

from .models import User


def signed_in(request: HttpRequest) -> User:
    """The person of the request: LoginRequiredMiddleware lets nobody else come this far."""
    return cast(User, request.user)
