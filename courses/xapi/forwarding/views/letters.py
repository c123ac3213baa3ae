"""The statements that another store refused: why, and what to do about each."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from courses.outbox.idempotency import idempotent
from courses.people.permissions import signed_in
from courses.shared import clock, spreadsheet
from courses.shared.errors import DomainError
from courses.shared.policy import policy
from courses.xapi.forwarding import permissions, services
from courses.xapi.forwarding.forms import DeadLetterFilterForm, DropForm
from courses.xapi.forwarding.queries import ASKED_AGAIN
from courses.xapi.models import DeadLetter, DeadLetterState, ExternalStore

from .stores import MANAGERS, READERS

PAGE_SIZE = 50
EXPORT_HEADER = ("trace", "numero", "verbe", "refusee_le", "etat", "reponse", "cause", "reglee_le")
_BADGES = {
    DeadLetterState.DEAD: "refused",
    DeadLetterState.SENT: "valid",
    DeadLetterState.DROPPED: "cancelled",
}
_CHOICES = {
    "": Q(state=DeadLetterState.DEAD) & ~Q(status=ASKED_AGAIN),
    "demandees": Q(state=DeadLetterState.DEAD, status=ASKED_AGAIN),
    "renvoyees": Q(state=DeadLetterState.SENT),
    "abandonnees": Q(state=DeadLetterState.DROPPED),
    "toutes": Q(),
}


@policy("xapi.letters", roles=READERS)
def dead_letters(request: HttpRequest, store_id: int) -> HttpResponse:
    """What one store refused, with the cause of each."""
    store = _store(request, store_id)
    form = DeadLetterFilterForm(request.GET or None)
    found = _filtered(store, form)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    may_manage = permissions.can_manage_store(signed_in(request), store)
    dead = store.dead_letters.filter(_CHOICES[""]).count()
    context = {
        "store": store,
        "form": form,
        "page": page,
        "count": page.paginator.count,
        "lines": [(letter, *badge(letter)) for letter in page],
        "filtered": bool(request.GET.get("etat") or request.GET.get("cause")),
        "may_replay": may_manage and store.active and dead > 0,
        "export_url": f"{reverse('dead_letters_export', args=[store.pk])}?{request.GET.urlencode()}",
        "breadcrumb": [("Magasins externes", reverse("external_stores")), (store.name, "")],
    }
    return render(request, "courses/xapi/dead_letters.html", context)


@policy("xapi.letters", roles=READERS)
def dead_letters_export(request: HttpRequest, store_id: int) -> HttpResponse:
    """The same list, with the same filters, as a file."""
    store = _store(request, store_id)
    rows = (
        (
            str(one.statement.uuid), one.statement_id, one.statement.verb.iri, _iso(one.at), badge(one)[1],
            one.status or None, one.cause, _iso(one.settled_at),
        )
        for one in _filtered(store, DeadLetterFilterForm(request.GET or None)).iterator(500)
    )  # fmt: skip
    content = spreadsheet.csv_bytes(EXPORT_HEADER, rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="traces-refusees-{store.code}.csv"'
    return response


@policy("xapi.letters", roles=READERS)
def dead_letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One refused statement: the answer, and its text as it was sent."""
    letter = _letter(request, letter_id)
    manages = permissions.can_manage_store(signed_in(request), letter.store)
    state, word = badge(letter)
    open_still = letter.state == DeadLetterState.DEAD
    context = {
        "letter": letter,
        "state": state,
        "word": word,
        "may_replay": manages and open_still and letter.status != ASKED_AGAIN and letter.store.active,
        "may_drop": manages and open_still,
        "facts": _facts(letter),
        "breadcrumb": _breadcrumb(letter, "Trace refusée"),
    }
    return render(request, "courses/xapi/dead_letter.html", context)


