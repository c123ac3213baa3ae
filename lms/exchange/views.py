"""Dossier d’audit: two dates, a progress, a file, and how to check it.

Everything here is asked by GET: an auditor writes nothing (INV-39), and a pack is a pure function of its address; what
is kept of the asking is the audit trail and the made file, as for any answer that takes time.
"""

import json
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from courses.api import signed_in
from courses.shared import clock, documents
from courses.shared.policy import policy
from lms.reporting.forms import asked_moment
from lms.reporting.permissions import PACK_READERS

from .models import PackRequest
from .services import ask_for_pack


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


def _offered(request: HttpRequest, public_id: UUID) -> PackRequest:
    """One’s own pack, for a day."""
    visible = PackRequest.objects.visible_to(signed_in(request)).filter(expires_at__gt=clock.now())
    return get_object_or_404(visible.select_related("file"), public_id=public_id)
