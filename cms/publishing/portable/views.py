"""« Exporter le parcours » and « Importer un parcours », in the editor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cms.publishing.permissions import paths_visible_to, spaces_visible_to
from courses.api import idempotent, signed_in
from courses.shared import clock

from .errors import PathFileError
from .exporting import export_path
from .forms import PathFileForm
from .importing import import_path


@require_GET
def export(request: HttpRequest, page_id: int) -> HttpResponse:
    """The file of a path, to those who may change it."""
    page = get_object_or_404(paths_visible_to(signed_in(request)), pk=page_id)
    answer = HttpResponse(export_path(page), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="parcours-{page.slug[:60]}.zip"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def import_file(request: HttpRequest, parent_page_id: int) -> HttpResponse:
    """Drafts in the branch of an organisation, from a file."""
    user = signed_in(request)
    space = get_object_or_404(spaces_visible_to(user), pk=parent_page_id)
    form = PathFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            page = import_path(
                file=form.cleaned_data["file"],
                space=space,
                actor=user,
                at=clock.now(),
            )
        except PathFileError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, f"Le parcours «\u00a0{page.title}\u00a0» est importé, en brouillon.")
            return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[page.pk]))
    context = {"form": form, "space": space, "page_title": "Importer un parcours", "header_icon": "upload"}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "cms/publishing/portable_import.html", context, status=status)
