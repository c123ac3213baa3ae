"""My credentials; those issued; and the public check of a code."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from courses.api import Role, idempotent, signed_in
from courses.models import Adviser
from courses.shared import clock, documents
from courses.shared.errors import DomainError
from courses.shared.policy import PUBLIC, policy

from . import keys
from .codes import normalise
from .enums import PartState, VerificationState
from .forms import CodeForm, RevocationForm
from .models import Credential
from .qr import qr_svg, verify_url
from .services import issue_credential, revoke_credential
from .status import certification_status
from .verification import verify as verification_of
from .verification import verify_code

READERS = {Role.PROGRAMME_MANAGER, Role.AUDITOR}
PART_STATES = {
    PartState.ACQUIRED: "passed",
    PartState.REFUSED: "refused",
    PartState.NOT_CANDIDATE: "todo",
    PartState.SUMMONED: "planned",
    PartState.AWAITING_VALIDATION: "waiting",
    PartState.CANDIDATE: "waiting",
}


@policy("credentials.own", roles={Role.ADVISER})
@require_safe
def my_credentials(request: HttpRequest) -> HttpResponse:
    """« Mon attestation »: the credential with its QR code, or what is still missing."""
    adviser = _own_adviser(request)
    status = certification_status(adviser, as_of=clock.today())
    mine = adviser.credentials.visible_to(signed_in(request)).known().select_related("document__file")
    cards = [_card(credential) for credential in mine.order_by("-known_at")]
    context = {
        "status": status,
        "parts": [(part, PART_STATES[part.state]) for part in status.parts],
        "cards": cards,
        "may_request": status.certified and not any(card["valid"] for card in cards),
        "breadcrumb": [("Mon attestation", "")],
    }
    return render(request, "certification/credentials/my_credentials.html", context)


def _own_adviser(request: HttpRequest) -> Adviser:
    return get_object_or_404(Adviser.objects.visible_to(signed_in(request)), user=signed_in(request))


def _card(credential: Credential) -> dict[str, Any]:
    answer = verification_of(credential)
    document = getattr(credential, "document", None)
    return {
        "credential": credential,
        "answer": answer,
        "valid": answer.state == VerificationState.VALID,
        "state": "valid" if answer.state == VerificationState.VALID else "revoked",
        "file": document.file if document else None,
        "url": verify_url(credential.code),
        "qr": mark_safe(qr_svg(credential.code)),
    }


@policy("credentials.request", roles={Role.ADVISER})
@require_POST
@idempotent
def request_credential(request: HttpRequest) -> HttpResponse:
    """Issue the credential of the person who asks."""
    issue_credential(adviser=_own_adviser(request), actor=signed_in(request), at=clock.now())
    messages.success(request, "Votre attestation est délivrée. Le document PDF sera prêt dans un instant.")
    return redirect("my_credentials")


@policy("credentials.issued", roles=READERS)
@require_safe
def issued_credentials(request: HttpRequest) -> HttpResponse:
    """Every credential issued, latest first."""
    issued = Credential.objects.visible_to(signed_in(request)).select_related("adviser__user", "revocation")
    page = Paginator(issued.order_by("-known_at", "-pk"), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "count": page.paginator.count,
        "may_revoke": Role.PROGRAMME_MANAGER in signed_in(request).rights.roles,
        "breadcrumb": [("Attestations délivrées", "")],
    }
    return render(request, "certification/credentials/issued.html", context)


@policy("credentials.download", roles={Role.ADVISER, *READERS})
@require_safe
def download_credential(request: HttpRequest, public_id: str) -> FileResponse:
    """The PDF, once drawn."""
    credential = get_object_or_404(Credential.objects.visible_to(signed_in(request)), public_id=public_id)
    document = getattr(credential, "document", None)
    if document is None:
        raise Http404
    file = documents.open_file(document.file_id)
    name = f"attestation-{credential.code[:8]}.pdf"
    return FileResponse(file, as_attachment=True, filename=name, content_type=documents.PDF)


@policy("credentials.revoke", roles={Role.PROGRAMME_MANAGER})
@idempotent
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm, then revoke."""
    credential = get_object_or_404(
        Credential.objects.visible_to(signed_in(request)).select_related("adviser__user"), public_id=public_id
    )
    form, status = RevocationForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            revoke_credential(
                credential=credential, actor=signed_in(request), at=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
            status = refusal.status
        else:
            messages.success(request, "Attestation révoquée : la page publique le dit dès maintenant.")
            return redirect("issued_credentials")
    context = {
        "title": f"Révoquer l’attestation de {credential.adviser}",
        "facts": [("Titulaire", credential.adviser), ("Délivrée le", _french(credential))],
        "consequences": [
            "La page de vérification la dira révoquée, avec la date et le motif choisi.",
            "Son code ne servira plus jamais. Une nouvelle attestation en portera un autre.",
        ],
        "form": form,
        "submit": "Révoquer l’attestation",
        "danger": True,
        "cancel_url": "/attestations/delivrees/",
        "breadcrumb": [("Attestations délivrées", "/attestations/delivrees/"), ("Révoquer", "")],
    }
    return render(request, "shared/confirm.html", context, status=status)


def _french(credential: Credential) -> str:
    return f"{credential.valid_on:%d/%m/%Y}"


def _never_indexed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No search engine, no copy kept, no address passed on: a code is a key."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


@policy(PUBLIC)
@require_safe
@_never_indexed
def verify(request: HttpRequest) -> HttpResponse:
    """One field."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify_code", code=normalise(form.cleaned_data["code"]) or "-")
    return render(request, "certification/credentials/verify.html", _frame(form))


@policy(PUBLIC)
@require_safe
@_never_indexed
def verify_one(request: HttpRequest, code: str) -> HttpResponse:
    """A plain answer in three lines; an unknown code and an erased one look the same."""
    answer = verify_code(code)
    known = answer.state != VerificationState.UNKNOWN
    context = {**_frame(CodeForm()), "answer": answer, "state": answer.state.value}
    return render(request, "certification/credentials/verify.html", context, status=200 if known else 404)


def _frame(form: CodeForm) -> dict[str, Any]:
    return {"form": form, "site": settings.LMS_PUBLIC_URL, "breadcrumb": [("Vérifier une attestation", "")]}


@policy(PUBLIC)
@require_safe
def jwks(request: HttpRequest) -> JsonResponse:
    """The issuer’s public keys (RFC 7517)."""
    response = JsonResponse(keys.key_set(), content_type="application/jwk-set+json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@policy(PUBLIC)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116)."""
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    site = settings.LMS_PUBLIC_URL
    lines = [
        f"Contact: {site}/aide/",
        f"Expires: {expires}",
        "Preferred-Languages: fr, en",
        f"Canonical: {site}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