@policy("xapi.letters.settle", roles=MANAGERS, methods=("POST",))
@require_POST
@idempotent
def dead_letter_replay(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Send one again."""
    letter = _managed(request, letter_id)
    services.replay_dead_letter(letter_id=letter.pk, actor=signed_in(request), at=clock.now())
    messages.success(request, "Le renvoi est demandé : il part dans quelques secondes.")
    return redirect("dead_letter", letter.pk)


@policy("xapi.letters.settle", roles=MANAGERS)
@idempotent
def dead_letter_drop(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Give one up, with a reason."""
    letter = _managed(request, letter_id)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.drop_dead_letter(
                letter_id=letter.pk, actor=signed_in(request), at=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, "La trace est abandonnée pour ce magasin ; elle reste dans le nôtre.")
            return redirect("dead_letters", letter.store_id)
    context = {
        "title": "Abandonner l’envoi de cette trace",
        "submit": "Abandonner",
        "danger": True,
        "form": form,
        "facts": _facts(letter)[:4],
        "consequences": [
            "La trace ne sera plus proposée à ce magasin.",
            "Elle reste dans notre magasin de traces, inchangée.",
        ],
        "cancel_url": reverse("dead_letter", args=[letter.pk]),
        "breadcrumb": _breadcrumb(letter, "Abandonner"),
    }
    return render(request, "shared/confirm.html", context, status=422 if form.errors else 200)


@policy("xapi.letters.settle", roles=MANAGERS)
@idempotent
def dead_letters_replay(request: HttpRequest, store_id: int) -> HttpResponse:
    """Send all of them again."""
    store = _store(request, store_id)
    if not permissions.can_manage_store(signed_in(request), store):
        raise Http404
    url = reverse("dead_letters", args=[store.pk])
    if request.method == "POST":
        count = services.replay_all_dead_letters(store_id=store.pk, actor=signed_in(request), at=clock.now())
        s = "s" if count > 1 else ""
        messages.success(
            request, f"{count} renvoi{s} demandé{s} : chaque trace aura sa réponse dans cette liste."
        )
        return redirect(url)
    count = store.dead_letters.filter(_CHOICES[""]).count()
    context = {
        "title": "Tout renvoyer",
        "submit": "Tout renvoyer",
        "facts": [("Magasin", store.name), ("Traces refusées", count)],
        "consequences": [
            "Chaque trace refusée est envoyée de nouveau, une par une, dans l’ordre où elle a été enregistrée.",
            "Celles que le magasin refuse encore restent dans la liste, avec leur nouvelle cause.",
        ],
        "cancel_url": url,
        "breadcrumb": [
            ("Magasins externes", reverse("external_stores")), (store.name, url), ("Tout renvoyer", "")
        ],
    }  # fmt: skip
    return render(request, "shared/confirm.html", context)


def badge(letter: DeadLetter) -> tuple[str, str]:
    """The state of a letter: badge and word."""
    if letter.state == DeadLetterState.DEAD and letter.status == ASKED_AGAIN:
        return "waiting", "Renvoi demandé"
    return _BADGES[DeadLetterState(letter.state)], letter.get_state_display()


def _store(request: HttpRequest, store_id: int) -> ExternalStore:
    return get_object_or_404(ExternalStore.objects.visible_to(signed_in(request)), pk=store_id)


def _letter(request: HttpRequest, letter_id: int) -> DeadLetter:
    visible = permissions.dead_letters_visible_to(signed_in(request))
    return get_object_or_404(visible.select_related("store__organisation", "statement__verb"), pk=letter_id)


def _managed(request: HttpRequest, letter_id: int) -> DeadLetter:
    letter = _letter(request, letter_id)
    if not permissions.can_manage_store(signed_in(request), letter.store):
        raise Http404
    return letter


def _filtered(store: ExternalStore, form: DeadLetterFilterForm) -> QuerySet[DeadLetter]:
    values = form.cleaned_data if form.is_bound and form.is_valid() else {}
    wanted = _CHOICES[values.get("etat", "")]
    if text := values.get("cause", "").strip():
        named = Q(cause__icontains=text)
        with suppress(ValueError):
            named |= Q(statement__uuid=UUID(text))
        wanted &= named
    found = store.dead_letters.filter(wanted).select_related("statement__verb")
    return found.defer("statement__raw", "statement__received")


def _facts(letter: DeadLetter) -> list[Any]:
    rows: list[Any] = [
        ("Trace", str(letter.statement.uuid)),
        ("Verbe", letter.statement.verb.iri),
        ("Magasin", letter.store.name),
        ("Cause", letter.cause),
        ("Refusée le", _day_and_hour(letter.at)),
        ("Version xAPI", letter.statement.version),
    ]
    if letter.settled_at:
        rows.append((f"{letter.get_state_display()} le", _day_and_hour(letter.settled_at)))
    return rows


def _breadcrumb(letter: DeadLetter, here: str) -> list[tuple[str, str]]:
    return [
        ("Magasins externes", reverse("external_stores")),
        (letter.store.name, reverse("dead_letters", args=[letter.store_id])),
        (here, ""),
    ]


def _day_and_hour(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y \\à G\u00a0\\h\u00a0i")


def _iso(instant: Any) -> str:
    return instant.astimezone(clock.PARIS).isoformat(timespec="minutes") if instant else ""
