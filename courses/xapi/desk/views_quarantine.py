"""« Noms inconnus »: whom and what other systems name, and who or what it is here."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from courses.outbox.idempotency import idempotent
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy
from courses.shared.spreadsheet import csv_bytes
from courses.xapi import quarantine as services
from courses.xapi.models import QuarantineEntry, QuarantineState

from . import permissions, queries
from .forms import ALL, ActorForm, Asked, IgnoreForm, ReopenForm, asked_names, attach_form

PAGE = 50
CSV_HEADER = (
    "Nom", "Nature", "Organisme", "Vu d’abord le", "Traces", "État", "Rattaché à", "Décidé par", "Décidé le", "Motif",
)  # fmt: skip
Act = Callable[[Any], QuarantineEntry]


@policy("xapi.quarantine.read", roles=permissions.READERS, methods=["GET"])
def quarantine(request: HttpRequest) -> HttpResponse:
    """« Quels noms ne connaissons-nous pas ? »"""
    asked = asked_names(request)
    page = Paginator(_names(request, asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": queries.name_lines(page),
        "page": page,
        "asked": asked,
        "filtered": asked != Asked(QuarantineState.OPEN.value, ""),
        "any": page.paginator.count or QuarantineEntry.objects.visible_to(signed_in(request)).exists(),
        "states": [*QuarantineState.choices, (ALL, "Tous")],
        "kinds": queries.KINDS.items(),
        "csv_url": f"{reverse('quarantine_csv')}?{request.GET.urlencode()}",
        "all_url": f"{reverse('quarantine')}?etat={ALL}",
        "breadcrumb": [("Noms inconnus", "")],
    }
    return render(request, "courses/xapi/quarantine.html", context)


@policy("xapi.quarantine.read", roles=permissions.READERS, methods=["GET"])
def quarantine_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file (R-51)."""
    lines = queries.name_lines(_names(request, asked_names(request)))
    response = HttpResponse(csv_bytes(CSV_HEADER, map(_cells, lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="noms-inconnus.csv"'
    return response


def _names(request: HttpRequest, asked: Asked) -> Any:
    state = "" if asked.state == ALL else asked.state
    return queries.names_seen_by(signed_in(request), state=state, kind=asked.kind, text=asked.text)


def _cells(line: queries.NameLine) -> tuple[object, ...]:
    entry = line.entry
    return (
        line.name,
        line.kind_label,
        entry.organisation.name,
        entry.first_seen_at.date().isoformat(),
        line.statements,
        entry.get_state_display(),
        line.attached_to,
        entry.decided_by or "",
        entry.decided_at.date().isoformat() if entry.decided_at else "",
        entry.reason,
    )


@policy("xapi.quarantine.read", roles=permissions.READERS, methods=["GET"])
def quarantine_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """« Qui est-ce ? », « Qu’est-ce que c’est ? »: what names it, and what may be decided."""
    return _page(request, _visible(request, entry_id))


@policy("xapi.quarantine.decide", roles=permissions.KEEPERS, methods=["POST"])
@require_POST
@idempotent
def quarantine_attach(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Say who or what it is."""
    entry = _decidable(request, entry_id)
    form = attach_form(entry, request.POST)

    def act(given: Any) -> QuarantineEntry:
        common: dict[str, Any] = _act(request, entry, given)
        if isinstance(form, ActorForm):
            return services.attach_actor(user=services.find_adviser(given["person"]), **common)
        return services.attach_activity(known_activity=given["known_activity"], **common)

    return _answer(request, entry, form, act, "C’est noté : ce nom est rattaché.", "attach")


@policy("xapi.quarantine.decide", roles=permissions.KEEPERS, methods=["POST"])
@require_POST
@idempotent
def quarantine_ignore(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Leave it aside."""
    entry = _decidable(request, entry_id)
    form = IgnoreForm(request.POST, auto_id="ignore_%s")

    def act(given: Any) -> QuarantineEntry:
        return services.ignore(**_act(request, entry, given))

    return _answer(request, entry, form, act, "C’est noté : ce nom est ignoré.", "ignore")


@policy("xapi.quarantine.decide", roles=permissions.KEEPERS, methods=["POST"])
@require_POST
@idempotent
def quarantine_reopen(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take a decision back."""
    entry = _decidable(request, entry_id)
    form = ReopenForm(request.POST, auto_id="reopen_%s")

    def act(given: Any) -> QuarantineEntry:
        return services.reopen(**_act(request, entry, given))

    return _answer(request, entry, form, act, "Ce nom est de nouveau à examiner.", "reopen")


def _act(request: HttpRequest, entry: QuarantineEntry, given: Any) -> dict[str, Any]:
    return {
        "entry_id": entry.pk, "actor": signed_in(request), "at": clock.now(), "reason": given["reason"],
    }  # fmt: skip


def _answer(
    request: HttpRequest, entry: QuarantineEntry, form: Form, act: Act, done: str, name: str
) -> HttpResponse:
    """Act and go back to the name; or the page again, with what was typed and why it was refused."""
    status = 422
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, done)
            return redirect("quarantine_entry", entry.pk)
    return _page(request, entry, {f"{name}_form": form}, status)


def _visible(request: HttpRequest, entry_id: int) -> QuarantineEntry:
    visible = queries.names_seen_by(signed_in(request), state="", kind="", text="")
    return get_object_or_404(visible, pk=entry_id)


def _decidable(request: HttpRequest, entry_id: int) -> QuarantineEntry:
    entry = _visible(request, entry_id)
    if not services.can_decide(signed_in(request), entry.organisation_id):
        raise Http404
    return entry


def _page(
    request: HttpRequest, entry: QuarantineEntry, forms: dict[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    line = queries.name_lines([entry])[0]
    may_decide = services.can_decide(signed_in(request), entry.organisation_id)
    is_open = entry.state == QuarantineState.OPEN
    context: dict[str, Any] = {
        "line": line,
        "entry": entry,
        "title": "Qui est-ce ?" if entry.actor_id else "De quelle activité s’agit-il ?",
        "statements": queries.latest_statements(entry, signed_in(request)),
        "may_attach": may_decide and is_open,
        "may_reopen": may_decide and not is_open,
        "attach_form": attach_form(entry),
        "ignore_form": IgnoreForm(auto_id="ignore_%s"),
        "reopen_form": ReopenForm(auto_id="reopen_%s"),
        "breadcrumb": [("Noms inconnus", reverse("quarantine")), (line.kind_label, "")],
    }
    return render(request, "courses/xapi/quarantine_entry.html", context | (forms or {}), status=status)
