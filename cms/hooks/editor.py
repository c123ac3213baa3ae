"""The editor's own views, with the list of checks beside every page, and refusals told where one works."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet

from cms.pages.models import (
    CataloguePage,
    EditorialPage,
    HomePage,
    LessonPage,
    ModulePage,
    ModuleSetPage,
    OrganisationPage,
    PathPage,
)
from cms.publishing.gate import report_on
from courses.shared.errors import DomainError

# What a form may ask for besides keeping the draft.
_ACTS = ("action-publish", "action-submit", "action-restart-workflow", "action-workflow-action")


class GateSidePanel(BaseSidePanel):
    """« Avant de publier »: each check with its state; each failing one leads to its field."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Avant de publier\u00a0: ouvrir ou fermer la liste des points vérifiés"
        icon_name = "clipboard-list"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["count"] = self.panel.report.missing if self.panel.report else 0
            return dict(context)

    name = "gate"
    title = "Avant de publier"
    template_name = "cms/editor/gate_panel.html"
    order = 50

    def __init__(self, page: Any, request: HttpRequest) -> None:
        super().__init__(page, request)
        self.report = report_on(page, drafts=True) if page.pk else None

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        return context | {"report": self.report, "page": self.object}


class _Checked:
    """A view of the editor that shows the panel."""

    page: Any
    request: HttpRequest

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()  # type: ignore[misc]
        return MediaContainer([GateSidePanel(self.page, self.request), *panels])


class GatedCreateView(_Checked, CreateView):
    """A page being made: the panel says that the list comes with the first save."""


class GatedEditView(_Checked, EditView):
    """A refusal that comes from deeper than the form keeps what was typed, as a draft."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        draft = request.POST.copy()
        for act in _ACTS:
            draft.pop(act, None)
        request.POST = draft  # type: ignore[assignment]
        answer: HttpResponse = type(self).as_view()(request, self.page.pk)
        return answer


class GatedWorkflowActionView(WorkflowActionView):
    """An approval that the gate refuses comes back to the page with its reason."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[self.object.pk]))


class GatedPages(PageViewSet):
    """The views of our page types."""

    add_view_class = GatedCreateView
    edit_view_class = GatedEditView
    workflow_action_view_class = GatedWorkflowActionView
    # The explorer stays the common one.
    parent_models: list[Any] = []


def page_viewsets() -> list[PageViewSet]:
    """One for each page type."""
    models = (
        HomePage, CataloguePage, EditorialPage, OrganisationPage, PathPage, ModuleSetPage, ModulePage, LessonPage,
    )  # fmt: skip
    return [type(f"{model.__name__}Views", (GatedPages,), {"model": model})() for model in models]
