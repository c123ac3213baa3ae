"""« Clés du magasin de traces »: which systems may write here, and until when."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format

from courses.outbox.idempotency import idempotent
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.policy import policy
from courses.shared.spreadsheet import csv_bytes
from courses.xapi.keys import create_lrs_key, revoke_lrs_key
from courses.xapi.models import LrsKey

from . import permissions, queries
from .forms import KeyForm, asked_keys

PAGE = 50
CSV_HEADER = (
    "Usage",
    "Identifiant",
    "Organisme",
    "Portées",
    "Créée le",
    "Expire le",
    "Dernier usage",
    "État",
)


@policy("xapi.keys.read", roles=permissions.READERS, methods=["GET"])
def lrs_keys(request: HttpRequest) -> HttpResponse:
    """« Quels systèmes peuvent écrire ici ? »"""
    user, asked, now = signed_in(request), asked_keys(request), clock.now()
    keys = queries.keys_seen_by(user, state=asked.state, text=asked.text, at=now)
    page = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": [queries.key_line(key, now) for key in page],
        "page": page,
        "asked": asked,
        "filtered": bool(asked.state or asked.text),
        "states": queries.KEY_STATES.items(),
        "may_create": user.rights.has(*permissions.KEEPERS),
        "addresses": queries.addresses(),
        "csv_url": _with_query(request, "lrs_keys_csv"),
        "breadcrumb": [("Clés du magasin de traces", "")],
    }
    return render(request, "courses/xapi/keys.html", context)


@policy("xapi.keys.read", roles=permissions.READERS, methods=["GET"])
def lrs_keys_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file (R-51)."""
    asked, now = asked_keys(request), clock.now()
    keys = queries.keys_seen_by(signed_in(request), state=asked.state, text=asked.text, at=now)
    rows = (_cells(queries.key_line(key, now)) for key in keys)
    response = HttpResponse(csv_bytes(CSV_HEADER, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cles-du-magasin-de-traces.csv"'
    return response


def _cells(line: queries.KeyLine) -> tuple[object, ...]:
    key = line.key
    return (
        key.name,
        key.key,
        key.organisation.name,
        " / ".join(line.scopes),
        key.created_at.date().isoformat(),
        key.expires_at.date().isoformat() if key.expires_at else "",
        key.last_used_on.isoformat() if key.last_used_on else "",
        line.state_label,
    )


def _with_query(request: HttpRequest, route: str) -> str:
    query = request.GET.urlencode()
    return reverse(route) + (f"?{query}" if query else "")


@policy("xapi.keys.read", roles=permissions.READERS, methods=["GET"])
def lrs_key(request: HttpRequest, key: str) -> HttpResponse:
    """One key, without its secret."""
    return _key_page(request, _visible(request, key))


@policy("xapi.keys.create", roles=permissions.KEEPERS)
@idempotent
def lrs_key_new(request: HttpRequest) -> HttpResponse:
    """Make a key; its secret is in this one answer, and nowhere else."""
    organisations = permissions.organisations_of(signed_in(request))
    form = KeyForm(request.POST if request.method == "POST" else None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        key, secret = create_lrs_key(
            organisation=form.cleaned_data["organisation"],
            scopes=form.cleaned_data["scopes"],
            lifetime=form.chosen_lifetime,
            name=form.cleaned_data["name"],
            actor=signed_in(request),
            at=clock.now(),
        )
        answer = _key_page(request, key, secret)
        # The same form sent again is led there: the key stands, its secret was shown.
        answer["Location"] = f"{reverse('lrs_key', args=[key.key])}?deja=1"
        return answer
    context = {
        "title": "Créer une clé",
        "lead": "Une clé par système : vous pourrez révoquer l’une sans couper les autres.",
        "form": form,
        "submit": "Créer la clé",
        "idempotent": True,
        "cancel_url": reverse("lrs_keys"),
        "breadcrumb": [("Clés du magasin de traces", reverse("lrs_keys")), ("Créer une clé", "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "shared/form_page.html", context, status=status)


@policy("xapi.keys.revoke", roles=permissions.KEEPERS)
@idempotent
def lrs_key_revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm, then close the key at once."""
    found = _visible(request, key)
    if not permissions.can_revoke(signed_in(request), found):
        raise Http404
    if request.method == "POST":
        revoke_lrs_key(key=found, actor=signed_in(request), at=clock.now())
        messages.success(request, f"La clé « {found.name or found.key} » est révoquée.")
        return redirect("lrs_keys")
    context = {
        "title": "Révoquer cette clé ?",
        "facts": [
            ("Usage", found.name),
            ("Identifiant", found.key),
            ("Organisme", found.organisation.name),
            (
                "Dernier usage",
                date_format(found.last_used_on, "j F Y") if found.last_used_on else "Jamais servi",
            ),
        ],
        "consequences": [
            "Le système qui s’en sert ne peut plus rien envoyer ni lire, dès maintenant.",
            "Les traces déjà reçues restent, avec le nom de cette clé.",
            "Une clé révoquée ne se rouvre pas : il faudra en créer une autre.",
        ],
        "submit": "Révoquer la clé",
        "danger": True,
        "cancel_url": reverse("lrs_key", args=[found.key]),
        "breadcrumb": [
            ("Clés du magasin de traces", reverse("lrs_keys")),
            (found.name or found.key, reverse("lrs_key", args=[found.key])),
            ("Révoquer", ""),
        ],
    }
    return render(request, "shared/confirm.html", context)


def _visible(request: HttpRequest, key: str) -> LrsKey:
    visible = LrsKey.objects.visible_to(signed_in(request)).select_related("organisation")
    return get_object_or_404(visible, key=key)


def _key_page(request: HttpRequest, key: LrsKey, secret: str = "") -> HttpResponse:
    line = queries.key_line(key, clock.now())
    context = {
        "line": line,
        "key": key,
        "secret": secret,
        "again": "deja" in request.GET,
        "addresses": queries.addresses(),
        "may_revoke": line.state != "revoked" and permissions.can_revoke(signed_in(request), key),
        "breadcrumb": [("Clés du magasin de traces", reverse("lrs_keys")), (key.name or key.key, "")],
    }
    answer = render(request, "courses/xapi/keys_one.html", context, status=201 if secret else 200)
    answer["Cache-Control"] = "no-store"
    return answer
