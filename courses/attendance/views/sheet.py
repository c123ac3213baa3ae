"""A sheet: read, shown, marked, signed, closed."""

from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from courses.attendance import permissions, services
from courses.attendance.enums import AbsenceReason, Presence, SheetState
from courses.attendance.forms import AbsenceForm
from courses.attendance.models import AttendanceSheet
from courses.attendance.queries import screens
from courses.attendance.queries.sheets import local_moment, trainer_signatures
from courses.outbox.idempotency import idempotent
from courses.people.permissions import signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy

KEEPERS = permissions.SHEET_KEEPERS
READERS = permissions.SHEET_READERS


@policy("attendance.sheet.read", roles=READERS)
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """« Feuille »: who has signed, who has not, and what is missing to close."""
    return _sheet_page(request, _visible(request, sheet_id))


def _sheet_page(request: HttpRequest, found: AttendanceSheet) -> HttpResponse:
    user = signed_in(request)
    at = clock.now()
    keeps = permissions.can_keep_sheets(user, found.session)
    context = {
        "sheet": found,
        "moment": local_moment(found, day=False),
        "lines": screens.lines_of(found),
        "counter": screens.counter_of(found),
        "trainers": [
            {"name": str(s.signer), "at": s.known_at, "seal": s.seal}
            for s in trainer_signatures(found).select_related("signer").order_by("pk")
        ],
        "missing": screens.missing_of(found, at),
        "closed": found.state == SheetState.CLOSED,
        "keeps": keeps and found.state == SheetState.OPEN,
        "may_sign": found.state == SheetState.OPEN
        and permissions.can_sign_as_trainer(user, found.session, clock.today())
        and not trainer_signatures(found).filter(signer=user).exists(),
        "address": _signing_address(found),
        "code": _code(_signing_address(found)),
        "breadcrumb": [
            ("Émargement", reverse("trainer_today") if keeps else ""),
            (f"Feuille du {found.day:%d/%m/%Y}", ""),
        ],
    }
    return render(request, "courses/attendance/sheet.html", context)


@policy("attendance.sheet.read", roles=READERS)
def sheet_state(request: HttpRequest, sheet_id: UUID) -> JsonResponse:
    """The counter of signatures, asked again and again by the trainer’s screen."""
    counter = screens.counter_of(_visible(request, sheet_id))
    return JsonResponse(
        {
            "signed": counter.signed,
            "total": counter.total,
            "absent": counter.absent,
            "closed": counter.closed,
            "version": counter.version,
        }
    )


