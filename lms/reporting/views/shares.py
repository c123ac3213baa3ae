"""Links that an adviser gives: he makes and stops them here; whoever holds one reads what he chose."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.api import (
    LIFETIMES,
    Role,
    ShareScope,
    create_share,
    idempotent,
    is_open,
    note_reading,
    revoke_share,
    share_of,
    shares_visible_to,
    signed_in,
)
from courses.models import RecordShare
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import PUBLIC, policy
from courses.templatetags.lms_format import french_date
from lms.reporting.queries.record import record_of
from lms.reporting.rules import Moment

from .record import shared_parts

SHOWN = 50


class ShareForm(forms.Form):
    """What, to whom, until when."""

    label = forms.CharField(
        label="À qui ce lien est-il destiné ?",
        max_length=120,
        help_text="Vous seul verrez ce nom, dans votre liste.",
    )
    scopes = forms.MultipleChoiceField(
        label="Que montrera-t-il ?",
        choices=ShareScope,
        widget=forms.CheckboxSelectMultiple,
        help_text="Votre nom et les parties choisies, rien d’autre : ni score, ni adresse, ni date de naissance.",
    )
    days = forms.TypedChoiceField(
        label="Combien de temps ?",
        choices=[(days, f"{days}\u00a0jours") for days in LIFETIMES],
        coerce=int,
        initial=LIFETIMES[1],
        widget=forms.RadioSelect,
    )


@policy("reporting.shares", roles={Role.ADVISER})
@idempotent
def my_shares(request: HttpRequest) -> HttpResponse:
    """The links given, and a new one: its address is in this one answer, and nowhere else."""
    form, status = ShareForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                share, token = create_share(
                    adviser=signed_in(request).adviser, actor=signed_in(request), at=clock.now(),
                    **form.cleaned_data,
                )  # fmt: skip
            except DomainError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.status
            else:
                url = f"{settings.LMS_PUBLIC_URL}{reverse('share', args=[token])}"
                answer = _shares_page(request, ShareForm(), 201, made=share, url=url)
                # The same form sent again is led there: the link stands, its address was shown.
                answer["Location"] = f"{reverse('my_shares')}?deja=1"
                return answer
    return _shares_page(request, form, status)


def _shares_page(
    request: HttpRequest, form: ShareForm, status: int, made: RecordShare | None = None, url: str = ""
) -> HttpResponse:
    now = clock.now()
    shares = shares_visible_to(signed_in(request))[:SHOWN]
    context = {
        "form": form,
        "made": made,
        "url": url,
        "again": "deja" in request.GET,
        "lines": [_line(share, is_open(share, now)) for share in shares],
        "breadcrumb": [("Mon parcours", reverse("my_record")), ("Mes partages", "")],
    }
    answer = render(request, "lms/record/shares.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _line(share: RecordShare, open_now: bool) -> dict[str, Any]:
    if share.revoked_at:
        state, label = "closed", "Arrêté"
    else:
        state, label = ("open", "Ouvert") if open_now else ("expired", "Terminé")
    return {
        "share": share,
        "open": open_now,
        "state": state,
        "label": label,
        "scopes": [ShareScope(scope).label for scope in share.scopes.split()],
    }


@policy("reporting.shares.stop", roles={Role.ADVISER})
@idempotent
def share_stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Confirm, then stop at once."""
    share = get_object_or_404(shares_visible_to(signed_in(request)), public_id=public_id)
    if request.method == "POST":
        revoke_share(share_id=share.pk, actor=signed_in(request), at=clock.now())
        messages.success(request, f"Le lien pour « {share.label} » ne montre plus rien.")
        return redirect("my_shares")
    context = {
        "title": "Arrêter ce partage ?",
        "facts": [
            ("Destinataire", share.label),
            ("Créé le", french_date(share.created_at)),
            ("Fin prévue", french_date(share.expires_at)),
            ("Dernière lecture", french_date(share.last_read_at) or "Jamais lu"),
        ],
        "consequences": ["Le lien ne montre plus rien, dès maintenant.", "Il ne pourra pas être rouvert."],
        "submit": "Arrêter",
        "danger": True,
        "cancel_url": reverse("my_shares"),
        "breadcrumb": [
            ("Mon parcours", reverse("my_record")),
            ("Mes partages", reverse("my_shares")),
            ("Arrêter", ""),
        ],
    }
    return render(request, "shared/confirm.html", context)


@policy(PUBLIC, methods=["GET"])
@require_safe
def share(request: HttpRequest, token: str) -> HttpResponse:
    """What the adviser chose to show, while the link is open; else one sentence, whatever the reason."""
    now, found = clock.now(), share_of(token)
    if found is None or not is_open(found, now):
        # 410: it was, and is over. What was erased and what never was are the same 404.
        answer = render(request, "lms/record/share_over.html", status=404 if found is None else 410)
    else:
        if request.method == "GET" and found.adviser.user_id != request.user.pk:
            note_reading(found, now)
        record = record_of(found.adviser, Moment(clock.today()))
        parts = shared_parts(record, set(found.scopes.split()))
        context = {**parts, "expires_at": found.expires_at, "site": settings.LMS_PUBLIC_URL}
        answer = render(request, "lms/record/share.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
