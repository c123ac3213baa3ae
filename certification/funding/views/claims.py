"""Lists of claims, the making of one, and the page that everyone shares."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from certification.funding import permissions
from certification.funding.enums import ClaimState
from certification.funding.forms import ClaimFilterForm, PeriodForm
from certification.funding.models import Claim, PurchaseOrder
from certification.funding.queries import (
    ClaimableLine,
    accepted_cents,
    claimable,
    lines_file,
    lines_with_proof,
    totals,
)
from certification.funding.services import build_claim
from courses.api import Role, idempotent, signed_in
from courses.shared import clock, spreadsheet
from courses.shared.errors import DomainError
from courses.shared.policy import policy

from .presentation import (
    STATE_BADGES,
    claim_facts,
    claim_rows,
    life_steps,
    life_timeline,
    line_rows,
    proof_rows,
)

READERS = {
    Role.ORGANISATION_MANAGER, Role.SERVICE_CERTIFIER, Role.PAYER, Role.PROGRAMME_MANAGER, Role.AUDITOR,
}  # fmt: skip
PAGE_SIZE = 25
HEADERS = ["Numéro", "Organisme", "Période", "Bon de commande", {"label": "Total", "numeric": True}]
EXPORT_HEADER = (
    "numero", "organisme", "siret", "du", "au", "bon_de_commande", "etat", "total_euros", "deposee_le",
    "service_fait_le", "payee_le", "empreinte_lignes",
)  # fmt: skip


def csv_response(content: bytes, name: str) -> HttpResponse:
    """A file to save, never to show."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _visible(request: HttpRequest) -> QuerySet[Claim]:
    return Claim.objects.visible_to(signed_in(request)).select_related("organisation", "order__lot__contract")


def _filtered(request: HttpRequest, form: ClaimFilterForm) -> QuerySet[Claim]:
    claims = _visible(request)
    if not form.is_valid():
        return claims
    asked = form.cleaned_data
    if asked["etat"]:
        claims = claims.filter(state=asked["etat"])
    if asked["du"]:
        claims = claims.filter(end__gte=asked["du"])
    if asked["au"]:
        claims = claims.filter(start__lte=asked["au"])
    return claims


