"""Traces: what the record store holds, read by people."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses import api as courses
from courses.api import Role, idempotent, signed_in
from courses.models import Statement
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy
from lms.reporting.permissions import READERS, STATEMENT_READERS, voidable_statements_visible_to
from lms.reporting.queries.statement import statement_view as view_of
from lms.reporting.queries.statements import StatementPage, choices_for, statement_page
from lms.reporting.statement_forms import UNKNOWN, StatementFilters, VoidForm

_LARGEST = 2**63 - 1


@policy("reporting.statements", roles=STATEMENT_READERS)
@require_safe
def statements_view(request: HttpRequest) -> HttpResponse:
    """A page of traces, filtered; the address keeps everything."""
    form = asked_filters(request)
    page = StatementPage((), (), None, None)
    before, after = _number(request, "avant"), _number(request, "apres")
    if form.is_valid():
        page = statement_page(
            user=signed_in(request), asked=form.asked, before=before, after=after if before is None else None
        )
    query = _query(form)
    context = {
        "form": form,
        "page": page,
        "unknown": [UNKNOWN[kind] for kind in page.unknown],
        "beyond": before is not None or after is not None,
        "clear_url": reverse("statements_view"),
        "first_url": f"{reverse('statements_view')}?{query}",
        "older_url": f"?{query}&avant={page.older}" if page.older is not None else "",
        "newer_url": f"?{query}&apres={page.newer}" if page.newer is not None else "",
        "export_url": f"{reverse('statements_export')}?{query}",
        "breadcrumb": [("Traces", "")],
    }
    return render(request, "lms/reporting/statements.html", context)


@policy("reporting.statement", roles=STATEMENT_READERS)
@require_safe
def statement_view(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One trace, whole."""
    user = signed_in(request)
    statement = _found(request, uuid)
    may_void = voidable_statements_visible_to(user).filter(pk=statement.pk).exists()
    view = view_of(user=user, statement=statement)
    may_open = READERS & user.rights.roles
    context = {
        "view": view,
        "statement": statement,
        "person_url": reverse("person", args=[view.adviser.number]) if view.adviser and may_open else "",
        "void_url": reverse("statement_void", args=[uuid]) if may_void else "",
        "breadcrumb": [("Traces", reverse("statements_view")), ("Une trace", "")],
    }
    return render(request, "lms/reporting/statement.html", context)


@policy("reporting.statement", roles=STATEMENT_READERS)
@require_safe
def statement_json(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The text, to the letter."""
    response = HttpResponse(_found(request, uuid).raw, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trace-{uuid}.json"'
    return response


@policy("reporting.statement_void", roles={Role.ORGANISATION_MANAGER})
@idempotent
def statement_void(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Confirm, then void."""
    user = signed_in(request)
    statement = get_object_or_404(voidable_statements_visible_to(user, voided=None), uuid=uuid)
    here = reverse("statement_view", args=[uuid])
    if request.method == "GET" and statement.voided_at:
        return redirect(here)
    form, status = VoidForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            courses.void_statement(
                statement=statement, actor=user, at=clock.now(), reason=form.cleaned_data["reason"]
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, "Trace annulée : elle ne compte plus, et reste lisible ici.")
            return redirect(here)
    context = {
        "title": "Annuler cette trace",
        "text": view_of(user=user, statement=statement).sentence,
        "consequences": [
            "La trace ne sera plus servie aux systèmes qui lisent le magasin, et ne comptera plus dans l’avancement.",
            "Son texte reste lisible ici avec la mention « annulée », la date et votre motif.",
            "Une annulation ne s’annule pas : si elle est faite à tort, il faut envoyer une nouvelle trace.",
        ],
        "form": form,
        "submit": "Annuler cette trace",
        "danger": True,
        "cancel_url": here,
        "breadcrumb": [("Traces", reverse("statements_view")), ("Une trace", here), ("Annuler", "")],
    }
    return render(request, "shared/confirm.html", context, status=status)


def asked_filters(request: HttpRequest) -> StatementFilters:
    """The filters of an address, with the choices of the person who asks."""
    user = signed_in(request)
    return StatementFilters(request.GET, choices=choices_for(user), national=user.rights.reads_nation)


def _found(request: HttpRequest, uuid: UUID) -> Statement:
    return get_object_or_404(
        Statement.objects.visible_to(signed_in(request))
        .defer("received")
        .select_related("actor", "verb", "activity", "credential", "organisation"),
        uuid=uuid,
    )


def _query(form: StatementFilters) -> str:
    return urlencode(form.parameters)


def _number(request: HttpRequest, name: str) -> int | None:
    """A number of the stored order; anything else is no number."""
    text = request.GET.get(name, "")
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < _LARGEST else None
    )
