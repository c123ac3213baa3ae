"""What the templates of pages ask for."""

from typing import Any

from django import template

from cms.models import OrganisationPage, PathPage
from cms.pages.queries import CatalogueFilter, Offer, enrolment_of, offers, sessions_to_come
from courses.models import Enrolment, TrainingSession

register = template.Library()


@register.simple_tag(takes_context=True)
def catalogue_filter(context: template.Context) -> CatalogueFilter:
    """What the visitor looks for."""
    return CatalogueFilter.read(context["request"].GET)


@register.simple_tag
def path_offers(wanted: CatalogueFilter | None = None, below: OrganisationPage | None = None) -> list[Offer]:
    """The published paths that answer."""
    return offers(wanted, below=below)


@register.simple_tag(takes_context=True)
def my_enrolment(context: template.Context, page: PathPage) -> Enrolment | None:
    """The enrolment of the reader in this path."""
    return enrolment_of(context["request"].user, page.key)


@register.simple_tag
def coming_sessions(modules: Any) -> list[TrainingSession]:
    """The next sessions of these modules."""
    return sessions_to_come([module.key for module in modules])
