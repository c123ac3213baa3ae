"""Signing in and out, and the committees that award posts."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format

from courses.outbox.idempotency import idempotent
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import PUBLIC, SIGNED_IN, policy

from .accommodations import declare_accommodation, end_accommodation, own_accommodations_visible_to
from .enums import Role
from .forms import AccommodationEndForm, AccommodationForm, CommitteeForm
from .models import Committee
from .permissions import signed_in
from .queries import departement_codes, posts_of
from .rules import read_committee_file
from .services import import_committee

MAX_FILE_BYTES = 1024 * 1024

login = policy(PUBLIC)(
    LoginView.as_view(template_name="courses/people/login.html", redirect_authenticated_user=True)
)
logout = policy(SIGNED_IN)(LogoutView.as_view())

_READERS = {Role.PROGRAMME_MANAGER, Role.AUDITOR}


@policy("people.committees", roles=_READERS)
def committees(request: HttpRequest) -> HttpResponse:
    """Every committee, with its posts and how many have a structure."""
    rows = (
        Committee.objects.visible_to(signed_in(request))
        .annotate(
            reserved=Count("posts", distinct=True),
            attributed=Count("posts", filter=Q(posts__attachments__isnull=False), distinct=True),
        )
        .order_by("valid_on", "code")
    )
    context = {"committees": rows, "may_record": Role.PROGRAMME_MANAGER in signed_in(request).rights.roles}
    return render(request, "courses/people/committees.html", context)


@policy("people.committees", roles=_READERS)
def committee(request: HttpRequest, code: str) -> HttpResponse:
    """One committee and its posts, each with its structure."""
    one = get_object_or_404(Committee.objects.visible_to(signed_in(request)), code=code)
    return render(request, "courses/people/committee.html", {"committee": one, "posts": posts_of(one)})


@policy("people.committees.record", roles={Role.PROGRAMME_MANAGER})
@idempotent
def committee_new(request: HttpRequest) -> HttpResponse:
    """Record a committee from its file; a bad line refuses the whole file."""
    form = CommitteeForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                recorded = _record(request, form.cleaned_data)
            except DomainError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, refusal.message.split("\n")
                )
                status = refusal.status
            else:
                messages.success(request, f"Comité enregistré : {recorded.posts.count()} postes.")
                return redirect("committee", code=recorded.code)
    context = {
        "title": "Enregistrer un comité",
        "lead": "Une ligne fautive et rien n’est enregistré : corrigez le fichier, puis déposez-le à nouveau.",
        "form": form,
        "idempotent": True,
        "breadcrumb": [("Comités et postes", "/comites/"), ("Enregistrer un comité", "")],
    }
    return render(request, "shared/form_page.html", context, status=status)


def _record(request: HttpRequest, data: dict) -> Committee:
    file = data.pop("file")
    if file.size > MAX_FILE_BYTES:
        raise DomainError("Le fichier dépasse 1 Mo.", field="file")
    lines = read_committee_file(file.read(), departements=departement_codes())
    return import_committee(lines=lines, actor=signed_in(request), at=clock.now(), **data)


@policy("people.accommodations", roles={Role.ADVISER})
@idempotent
def accommodation_new(request: HttpRequest) -> HttpResponse:
    """An adviser says what he needs to follow his training; nobody asks him why."""
    form, status = AccommodationForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                declare_accommodation(
                    adviser=signed_in(request).adviser, actor=signed_in(request), at=clock.now(),
                    **form.cleaned_data,
                )  # fmt: skip
            except DomainError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.status
            else:
                messages.success(request, "Aménagement déclaré : vos formateurs le voient dès maintenant.")
                return redirect(f"{reverse('my_record')}#amenagements")
    context = {
        "title": "De quel aménagement avez-vous besoin ?",
        "lead": "Les formateurs et les responsables des organismes où vous êtes inscrit le verront, sans la raison. "
        "Vous pouvez y mettre fin à tout moment.",
        "form": form,
        "submit": "Déclarer",
        "idempotent": True,
        "cancel_url": reverse("my_record"),
        "breadcrumb": [("Mon parcours", reverse("my_record")), ("Déclarer un aménagement", "")],
    }
    return render(request, "shared/form_page.html", context, status=status)


@policy("people.accommodations", roles={Role.ADVISER})
@idempotent
def accommodation_end(request: HttpRequest, accommodation_id: int) -> HttpResponse:
    """It is not needed any more."""
    found = get_object_or_404(own_accommodations_visible_to(signed_in(request)), pk=accommodation_id)
    form, status = AccommodationEndForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                end_accommodation(
                    accommodation_id=found.pk, actor=signed_in(request), at=clock.now(), **form.cleaned_data
                )
            except DomainError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.status
            else:
                messages.success(request, "L’aménagement prend fin à la date choisie.")
                return redirect(f"{reverse('my_record')}#amenagements")
    context = {
        "title": "Mettre fin à cet aménagement ?",
        "facts": [
            ("Aménagement", found.get_kind_display()),
            ("Précision", found.detail),
            ("Depuis le", date_format(found.start, "j F Y")),
        ],
        "form": form,
        "submit": "Mettre fin",
        "cancel_url": reverse("my_record"),
        "breadcrumb": [("Mon parcours", reverse("my_record")), ("Mettre fin à un aménagement", "")],
    }
    return render(request, "shared/confirm.html", context, status=status)
