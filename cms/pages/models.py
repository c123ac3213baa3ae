"""The pages: a public site, and for each training organisation its own branch of paths, modules and lessons."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Collection, Page, Workflow
from wagtail.search import index

from cms.blocks import BodyField
from courses.api import Level, Mission, PathKind, SessionMode, SetRule, Theme
from courses.models import PathVersion, TrainingOrganisation

from .forms import LessonPageForm, ModulePageForm, PathPageForm

LINES = "Une ligne pour chacun."

# Sent before a page is deleted; the floor that knows what is frozen refuses by raising.
deletion_asked = Signal()


class BodyPage(Page):
    """Any page of ours: a title and the one body."""

    body = BodyField(verbose_name="contenu", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """A publication that is refused on its way leaves nothing behind."""
        return super().publish(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        deletion_asked.send(sender=type(self), instance=self)
        return super().delete(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {"breadcrumb": self.breadcrumb(), "title": self.title}

    def breadcrumb(self) -> list[tuple[str, str]]:
        """The way down from the home page, this page last."""
        above = self.get_ancestors().filter(depth__gt=2).live()
        return [*((page.title, page.get_url()) for page in above), (self.title, "")]


class HomePage(BodyPage):
    """The first page of the public site."""

    lead = models.CharField("accroche", max_length=300, blank=True)

    template = "cms/pages/home.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
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
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.EditorialPage"]
    subpage_types = ["cms.EditorialPage"]

    class Meta:
        verbose_name = "page d’aide"
        verbose_name_plural = "pages d’aide"


class CataloguePage(BodyPage):
    """The public catalogue; below it, one branch for each training organisation."""

    lead = models.CharField("accroche", max_length=300, blank=True)

    template = "cms/pages/catalogue.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
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


class TaughtPage(BodyPage):
    """A page with an identity of its own in the records: `key` names it there, across all its revisions."""

    key = models.UUIDField("identifiant", default=uuid4, unique=True, editable=False)
    contact = models.CharField(
        "contact d’assistance",
        max_length=200,
        blank=True,
        help_text="Qui aide la personne qui se forme : nom du service, courriel ou téléphone.",
    )

    # A copy is another path, module or lesson.
    exclude_fields_in_copy = ["key"]

    class Meta:
        abstract = True

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A revision, even one carried over by a copy, never changes who the page is."""
        page = super().with_content_json(content)
        page.key = self.key
        return page


def _lines(text: str) -> list[str]:
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


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
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("objectives"),
        FieldPanel("contact"),
        FieldPanel("body"),
    ]
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
        """The modules that are published, in order."""
        return ModulePage.objects.live().child_of(self).order_by("path")

    @property
    def minutes(self) -> int:
        return sum(module.minutes or 0 for module in self.modules)

    @property
    def objective_lines(self) -> list[str]:
        return _lines(self.objectives)


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

    template = "cms/pages/module.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("rule"),
        FieldPanel("need"),
        FieldPanel("ordered"),
        FieldPanel("optional"),
        FieldPanel("due_days"),
    ]
    parent_page_types = ["cms.PathPage", "cms.ModuleSetPage"]
    subpage_types = ["cms.ModulePage", "cms.ModuleSetPage"]

    class Meta:
        verbose_name = "ensemble de modules"
        verbose_name_plural = "ensembles de modules"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A set is read in the page of its path."""
        return HttpResponseRedirect(self.get_parent().get_url(request))


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
    content_panels = [
        *Page.content_panels,
        FieldPanel("objectives"),
        FieldPanel("competences"),
        MultiFieldPanel(
            [
                FieldPanel("minutes"),
                FieldPanel("taught_minutes"),
                FieldPanel("placement_minutes"),
                FieldPanel("mode"),
            ],
            heading="Durées",
            help_text="La durée annoncée est la somme des séances, du stage et des leçons à distance.",
        ),
        FieldPanel("completion_rule"),
        FieldPanel("contact"),
        FieldPanel("body"),
    ]
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
        return _lines(self.objectives)

    @property
    def competence_lines(self) -> list[str]:
        return _lines(self.competences)

    @property
    def path_page(self) -> PathPage:
        return PathPage.objects.parent_of(self).get()

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

    base_form_class = LessonPageForm
    template = "cms/pages/lesson.html"
    content_panels = [*Page.content_panels, FieldPanel("minutes"), FieldPanel("body")]
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
