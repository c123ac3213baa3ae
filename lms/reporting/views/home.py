"""The page where each person arrives."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from courses.api import Role, signed_in
from courses.shared import clock
from courses.shared.policy import SIGNED_IN, policy
from lms.reporting.queries.home import adviser_home, desks_of
from lms.reporting.queries.home.page import AdviserHome


@policy(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """One section for each role held, in order; a person without a role is told whom to ask."""
    user, now = signed_in(request), clock.now()
    roles = user.rights.roles
    context = {
        "adviser_home": _adviser_home(request) if Role.ADVISER in roles else None,
        "desks": desks_of(user, now),
    }
    return render(request, "lms/home/home.html", context)


def _adviser_home(request: HttpRequest) -> AdviserHome:
    """The path that the address names, when it is one’s own."""
    given = request.GET.get("parcours", "")
    try:
        registration = UUID(given) if given else None
    except ValueError as error:
        raise Http404 from error
    shown = adviser_home(signed_in(request), clock.now(), registration)
    if shown is None:
        raise Http404
    return shown
