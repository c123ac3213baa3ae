"""The resources Agents, Activities and About (xAPI Communication 2.4, 2.5, 2.8)."""

from django.http import HttpResponse, JsonResponse

from courses.xapi.queries import known
from courses.xapi.queries.credentials import sight
from courses.xapi.validation import VERSION_1, VERSION_2

from .call import VERSION_HEADER, Call, resource


def _agents(call: Call) -> HttpResponse:
    credential = call.credential()
    seen = sight(credential)
    call.allow("agent")
    person = known.person(call.actor("agent", part="agent"), sight=seen)
    return JsonResponse(person, json_dumps_params={"ensure_ascii": False})


def _activities(call: Call) -> HttpResponse:
    credential = call.credential()
    seen = sight(credential)
    call.allow("activityId")
    activity = known.activity(call.iri("activityId"), sight=seen)
    return JsonResponse(activity, json_dumps_params={"ensure_ascii": False})


def _about(call: Call) -> HttpResponse:
    """Which versions are spoken here. The Python client raises on a version that it does not know."""
    call.allow()
    first = call.headers.get(VERSION_HEADER, "").startswith("1.")
    return JsonResponse({"version": [VERSION_1] if first else [VERSION_1, VERSION_2]})


agents = resource(_agents, "GET", "HEAD")
activities = resource(_activities, "GET", "HEAD")
about = resource(_about, "GET", "HEAD", free=True)
