"""Every route names its policy; a route without one does not start (R-02)."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

PUBLIC = "public"
SIGNED_IN = "signed_in"
# A program with its own key: the view checks it.
MACHINE = "machine"


def policy(
    name: str, *, roles: Iterable[str] | None = None, methods: Iterable[str] = ("GET", "POST")
) -> Callable[[Any], Any]:
    """Declare the policy of a view, and let in only persons who hold one of `roles` today.

    `policy("public")` opens the view to anyone; `policy("signed_in")` to any account. Objects stay the business of
    `visible_to`. A person without the role gets 404, as for a page that does not exist.
    """
    allowed = frozenset(str(role) for role in roles or ())
    if not allowed and name not in {PUBLIC, SIGNED_IN, MACHINE}:
        raise TypeError(f"policy({name!r}) names no role")

    def decorate(view: Any) -> Any:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if allowed and not allowed & request.roles:  # type: ignore[attr-defined]
                raise Http404
            return view(request, *args, **kwargs)

        guarded.policy = name  # type: ignore[attr-defined]
        guarded.policy_roles = allowed  # type: ignore[attr-defined]
        guarded.policy_methods = tuple(methods)  # type: ignore[attr-defined]
        return login_not_required(guarded) if name in {PUBLIC, MACHINE} else guarded

    return decorate
