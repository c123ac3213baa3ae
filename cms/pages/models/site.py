"""The public site, and the branch of each training organisation."""

from django.contrib.auth.models import Group
from django.db import models
from wagtail.models import Collection, Workflow

from cms.pages import panels
from courses.models import TrainingOrganisation

from .base import BodyPage


class HomePage(BodyPage):
    """The first page of the public site."""

    lead = models.CharField("accroche", max_length=300, blank=True)

    template = "cms/pages/home.html"
    edit_handler = panels.plain("lead")
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.CataloguePage", "cms.EditorialPage"]
    max_count = 1

    class Meta:
        verbose_name = "accueil"

    @property
    def catalogue(self) -> "CataloguePage | None":
        return CataloguePage.objects.live().first()


class EditorialPage(BodyPage):
    """A page of help, or of news: a title, a lead, a body."""

    lead = models.CharField("accroche", max_length=300, blank=True)

    template = "cms/pages/editorial.html"
    page_description = "Aide, actualité ou information du site public."
    edit_handler = panels.plain("lead")
    parent_page_types = ["cms.HomePage", "cms.EditorialPage"]
    subpage_types = ["cms.EditorialPage"]

    class Meta:
        verbose_name = "page d’aide"
        verbose_name_plural = "pages d’aide"


class CataloguePage(BodyPage):
    """The public catalogue; below it, one branch for each training organisation."""

    lead = models.CharField("accroche", max_length=300, blank=True)

    template = "cms/pages/catalogue.html"
    edit_handler = panels.plain("lead")
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.OrganisationPage"]
    max_count = 1

    class Meta:
        verbose_name = "catalogue"


class OrganisationPage(BodyPage):
    """The branch of one training organisation: its authors see and change this one and what is below, nothing else."""

    organisation = models.OneToOneField(
        TrainingOrganisation, models.PROTECT, related_name="+", verbose_name="organisme de formation"
    )
    collection = models.OneToOneField(Collection, models.PROTECT, related_name="+", editable=False)
    # Authors write; managers also publish. Both are made by `open_space`.
    group = models.OneToOneField(Group, models.PROTECT, related_name="+", editable=False)
    managers = models.OneToOneField(Group, models.PROTECT, null=True, related_name="+", editable=False)
    workflow = models.OneToOneField(Workflow, models.PROTECT, null=True, related_name="+", editable=False)

    template = "cms/pages/organisation.html"
    parent_page_types = ["cms.CataloguePage"]
    subpage_types = ["cms.PathPage"]
    # Opened by `open_space` when an organisation is given its place, never by hand.
    is_creatable = False

    class Meta:
        verbose_name = "organisme de formation"
