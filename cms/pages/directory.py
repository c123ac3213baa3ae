"""The public site at a glance: its pages, and whom to write to."""

from dataclasses import dataclass, field

from wagtail.models import Page

from .catalogue.index import index
from .models import CataloguePage, EditorialPage, HomePage, ModulePage, OrganisationPage, PathPage

_SHOWN = (HomePage, EditorialPage, CataloguePage, OrganisationPage, PathPage, ModulePage)


@dataclass(frozen=True)
class PlanLine:
    """A page and those below it."""

    title: str
    url: str
    below: "list[PlanLine]" = field(default_factory=list)


@dataclass(frozen=True)
class OrganisationContacts:
    """Whom an organisation names on its paths."""

    name: str
    url: str
    contacts: tuple[str, ...]


def site_pages() -> list[PlanLine]:
    """The published pages as a tree, from the home page. Sets and lessons have no page of their own."""
    home = HomePage.objects.live().first()
    if home is None:
        return []
    base = str(home.get_url())
    shown = Page.objects.live().public().type(_SHOWN).descendant_of(home, inclusive=True).order_by("path")
    lines: dict[str, PlanLine] = {}
    for path, title, url_path in shown.values_list("path", "title", "url_path"):
        line = PlanLine(title, base + url_path.removeprefix(home.url_path))
        parent = next((lines[path[:cut]] for cut in range(len(path) - 4, 0, -4) if path[:cut] in lines), None)
        if parent is not None:
            parent.below.append(line)
        lines[path] = line
    return [lines[home.path]]


def organisation_contacts() -> list[OrganisationContacts]:
    """Those that have a published path, by name."""
    paths = PathPage.objects.live().public().exclude(contact="").order_by("title")
    named = list(paths.values_list("path", "contact"))
    home = HomePage.objects.live().first()
    root, base = (home.url_path, str(home.get_url())) if home else ("/", "/")
    published = {entry.path[: -PathPage.steplen] for entry in index().entries}
    pages = OrganisationPage.objects.live().filter(path__in=published).order_by("title")
    return [
        OrganisationContacts(
            name=title,
            url=base + url_path.removeprefix(root),
            contacts=tuple(dict.fromkeys(contact for below, contact in named if below.startswith(path))),
        )
        for path, title, url_path in pages.values_list("path", "title", "url_path")
    ]
