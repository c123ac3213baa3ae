"""A public page says so in its answer when it was made for nobody in particular: it may be kept and given again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_vary_headers

# Anyone may keep it, and asks each time whether it is still true.
KEPT = "public, max-age=0, must-revalidate"


def is_for_anyone(request: HttpRequest) -> bool:
    """Nothing in the request says who asks, and nothing waits to be told to him."""
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and "Authorization" not in request.headers
    )


def public_page(view: Callable[..., Any]) -> Any:
    """A view whose answer to a stranger is the same for all strangers."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)

        def mark(made: HttpResponse) -> None:
            patch_vary_headers(made, ["Cookie"])
            # A page that drew a form bears the secret of one browser.
            formless = not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
            if made.status_code == 200 and formless and is_for_anyone(request):
                made.setdefault("Cache-Control", KEPT)

        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.add_post_render_callback(mark)
        else:
            mark(response)
        return response

    return shown
