"""What the public pages show beside their text."""

from typing import Any
from uuid import UUID

from courses.models import Enrolment

from .catalogue.index import index
from .catalogue.results import Offer, adviser_of, offers_for
from .models import EditorialPage, HomePage, OrganisationPage


def offers(user: Any = None, *, below: OrganisationPage | None = None) -> list[Offer]:
    """The published paths, by title."""
    found = index()
    entries = found.below(below.path) if below is not None else list(found.entries)
    return offers_for(entries, adviser_of(user) if user is not None else None)


def soonest_offers(count: int) -> list[Offer]:
    """The paths whose next session comes first; then those that have no date yet."""
    found = index()
    entries = sorted(
        found.entries,
        key=lambda one: (not one.sessions, one.sessions[0].start if one.sessions else found.day),
    )
    return [Offer(entry) for entry in entries[:count]]


def enrolment_of(user: Any, path_key: UUID) -> Enrolment | None:
    """The enrolment of the person who looks, if there is one."""
    if not user.is_authenticated or user.rights.adviser_id is None:
        return None
    return (
        Enrolment.objects.visible_to(user)
        .known()
        .filter(adviser=user.rights.adviser_id, path__public_id=path_key)
        .first()
    )


def help_pages() -> list[EditorialPage]:
    """The help at the first level: guides, or what gathers them."""
    home = HomePage.objects.first()
    if home is None:
        return []
    return list(EditorialPage.objects.live().public().child_of(home).defer_streamfields().order_by("path"))


def pages_under(page: EditorialPage) -> list[EditorialPage]:
    """What a page of help gathers."""
    return list(EditorialPage.objects.live().public().child_of(page).defer_streamfields().order_by("path"))


# As people say the time of each territory.
ZONE_NAMES = {
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "Pacific/Noumea": "Nouvelle-Calédonie",
    "Pacific/Tahiti": "Polynésie française",
    "Pacific/Wallis": "Wallis-et-Futuna",
}
