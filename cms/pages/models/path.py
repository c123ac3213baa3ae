"""The path, and the sets of modules in it."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from wagtail.search import index

from cms.pages import panels
from cms.pages.forms import ModuleSetPageForm, PathPageForm
from courses.api import Level, Mission, PathKind, SetRule, Theme
from courses.models import PathVersion, TrainingOrganisation

from .base import LINES, BodyPage, TaughtPage, lines
from .module import ModulePage
from .site import OrganisationPage


class PathPage(TaughtPage):
    """Parcours: publishing this page freezes what it holds into a path version, to which new learners are bound."""

    kind = models.CharField("nature", max_length=10, choices=PathKind, default=PathKind.INITIAL)
    # The version that new learners are bound to; written by publishing alone.
    version = models.ForeignKey(
        PathVersion,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="version publiée",
    )
    objectives = models.TextField("objectifs", blank=True, help_text=LINES)
    national = models.BooleanField(
        "parcours national",
        default=False,
        help_text="Un parcours national est publié par l’ANCT, après l’accord de l’organisme.",
    )
    theme = models.CharField("thème", max_length=20, choices=Theme, blank=True)
    mission = models.CharField("mission", max_length=10, choices=Mission, blank=True)
    level = models.CharField("niveau", max_length=12, choices=Level, blank=True)
    # Said to the public (Code du travail, art. L. 6353-8; Qualiopi, indicateur 1).
    audience = models.TextField("public visé et prérequis", blank=True)
    access_delay = models.CharField("délai d’accès", max_length=200, blank=True)
    methods = models.TextField("méthodes et moyens", blank=True)
    assessment = models.TextField("modalités d’évaluation", blank=True)
    disability_access = models.TextField("accessibilité aux personnes handicapées", blank=True)
    due_days = models.PositiveIntegerField(
        "à terminer en (jours)", null=True, blank=True, help_text="Compté depuis l’inscription."
    )
    offer_to_enrolled = models.BooleanField(
        "proposer la nouvelle version aux personnes déjà inscrites",
        default=False,
        help_text="Sinon, elle ne vaut que pour les nouvelles inscriptions. Chacun reste libre d’accepter, "
        "et ce qui est déjà obtenu reste acquis.",
    )

    base_form_class = PathPageForm
    template = "cms/pages/path.html"
    page_description = (
        "Un parcours de formation : ses modules, ses ensembles de modules, et ce qu’en lit le public."
    )
    edit_handler = panels.PATH
    search_fields = [*BodyPage.search_fields, index.SearchField("objectives"), index.FilterField("kind")]
    parent_page_types = ["cms.OrganisationPage"]
    subpage_types = ["cms.ModulePage", "cms.ModuleSetPage"]

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"

    exclude_fields_in_copy = [*TaughtPage.exclude_fields_in_copy, "version"]

    def with_content_json(self, content: dict[str, Any]) -> Any:
        page = super().with_content_json(content)
        page.version_id = self.version_id
        return page

    @property
    def organisation(self) -> TrainingOrganisation:
        return OrganisationPage.objects.select_related("organisation").ancestor_of(self).get().organisation

    @property
    def modules(self) -> "models.QuerySet[ModulePage]":
        """The modules that are published, at any depth, in order; those of a withdrawn set are withdrawn with it."""
        found = ModulePage.objects.live().descendant_of(self).order_by("path")
        for withdrawn in ModuleSetPage.objects.descendant_of(self).filter(live=False):
            found = found.not_descendant_of(withdrawn)
        return found

    @property
    def minutes(self) -> int:
        return sum(module.minutes or 0 for module in self.modules)

    @property
    def objective_lines(self) -> list[str]:
        return lines(self.objectives)


class ModuleSetPage(TaughtPage):
    """Ensemble de modules: all of them, some of them, or some hours of them. It has no text of its own."""

    rule = models.CharField("à suivre", max_length=8, choices=SetRule, default=SetRule.ALL)
    need = models.PositiveIntegerField(
        "combien", default=0, blank=True, help_text="Nombre d’éléments, ou d’heures, selon la règle choisie."
    )
    ordered = models.BooleanField("dans l’ordre", default=False)
    optional = models.BooleanField("facultatif", default=False)
    due_days = models.PositiveIntegerField(
        "à terminer en (jours)", null=True, blank=True, help_text="Compté depuis l’inscription."
    )

    base_form_class = ModuleSetPageForm
    template = "cms/pages/module.html"
    page_description = "Plusieurs modules à suivre tous, en partie, ou pour un certain nombre d’heures."
    edit_handler = panels.MODULE_SET
    parent_page_types = ["cms.PathPage", "cms.ModuleSetPage"]
    subpage_types = ["cms.ModulePage", "cms.ModuleSetPage"]

    class Meta:
        verbose_name = "ensemble de modules"
        verbose_name_plural = "ensembles de modules"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A set is read in the page of its path."""
        return HttpResponseRedirect(self.get_parent().get_url(request))

    @property
    def preview_modes(self) -> list[Any]:
        """It has no page of its own to show."""
        return []
