"""From a person to the proof."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from courses.api import signed_in
from courses.models import Adviser
from courses.shared.policy import policy
from lms.reporting.enums import ItemKind
from lms.reporting.forms import asked_kinds, asked_moment
from lms.reporting.permissions import FACTS, READERS, facts_visible_to
from lms.reporting.queries.fact import fact_view
from lms.reporting.queries.person import person_view


@policy("reporting.person", roles=READERS)
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Status, since when and why; then one timeline."""
    visible = Adviser.objects.visible_to(signed_in(request))
    adviser = get_object_or_404(visible.select_related("user"), number=number)
    read, kinds = asked_moment(request), asked_kinds(request)
    view = person_view(adviser=adviser, moment=read.moment, kinds=kinds)
    context = {
        "view": view,
        "adviser": adviser,
        "moment": read.moment,
        "errors": read.errors,
        "kinds": [
            {
                "value": kind.value,
                "label": kind.label,
                "count": view.counts[kind.value],
                "kept": kind.value in kinds,
            }
            for kind in ItemKind
        ],
        "back_query": read.moment.query,
        "statements_url": _statements_of(adviser) if signed_in(request).rights.reads_nation else "",
        "breadcrumb": [
            ("Vue nationale", f"{reverse('national')}?{read.moment.query}"),
            ("Personnes", f"{reverse('persons')}?{read.moment.query}"),
            (str(adviser), ""),
        ],
    }
    return render(request, "lms/reporting/person.html", context)


def _statements_of(adviser: Adviser) -> str:
    return f"{reverse('statements_view')}?{urlencode({'acteur': str(adviser.user.public_id)})}"


@policy("reporting.fact", roles=READERS)
def fact(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """One row: author, instant, rule, seal, audit entry, raw statement."""
    kind = FACTS.get(label)
    if kind is None:
        raise Http404
    row = get_object_or_404(facts_visible_to(signed_in(request), kind), pk=pk)
    view = fact_view(kind=kind, row=row, user=signed_in(request))
    breadcrumb = [("Vue nationale", reverse("national"))]
    if view.adviser:
        breadcrumb.append((str(view.adviser), reverse("person", args=[view.adviser.number])))
    context = {"view": view, "row": row, "breadcrumb": [*breadcrumb, (view.title, "")]}
    return render(request, "lms/reporting/fact.html", context)