@policy("funding.claim_list", roles=READERS)
def claims(request: HttpRequest) -> HttpResponse:
    """« Où en sont les demandes ? »"""
    form = ClaimFilterForm(request.GET or None)
    found = _filtered(request, form) if form.is_bound else _visible(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    sums = totals(found)
    waiting = sum(sums.get(s, 0) for s in (ClaimState.SUBMITTED, ClaimState.CERTIFIED))
    context = {
        "form": form,
        "page": page,
        "count": page.paginator.count,
        "rows": claim_rows(page),
        "headers": [*HEADERS, "État"],
        "drafts": sums.get(ClaimState.DRAFT, 0),
        "waiting": waiting,
        "paid": sums.get(ClaimState.PAID, 0),
        "can_prepare": permissions.claiming_organisations(signed_in(request)).exists(),
        "export_url": f"{reverse('claims_export')}?{request.GET.urlencode()}",
        "breadcrumb": [("Demandes de paiement", "")],
    }
    return render(request, "certification/funding/claims.html", context)


@policy("funding.claim_export", roles=READERS)
def claims_export(request: HttpRequest) -> HttpResponse:
    """The same list, with the same filters, as a file."""
    form = ClaimFilterForm(request.GET or None)
    found = _filtered(request, form) if form.is_bound else _visible(request)
    rows = (
        (
            claim.number, claim.organisation.name, claim.organisation.siret, claim.start.isoformat(),
            claim.end.isoformat(), claim.order.number, claim.get_state_display(),
            spreadsheet.euros(claim.total_cents), _iso(claim.submitted_at), _iso(claim.certified_at),
            _iso(claim.paid_at), claim.lines_hash,
        )
        for claim in found
    )  # fmt: skip
    return csv_response(spreadsheet.csv_bytes(EXPORT_HEADER, rows), "demandes.csv")


def _iso(instant: Any) -> str:
    return instant.astimezone(clock.PARIS).isoformat(timespec="minutes") if instant else ""


def _queue(request: HttpRequest, state: ClaimState, context: dict[str, Any]) -> HttpResponse:
    found = _visible(request).filter(state=state).order_by("submitted_at", "pk").annotate(n=Count("lines"))
    total = found.aggregate(total=Sum("total_cents"))["total"] or 0
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context |= {
        "page": page,
        "count": page.paginator.count,
        "total": total,
        "rows": claim_rows(page, age_from=clock.today()),
        "headers": [*HEADERS, "En attente"],
        "breadcrumb": [("Demandes de paiement", reverse("claims")), (context["title"], "")],
    }
    return render(request, "certification/funding/queue.html", context)


@policy("funding.claim_certify_queue", roles={Role.SERVICE_CERTIFIER})
def claims_to_certify(request: HttpRequest) -> HttpResponse:
    """« Quels services faits attester ? »"""
    return _queue(
        request,
        ClaimState.SUBMITTED,
        {
            "title": "Service fait à attester",
            "lead": "Chaque ligne mène à sa preuve. Attester, c’est dire que la formation demandée a bien eu lieu.",
            "empty": "Aucune demande n’attend d’attestation",
            "empty_text": "Une demande paraît ici dès qu’un organisme de formation la dépose.",
        },
    )


@policy("funding.claim_pay_queue", roles={Role.PAYER})
def claims_to_pay(request: HttpRequest) -> HttpResponse:
    """« Que faut-il payer ? »"""
    return _queue(
        request,
        ClaimState.CERTIFIED,
        {
            "title": "Demandes à payer",
            "lead": "Le service fait de ces demandes est attesté. La plus ancienne vient en tête.",
            "empty": "Aucune demande n’attend de paiement",
            "empty_text": "Une demande paraît ici dès que le certificateur en atteste le service fait.",
        },
    )


@policy("funding.claim_prepare", roles={Role.ORGANISATION_MANAGER})
@idempotent
def claim_new(request: HttpRequest) -> HttpResponse:
    """« Que puis-je facturer ? »: period, lines with the reason of those that are blocked, simulation, draft."""
    form = PeriodForm(request.POST or request.GET or None, user=signed_in(request))
    context: dict[str, Any] = {
        "form": form,
        "breadcrumb": [("Demandes de paiement", reverse("claims")), ("Nouvelle demande", "")],
    }
    if form.is_bound and form.is_valid():
        order = form.cleaned_data["order"]
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        if request.method == "POST":
            try:
                claim = build_claim(
                    organisation=order.lot.contract.organisation,
                    order=order,
                    start=start,
                    end=end,
                    actor=signed_in(request),
                    at=clock.now(),
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(
                    request, f"La demande {claim.number} est prête : relisez-la, puis déposez-la."
                )
                return redirect("claim", public_id=claim.public_id)
        lines = claimable(order.lot.contract.organisation, start, end, order)
        context |= _simulation(order, lines)
    context["steps"] = _making_steps(bool(context.get("lines") is not None))
    return render(request, "certification/funding/claim_new.html", context)


def _simulation(order: PurchaseOrder, lines: Sequence[ClaimableLine]) -> dict[str, Any]:
    free = [line for line in lines if not line.reason_blocked]
    total, accepted = sum(line.amount_cents for line in free), accepted_cents(order)
    left = order.committed_cents - accepted
    return {
        "order": order,
        "lines": lines,
        "free": free,
        "blocked": [line for line in lines if line.reason_blocked],
        "total": total,
        "minutes": sum(line.minutes for line in free),
        "left": left,
        "left_after": left - total,
    }


def _making_steps(simulated: bool) -> list[dict[str, str]]:
    return [
        {"label": "Période", "state": "done" if simulated else "current"},
        {"label": "Lignes et simulation", "state": "current" if simulated else "todo"},
        {"label": "Dépôt", "state": "todo"},
    ]


@policy("funding.claim_read", roles=READERS)
def claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One claim: its life, its lines, and the acts open to this reader."""
    found = get_object_or_404(_visible(request), public_id=public_id)
    lines = list(lines_with_proof(found))
    context = {
        "claim": found,
        "state": STATE_BADGES[ClaimState(found.state)],
        "lines": lines,
        "minutes": sum(line.minutes for line in lines),
        "steps": life_steps(found),
        "events": life_timeline(found),
        "acts": permissions.open_acts(signed_in(request), found),
        "waiting_for": _waiting_for(found),
        "facts": claim_facts(found),
        "returned": found.returns.order_by("-pk").first() if found.state == ClaimState.RETURNED else None,
        "breadcrumb": [("Demandes de paiement", reverse("claims")), (f"Demande {found.number}", "")],
    }
    return render(request, "certification/funding/claim.html", context)


def _waiting_for(claim: Claim) -> str:
    return {
        ClaimState.DRAFT: "Ce brouillon attend d’être déposé par l’organisme de formation.",
        ClaimState.SUBMITTED: "En attente du certificateur du service fait de l’ANCT.",
        ClaimState.CERTIFIED: "En attente du payeur de l’ANCT.",
    }.get(ClaimState(claim.state), "")


@policy("funding.claim_lines", roles=READERS)
def claim_lines(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The file of the lines: after submission, its SHA-256 is the fingerprint shown on the claim."""
    found = get_object_or_404(_visible(request), public_id=public_id)
    return csv_response(lines_file(found), f"{found.number}-lignes.csv")


@policy("funding.claim_proof", roles=READERS)
def claim_proof(request: HttpRequest, public_id: UUID, line_id: int) -> HttpResponse:
    """What one line rests on, reached through its claim only."""
    found = get_object_or_404(_visible(request), public_id=public_id)
    line = next((line for line in lines_with_proof(found) if line.pk == line_id), None)
    if line is None:
        raise Http404
    context = {
        "claim": found,
        "line": line,
        "proof": line.evidence or line.decision,
        "line_rows": line_rows(line),
        "proof_rows": proof_rows(line),
        "breadcrumb": [
            ("Demandes de paiement", reverse("claims")),
            (f"Demande {found.number}", reverse("claim", args=[found.public_id])),
            ("Preuve", ""),
        ],
    }
    return render(request, "certification/funding/proof.html", context)
