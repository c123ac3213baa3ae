"""What an address may ask of the audit views."""

from dataclasses import fields

from django.http import HttpRequest

from courses.shared import clock
from lms.reporting.enums import ItemKind, Stage
from lms.reporting.queries.situation import Filters
from lms.reporting.rules import ReadMoment, read_moment


def asked_moment(request: HttpRequest) -> ReadMoment:
    """« au » and « connu le »."""
    return read_moment(request.GET.dict(), today=clock.today(), now=clock.now())


def asked_filters(request: HttpRequest) -> Filters:
    """The filters of the address; an unknown step is no filter."""
    given = {field.name: request.GET.get(field.name, "").strip()[:100] for field in fields(Filters)}
    if given["etape"] not in Stage.values:
        given["etape"] = ""
    return Filters(**given)


def asked_kinds(request: HttpRequest) -> frozenset[str]:
    """The colours of the timeline that are kept; all when none is named."""
    return frozenset(request.GET.getlist("type")) & frozenset(ItemKind.values)
