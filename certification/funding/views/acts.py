"""The acts on a claim: each one confirmed on a page of its own, done once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from certification.funding import permissions, services
from certification.funding.enums import CLAIM_WORKFLOW
from certification.funding.forms import PaymentForm, ReasonForm
from certification.funding.models import Claim
from certification.funding.rules import french_euros
from courses.api import Role, idempotent, signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy


def _act(
    request: HttpRequest,
    public_id: UUID,
    *,
    name: str,
    service: Callable[..., Claim],
    form_class: type[forms.Form],
    receipt: str,
    words: dict[str, Any],
) -> HttpResponse:
    """Show what will happen, then do it. Who may never do it gets 404; who may no more is told why."""
    visible = Claim.objects.visible_to(signed_in(request))
    claim = get_object_or_404(visible.select_related("organisation", "order"), public_id=public_id)
    url = reverse("claim", args=[claim.public_id])
    form = form_class(request.POST or None)
    if request.method == "POST":
        if name in {"submit", "cancel"} and not permissions.can_prepare(signed_in(request), claim):
            raise Http404
        if form.is_valid():
            try:
                service(claim_id=claim.pk, actor=signed_in(request), at=clock.now(), **form.cleaned_data)
            except DomainError as error:
                if error.field not in form.fields:
                    raise
                form.add_error(error.field, error.message)
            else:
                messages.success(
                    request, receipt.format(number=claim.number, total=french_euros(claim.total_cents))
                )
                return redirect(url)
    elif name not in permissions.open_acts(signed_in(request), claim):
        if CLAIM_WORKFLOW.allows(name, claim.state):
            raise Http404
        messages.warning(
            request, f"La demande {claim.number} est « {claim.get_state_display()} » : rien à faire ici."
        )
        return redirect(url)
    context = words | {
        "form": form if form.fields else None,
        "facts": _facts(claim),
        "cancel_url": url,
        "breadcrumb": [
            ("Demandes de paiement", reverse("claims")),
            (f"Demande {claim.number}", url),
            (words["title"], ""),
        ],
    }
    return render(request, "shared/confirm.html", context)


def _facts(claim: Claim) -> list[tuple[str, str]]:
    return [
        ("Demande", claim.number),
        ("Organisme", claim.organisation.name),
        ("Période", f"du {claim.start:%d/%m/%Y} au {claim.end:%d/%m/%Y}"),
        ("Bon de commande", claim.order.number),
        ("Total", french_euros(claim.total_cents)),
    ]


@policy("funding.claim_submit", roles={Role.ORGANISATION_MANAGER})
@idempotent
def claim_submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The manager hands the claim in."""
    return _act(
        request,
        public_id,
        name="submit",
        service=services.submit_claim,
        form_class=forms.Form,
        receipt="La demande {number} est déposée : {total}. Le certificateur du service fait est saisi.",
        words={
            "title": "Déposer la demande",
            "submit": "Déposer",
            "consequences": [
                "Les lignes sont figées et leur empreinte est enregistrée.",
                "Le certificateur du service fait de l’ANCT peut attester la demande ou la renvoyer.",
            ],
        },
    )


@policy("funding.claim_cancel", roles={Role.ORGANISATION_MANAGER})
@idempotent
def claim_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The manager gives up a draft, or a claim sent back."""
    return _act(
        request,
        public_id,
        name="cancel",
        service=services.cancel_claim,
        form_class=forms.Form,
        receipt="La demande {number} est annulée. Ses preuves peuvent de nouveau être facturées.",
        words={
            "title": "Annuler la demande",
            "submit": "Annuler la demande",
            "danger": True,
            "consequences": [
                "La demande reste consultable, et ne peut plus être déposée.",
                "Ses preuves peuvent être facturées dans une autre demande.",
            ],
        },
    )


@policy("funding.claim_certify", roles={Role.SERVICE_CERTIFIER})
@idempotent
def claim_certify(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The certifier attests the service fait."""
    return _act(
        request,
        public_id,
        name="certify",
        service=services.certify_service,
        form_class=forms.Form,
        receipt="Le service fait de la demande {number} est attesté : {total} à payer.",
        words={
            "title": "Attester le service fait",
            "submit": "Attester le service fait",
            "consequences": [
                "La dette envers l’organisme est inscrite au grand livre.",
                "Une troisième personne, le payeur, peut payer la demande.",
            ],
        },
    )


@policy("funding.claim_return", roles={Role.SERVICE_CERTIFIER})
@idempotent
def claim_return(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The certifier sends the claim back, with the reason."""
    return _act(
        request,
        public_id,
        name="return",
        service=services.return_claim,
        form_class=ReasonForm,
        receipt="La demande {number} est renvoyée à l’organisme.",
        words={
            "title": "Renvoyer la demande",
            "submit": "Renvoyer à l’organisme",
            "consequences": ["L’organisme annule cette demande et en prépare une autre, corrigée."],
        },
    )


@policy("funding.claim_pay", roles={Role.PAYER})
@idempotent
def claim_pay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The payer records the payment."""
    return _act(
        request,
        public_id,
        name="pay",
        service=services.pay_claim,
        form_class=PaymentForm,
        receipt="Le paiement de la demande {number} est enregistré : {total}.",
        words={
            "title": "Enregistrer le paiement",
            "submit": "Enregistrer le paiement",
            "consequences": [
                "Le paiement est inscrit au grand livre : il ne s’efface pas, il se contre-passe."
            ],
        },
    )
