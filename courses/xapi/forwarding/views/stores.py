"""The stores: where statements go, and how each one stands."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from courses.outbox.idempotency import idempotent
from courses.people.enums import Role
from courses.people.models import Organisation
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy
from courses.xapi.forwarding import permissions, queries, services
from courses.xapi.forwarding.forms import EditExternalStoreForm, NewExternalStoreForm
from courses.xapi.models import ExternalStore

READERS = {Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR}
MANAGERS = {Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER}
_TITLE = "Magasins externes"


@policy("xapi.stores", roles=READERS)
def external_stores(request: HttpRequest) -> HttpResponse:
    """Every store with its state in words."""
    user = signed_in(request)
    context = {
        "lines": queries.store_lines(user),
        "may_add": bool(permissions.places(user)),
        "reads_nation": user.rights.reads_nation,
    }
    return render(request, "courses/xapi/external_stores.html", context)


@policy("xapi.stores.manage", roles=MANAGERS)
@idempotent
def external_store_new(request: HttpRequest) -> HttpResponse:
    """Declare a store."""
    user = signed_in(request)
    places = permissions.places(user)
    organisations = Organisation.objects.visible_to(user).filter(pk__in=[pk for pk in places if pk])
    form = NewExternalStoreForm(request.POST or None, organisations=organisations, national=None in places)
    if request.method == "POST" and form.is_valid():
        try:
            store = services.create_external_store(actor=user, at=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, f"Les traces partiront vers « {store.name} » dans quelques secondes.")
            return redirect("external_stores")
    lead = "Les traces y sont envoyées telles qu’elles sont enregistrées, dans leur ordre, au fil de l’eau."
    return _form_page(request, form, "Ajouter un magasin externe", lead)


@policy("xapi.stores.manage", roles=MANAGERS)
@idempotent
def external_store_edit(request: HttpRequest, store_id: int) -> HttpResponse:
    """Change a store; its secret is never shown."""
    store = _managed(request, store_id)
    initial = {
        "name": store.name, "endpoint": store.endpoint, "key": store.key, "verbs": store.verbs,
        "classes": store.classes.split(),
    }  # fmt: skip
    form = EditExternalStoreForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_external_store(
                store_id=store.pk, actor=signed_in(request), at=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            _explain(form, refusal)
        else:
            messages.success(
                request, f"« {store.name} » est modifié. L’envoi est essayé de nouveau tout de suite."
            )
            return redirect("external_stores")
    lead = f"Nom court : {store.code}. Traces envoyées : {store.organisation or 'toutes les organisations'}."
    return _form_page(request, form, f"Modifier {store.name}", lead)


@policy("xapi.stores.manage", roles=MANAGERS)
@idempotent
def external_store_stop(request: HttpRequest, store_id: int) -> HttpResponse:
    """Nothing leaves any more, until it is started again."""
    store = _visible(request, store_id)
    if not permissions.can_stop_store(signed_in(request), store):
        raise Http404
    if request.method == "POST":
        services.set_active(store_id=store.pk, active=False, actor=signed_in(request), at=clock.now())
        messages.success(request, f"« {store.name} » est arrêté : plus aucune trace n’y part.")
        return redirect("external_stores")
    consequences = [
        "Plus aucune trace ne part vers ce magasin.",
        "Rien n’est perdu : à la remise en marche, l’envoi reprend où il s’est arrêté.",
        "Ce qui a déjà été envoyé y reste.",
    ]
    return _confirm(request, store, "Arrêter", consequences)


@policy("xapi.stores.manage", roles=MANAGERS)
@idempotent
def external_store_start(request: HttpRequest, store_id: int) -> HttpResponse:
    """Resume where it stopped."""
    store = _managed(request, store_id)
    if request.method == "POST":
        services.set_active(store_id=store.pk, active=True, actor=signed_in(request), at=clock.now())
        messages.success(request, f"« {store.name} » est en marche : l’envoi reprend où il s’est arrêté.")
        return redirect("external_stores")
    consequences = [
        "Les traces enregistrées depuis l’arrêt partent dans leur ordre, puis les nouvelles au fil de l’eau."
    ]
    return _confirm(request, store, "Remettre en marche", consequences)


def _visible(request: HttpRequest, store_id: int) -> ExternalStore:
    visible = ExternalStore.objects.visible_to(signed_in(request)).select_related("organisation")
    return get_object_or_404(visible, pk=store_id)


def _managed(request: HttpRequest, store_id: int) -> ExternalStore:
    store = _visible(request, store_id)
    if not permissions.can_manage_store(signed_in(request), store):
        raise Http404
    return store


def _explain(form: django_forms.Form, refusal: DomainError) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _form_page(request: HttpRequest, form: django_forms.Form, title: str, lead: str) -> HttpResponse:
    context = {
        "title": title,
        "lead": lead,
        "form": form,
        "idempotent": True,
        "cancel_url": reverse("external_stores"),
        "breadcrumb": [(_TITLE, reverse("external_stores")), (title, "")],
    }
    return render(request, "shared/form_page.html", context, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, store: ExternalStore, act: str, consequences: list[str]) -> HttpResponse:
    facts: list[tuple[str, Any]] = [
        ("Magasin", store.name),
        ("Adresse", store.endpoint),
        ("Organisation", store.organisation or "Toutes les organisations"),
    ]
    context = {
        "title": f"{act} « {store.name} »",
        "submit": act,
        "facts": facts,
        "consequences": consequences,
        "cancel_url": reverse("external_stores"),
        "breadcrumb": [(_TITLE, reverse("external_stores")), (act, "")],
    }
    return render(request, "shared/confirm.html", context)
