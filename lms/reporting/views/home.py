"""The page where each person arrives."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.api import Role, signed_in
from courses.shared import clock
from courses.shared.policy import SIGNED_IN, policy
from lms.reporting.queries.home import adviser_home, desks_of


@policy(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """One section for each role held, in order; a person without a role is told whom to ask."""
    user, now = signed_in(request), clock.now()
    roles = user.rights.roles
    context = {
        "adviser_home": adviser_home(user, now) if Role.ADVISER in roles else None,
        "desks": desks_of(user, now),
    }
    return render(request, "lms/home/home.html", context)