@policy("attendance.sheet.code", roles=KEEPERS)
def sheet_code(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """The code full screen, to be shown to the room."""
    found = _kept(request, sheet_id)
    address = _signing_address(found)
    context = {
        "sheet": found,
        "address": address,
        "code": _code(address),
        "counter": screens.counter_of(found),
        "moment": local_moment(found, day=False),
    }
    return render(request, "courses/attendance/code.html", context)


@policy("attendance.sheet.mark", roles=KEEPERS)
@idempotent
def mark_absence(request: HttpRequest, sheet_id: UUID, mark_id: int) -> HttpResponse:
    """The form that notes an absence, its proof, or its correction."""
    found = _kept(request, sheet_id)
    mark = found.marks.select_related("adviser__user").filter(pk=mark_id).first()
    if mark is None:
        raise Http404
    status = 200
    form = AbsenceForm(request.POST if request.method == "POST" else None, presence=mark.presence)
    if request.method == "POST" and form.is_valid():
        presence, reason = form.chosen
        try:
            services.mark_absence(
                sheet_id=found.pk, mark_id=mark.pk, presence=presence, reason=reason,
                actor=signed_in(request), at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, f"{mark.adviser} : c’est noté.")
            return redirect("sheet", found.public_id)
    elif request.method == "POST":
        status = 422
    signed = mark.presence == Presence.PRESENT
    reason = f" ({AbsenceReason(mark.absence_reason).label})" if mark.absence_reason else ""
    context = {
        "title": f"Contester la signature de {mark.adviser}"
        if signed
        else f"Noter l’absence de {mark.adviser}",
        "lead": f"Noté jusqu’ici : {mark.get_presence_display().lower()}{reason}. "
        + ("La signature reste lisible dans la feuille, avec votre contestation." if signed else ""),
        "form": form,
        "submit": "Enregistrer",
        "danger": signed,
        "cancel_url": reverse("sheet", args=[found.public_id]),
        "idempotent": True,
        "breadcrumb": [*_trail(found), (str(mark.adviser), "")],
    }
    return render(request, "shared/form_page.html", context, status=status)


@policy("attendance.sheet.sign", roles=[permissions.Role.TRAINER])
@idempotent
def sign_as_trainer(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """The trainer attests the sheet."""
    found = _kept(request, sheet_id)
    if request.method == "POST":
        signature = services.sign_as_trainer(sheet_id=found.pk, actor=signed_in(request), at=clock.now())
        messages.success(request, f"Vous avez signé la feuille. Empreinte {signature.seal[:12]}…")
        return redirect("sheet", found.public_id)
    counter = screens.counter_of(found)
    context = {
        "title": "Signer la feuille comme formateur",
        "text": "Vous attestez que cette demi-journée a eu lieu et que ces présences sont exactes.",
        "facts": [
            ("Session", found.session.title),
            ("Quand", local_moment(found)),
            ("Présents", f"{counter.signed} sur {counter.total + counter.absent}"),
            ("Absents", str(counter.absent)),
        ],
        "submit": "Je signe",
        "cancel_url": reverse("sheet", args=[found.public_id]),
        "breadcrumb": [*_trail(found), ("Signer", "")],
    }
    return render(request, "shared/confirm.html", context)


@policy("attendance.sheet.close", roles=KEEPERS)
@idempotent
def close_sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """« Clôturer »: tells what is missing, or confirms what cannot be undone."""
    found = _kept(request, sheet_id)
    if request.method == "POST":
        closed = services.close_sheet(sheet_id=found.pk, actor=signed_in(request), at=clock.now())
        messages.success(request, f"La feuille n° {closed.number} est clôturée. Ses heures sont prouvées.")
        return redirect("sheet", found.public_id)
    missing = screens.missing_of(found, clock.now())
    counter = screens.counter_of(found)
    context = {
        "sheet": found,
        "moment": local_moment(found),
        "missing": [{"reason": reason} for reason in missing],
        "facts": [
            ("Session", found.session.title),
            ("Quand", local_moment(found)),
            ("Présents", str(counter.signed)),
            ("Absents", str(counter.absent)),
        ],
        "title": "Clôturer la feuille",
        "breadcrumb": [*_trail(found), ("Clôturer", "")],
        "cancel_url": reverse("sheet", args=[found.public_id]),
        "submit": "Clôturer définitivement",
        "consequences": [
            "Plus rien ne change sur cette feuille, ni présence, ni absence, ni signature.",
            "Les heures des présents comptent dans leur parcours, avec leur preuve.",
            "La feuille prend son numéro dans la chaîne de votre organisme.",
        ],
    }
    template = "courses/attendance/not_yet.html" if missing else "shared/confirm.html"
    return render(request, template, context)


def _visible(request: HttpRequest, sheet_id: UUID) -> AttendanceSheet:
    visible = permissions.staff_sheets_visible_to(signed_in(request))
    return get_object_or_404(
        visible.select_related("session__module__organisation", "session__activity"), public_id=sheet_id
    )


def _kept(request: HttpRequest, sheet_id: UUID) -> AttendanceSheet:
    found = _visible(request, sheet_id)
    if not permissions.can_keep_sheets(signed_in(request), found.session):
        raise Http404
    return found


def _trail(found: AttendanceSheet) -> list[tuple[str, str]]:
    return [
        ("Émargement", reverse("trainer_today")),
        (f"Feuille du {found.day:%d/%m/%Y}", reverse("sheet", args=[found.public_id])),
    ]


def _signing_address(found: AttendanceSheet) -> str:
    return f"{settings.LMS_PUBLIC_URL}{reverse('sign_sheet', args=[found.public_id])}"


def _code(address: str) -> SafeString:
    """The QR code of an address, drawn here: no service, no file."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        dark="#161616", light="#ffffff", omitsize=True, border=3
    )
    return mark_safe(drawn)  # drawn by segno from our own address, never from what a user typed
