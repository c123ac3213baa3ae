"""Files taken away. Dossier d’audit: two dates, a progress, a file, and how to check it; traces: as they are read.

Everything here is asked by GET: an auditor writes nothing (INV-39), and a pack is a pure function of its address; what
is kept of the asking is the audit trail and the made file, as for any answer that takes time.
"""

import json
from urllib.parse import urlencode
from uuid import UUID

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.api import signed_in
from courses.shared import clock, documents
from courses.shared.policy import policy
from lms.reporting.forms import asked_moment
from lms.reporting.permissions import PACK_READERS, STATEMENT_READERS
from lms.reporting.views.statements import asked_filters

from .models import PackRequest
from .services import ask_for_pack
from .statements import FORMATS, ask_for_statements


@policy("exchange.pack", roles=PACK_READERS)
def audit_pack(request: HttpRequest) -> HttpResponse:
    """The two dates, and the packs still offered."""
    read = asked_moment(request)
    mine = PackRequest.objects.visible_to(signed_in(request)).filter(expires_at__gt=clock.now())
    context = {
        "moment": read.moment,
        "errors": read.errors,
        "prepare_url": f"{reverse('audit_pack_prepare')}?{read.moment.query}",
        "packs": mine.order_by("-asked_at")[:10],
        "breadcrumb": [("Vue nationale", reverse("national")), ("Dossier d’audit", "")],
    }
    return render(request, "lms/exchange/pack.html", context)


@policy("exchange.pack", roles=PACK_READERS)
def audit_pack_prepare(request: HttpRequest) -> HttpResponse:
    """Order the pack of an address, unless another site sent us here."""
    read = asked_moment(request)
    if read.errors or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect(f"{reverse('audit_pack')}?{request.GET.urlencode()}")
    now = clock.now()
    pack = ask_for_pack(
        as_of=read.moment.as_of,
        known_at=read.moment.known_at or now,
        actor=signed_in(request),
        at=now,
    )
    return redirect("audit_pack_request", pack.public_id)


@policy("exchange.pack", roles=PACK_READERS)
def audit_pack_request(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One pack: its progress, then its file and its fingerprints."""
    pack = _offered(request, public_id)
    context = {
        "pack": pack,
        "report": json.loads(pack.report) if pack.report else None,
        "known_at_text": pack.known_at.isoformat(),
        "breadcrumb": [("Dossier d’audit", reverse("audit_pack")), ("Un dossier", "")],
    }
    return render(request, "lms/exchange/pack_request.html", context)


@policy("exchange.pack", roles=PACK_READERS)
def audit_pack_progress(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Polled by the page."""
    pack = _offered(request, public_id)
    finished = pack.made_at is not None
    return JsonResponse(
        {
            "done": int(finished),
            "total": 1,
            "message": "Le dossier est prêt." if finished else "Les fichiers sont en cours d’écriture…",
            "finished": finished,
            "url": reverse("audit_pack_request", args=[pack.public_id]) if finished else "",
        }
    )


@policy("exchange.pack", roles=PACK_READERS)
def audit_pack_download(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The archive, to the person who asked for it."""
    pack = _offered(request, public_id)
    if pack.file is None:
        raise Http404
    return FileResponse(
        documents.open_file(pack.file.sha256),
        as_attachment=True,
        filename=f"dossier-audit-{pack.as_of}.zip",
        content_type=pack.file.media_type,
    )


@policy("exchange.statements", roles=STATEMENT_READERS)
@require_safe
def statements_export(request: HttpRequest) -> HttpResponseBase:
    """The traces of an address as a file, written as they are read; what takes them away is audited."""
    form, file_format = asked_filters(request), request.GET.get("format", "")
    elsewhere = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if not form.is_valid() or file_format not in FORMATS or elsewhere:
        return redirect(f"{reverse('statements_view')}?{urlencode(form.parameters)}")
    now = clock.now()
    write, media_type = FORMATS[file_format]
    if request.method == "HEAD":
        return HttpResponse(content_type=media_type)
    selection = ask_for_statements(user=signed_in(request), asked=form.asked, file_format=file_format, at=now)
    response = StreamingHttpResponse(write(selection), content_type=media_type)
    name = f"traces-{now.astimezone(clock.PARIS):%Y-%m-%d}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _offered(request: HttpRequest, public_id: UUID) -> PackRequest:
    """One’s own pack, for a day."""
    visible = PackRequest.objects.visible_to(signed_in(request)).filter(expires_at__gt=clock.now())
    return get_object_or_404(visible.select_related("file"), public_id=public_id)
