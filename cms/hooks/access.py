"""Who enters the editor, and the second wall: no address names what is not one's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from wagtail.models import Page

from cms.publishing.access import EDITORS, edits_nation, settle_groups, spaces_of
from cms.publishing.errors import FrozenPageError
from courses.shared.policy import policy

from . import reach
from .doors import DOORS, SHUT
from .errors import PlaceAskedError

KEPT = "Cet élément ne peut pas être supprimé : des inscriptions et des preuves s’y rattachent."
READS = {"GET", "HEAD", "OPTIONS"}


def editor_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any view of the editor: a role is asked, foreign objects do not exist, an act is whole or is not."""

    @policy("cms.edit", roles=EDITORS)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        settle_groups(user)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in SHUT:
            raise Http404
        if not edits_nation(user):
            _keep_home(request, name, kwargs)
        if name == "wagtailadmin_pages:copy" and request.method == "POST":
            _ask_where(request)
        response = _answer(view, request, args, kwargs)
        # A preview is drawn by the site's own chain: here it is framed by the editor.
        if response.has_header("Content-Security-Policy"):
            del response["Content-Security-Policy"]
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return guarded


def _answer(view: Callable[..., HttpResponse], request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
    if request.method in READS:
        response = view(request, *args, **kwargs)
    else:
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
        except ProtectedError as error:
            raise FrozenPageError(KEPT) from error
    return response.render() if isinstance(response, SimpleTemplateResponse) else response


def _ask_where(request: HttpRequest) -> None:
    """Wagtail’s own view takes it for granted."""
    parent = request.POST.get("new_parent_page", "")
    if not parent.isdecimal() or not Page.objects.filter(pk=parent).exists():
        raise PlaceAskedError("Choisissez la page sous laquelle placer la copie.", field="new_parent_page")


def _keep_home(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> None:
    """An organisation walks in its own branch: what is said of another one is answered as if it did not exist."""
    door = DOORS.get(name)
    if door is None:
        raise Http404
    spaces = spaces_of(request.user)  # type: ignore[arg-type]
    if not spaces:
        raise Http404
    home = spaces[0]
    if name == "wagtailadmin_choose_page":
        kwargs["parent_page_id"] = home.pk
    elif name == "wagtailadmin_choose_page_external_link":
        # An address typed there is not looked up among the pages: their drafts have titles too.
        request._wagtail_cached_site_root_paths = []  # type: ignore[attr-defined]
    elif "_chooser:choose" in name and "tag" in request.GET:
        # Words put on media belong to no organisation: none is looked for (see `lists.no_tags`).
        asked = request.GET.copy()
        del asked["tag"]
        request.GET = asked  # type: ignore[assignment]
    elif name == "wagtail_bulk_action" and kwargs["model_name"] == "page" and not request.GET.get("childOf"):
        # « All » means all that is listed, never all that exists.
        asked = request.GET.copy()
        asked["childOf"] = str(home.pk)
        request.GET = asked  # type: ignore[assignment]
    reach.refuse_foreign(request, name, door, kwargs)


def explorable(pages: Any, request: HttpRequest) -> Any:
    """For choosers and searches: one’s own branches only."""
    return pages & reach.reachable(Page, request.user)
