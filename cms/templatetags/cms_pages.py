"""What the templates of pages ask for."""

from typing import Any

from django import template

from cms.models import EditorialPage, ModulePage, OrganisationPage, PathPage
from cms.pages import queries
from cms.pages.catalogue.results import Offer, Results, catalogue
from cms.pages.sheets import ModuleSheet, PathSheet, module_sheet, path_sheet
from courses.models import Enrolment

register = template.Library()


@register.simple_tag(takes_context=True)
def catalogue_results(context: template.Context) -> Results:
    """What answers the address, for the reader."""
    return catalogue(context["request"])


@register.simple_tag(takes_context=True)
def path_offers(context: template.Context, below: OrganisationPage | None = None) -> list[Offer]:
    """The published paths, of one organisation or of all."""
    return queries.offers(context["request"].user, below=below)


@register.simple_tag
def soonest_offers(count: int = 3) -> list[Offer]:
    """The paths that begin first."""
    return queries.soonest_offers(count)


@register.simple_tag(takes_context=True)
def my_enrolment(context: template.Context, page: PathPage) -> Enrolment | None:
    """The enrolment of the reader in this path."""
    return queries.enrolment_of(context["request"].user, page.key)


@register.simple_tag(takes_context=True)
def sheet_of_path(context: template.Context, page: PathPage) -> PathSheet:
    """Programme, sessions, price, results."""
    return path_sheet(page, context["request"].user)


@register.simple_tag
def sheet_of_module(page: ModulePage) -> ModuleSheet:
    """Sessions, what comes before, opinions."""
    return module_sheet(page)


@register.simple_tag
def help_pages(page: EditorialPage | None = None) -> list[Any]:
    """The help at the first level, or what this page gathers."""
    return queries.help_pages() if page is None else queries.pages_under(page)


@register.filter
def zone_name(zone: str) -> str:
    """« heure de La Réunion », when it is not that of Paris."""
    return (
        ""
        if zone == "Europe/Paris"
        else queries.ZONE_NAMES.get(zone, zone.partition("/")[2].replace("_", " "))
    )
