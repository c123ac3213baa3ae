"""The module and the lesson."""

from typing import Any
from uuid import UUID, uuid5

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from wagtail.search import index

from cms.pages import panels
from cms.pages.forms import GatedPageForm, ModulePageForm
from courses.api import SessionMode

from .base import LINES, BodyPage, TaughtPage, lines


class ModulePage(TaughtPage):
    """Séquence: what it teaches, how long it lasts, how its completion is proved."""

    objectives = models.TextField("objectifs", blank=True, help_text=LINES)
    competences = models.TextField("compétences visées", blank=True, help_text=LINES)
    completion_rule = models.TextField(
        "règle d’achèvement",
        blank=True,
        help_text="Ce qu’il faut avoir fait pour que le module soit achevé, en une phrase.",
    )
    minutes = models.PositiveIntegerField("durée annoncée (minutes)", null=True, blank=True)
    taught_minutes = models.PositiveIntegerField(
        "dont séances avec un formateur (minutes)", default=0, blank=True
    )
    placement_minutes = models.PositiveIntegerField("dont stage (minutes)", default=0, blank=True)
    mode = models.CharField(
        "modalité des séances", max_length=8, choices=SessionMode, default=SessionMode.ON_SITE
    )
    optional = models.BooleanField("facultatif", default=False)
    # Keys of modules, as text.
    requires = models.JSONField("modules à terminer avant", default=list, blank=True)
    equivalents = models.JSONField("modules équivalents", default=list, blank=True)
    due_days = models.PositiveIntegerField(
        "à terminer en (jours)", null=True, blank=True, help_text="Compté depuis l’inscription."
    )

    base_form_class = ModulePageForm
    template = "cms/pages/module.html"
    page_description = (
        "Ce que l’on apprend, combien de temps, et comment on le prouve. Il contient des leçons."
    )
    edit_handler = panels.MODULE
    search_fields = [
        *BodyPage.search_fields,
        index.SearchField("objectives"),
        index.SearchField("competences"),
    ]
    parent_page_types = ["cms.PathPage", "cms.ModuleSetPage"]
    subpage_types = ["cms.LessonPage"]

    class Meta:
        verbose_name = "module"

    @property
    def lessons(self) -> "models.QuerySet[LessonPage]":
        """The lessons that are published, in order."""
        return LessonPage.objects.live().child_of(self).order_by("path")

    @property
    def objective_lines(self) -> list[str]:
        return lines(self.objectives)

    @property
    def competence_lines(self) -> list[str]:
        return lines(self.competences)

    @property
    def path_page(self) -> Any:
        """The path that holds it, through any set."""
        return apps.get_model("cms", "PathPage").objects.ancestor_of(self).get()

    @property
    def alone(self) -> "list[ModulePage]":
        return [self]

    @property
    def session_key(self) -> UUID:
        """The identity of what is taught by a trainer in this module."""
        return uuid5(self.key, "session")

    @property
    def placement_key(self) -> UUID:
        """The identity of the placement of this module."""
        return uuid5(self.key, "placement")


class LessonPage(TaughtPage):
    """Leçon: read in the player, by enrolled learners, as it was when their path version was frozen."""

    minutes = models.PositiveIntegerField(
        "durée à distance (minutes)",
        default=0,
        blank=True,
        help_text="Comptée seulement si un questionnaire l’évalue. 0 pour une leçon d’appui, hors durée.",
    )

    base_form_class = GatedPageForm
    template = "cms/pages/lesson.html"
    page_description = "Le texte, les médias et le questionnaire que suit la personne qui se forme."
    edit_handler = panels.LESSON
    parent_page_types = ["cms.ModulePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "leçon"

    @property
    def quiz(self) -> tuple[UUID, Any] | None:
        """The quiz of the lesson, if any: its identity in the records, and its block."""
        for block in self.body:
            if block.block_type == "quiz":
                return uuid5(self.key, str(block.id)), block
        return None

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lessons are read in the player: the public is led to the module."""
        return HttpResponseRedirect(self.get_parent().get_url(request))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The author sees it as a learner will."""
        return super().serve(request)
