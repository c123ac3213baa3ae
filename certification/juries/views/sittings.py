"""One candidate before the jury: file, own opinion, deliberation, signature."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from certification.juries.candidate_file import candidate_file
from certification.juries.enums import Appraisal, Outcome
from certification.juries.forms import ConflictForm, DecisionForm, OpinionForm
from certification.juries.models import JuryOpinion, Sitting
from certification.juries.permissions import FILE_READERS, opinions_readable_by, sittings_visible_to
from certification.juries.queries import admissible_opinions, decision_of, report_of, seat_of, why_barred
from certification.juries.services import declare_conflict, give_opinion, sign_decision
from courses.api import Role, idempotent, signed_in
from courses.shared import clock
from courses.shared.errors import DomainError
from courses.shared.policy import policy

OUTCOME_STATES = {
    Outcome.ACQUIRED.value: "passed",
    Outcome.NOT_ACQUIRED.value: "refused",
    Outcome.ABSENT_EXCUSED.value: "excused",
    Outcome.ABSENT_UNEXCUSED.value: "absent",
}


def _one(request: HttpRequest, public_id: Any) -> Sitting:
    visible = sittings_visible_to(signed_in(request)).known()
    related = ("exam_session__block", "candidacy__adviser__user", "candidacy__enrolment__path_version__path")
    return get_object_or_404(visible.select_related(*related), public_id=public_id)


@policy("juries.sitting", roles=FILE_READERS)
@require_safe
def sitting(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file and the evidence; the grid or, once it is given, the deliberation."""
    return _page(request, _one(request, public_id))


def _page(
    request: HttpRequest, one: Sitting, form: OpinionForm | None = None, status: int = 200
) -> HttpResponse:
    session, user = one.exam_session, signed_in(request)
    seat = seat_of(session, user)
    decision = decision_of(one)
    opinions = opinions_readable_by(user, one)
    mine = next((opinion for opinion in opinions if seat and opinion.member_id == seat.pk), None)
    barred = (seat and why_barred(seat, one.candidacy)) or ""
    opened = session.opens_at <= clock.now() < session.closes_at and report_of(session) is None
    may_judge = bool(seat and not barred and opened and not decision)
    counted = len(admissible_opinions(one))
    context = {
        "sitting": one,
        "session": session,
        "candidate": one.candidacy.adviser,
        "file": candidate_file(one.candidacy),
        "seat": seat,
        "barred": barred,
        "opened": opened,
        "mine": mine,
        "form": (form or OpinionForm(block=session.block)) if may_judge and not mine else None,
        "opinions": [(opinion, OUTCOME_STATES[opinion.outcome]) for opinion in opinions],
        "grid": _grid(one, opinions),
        "counted": counted,
        "may_sign": may_judge and mine is not None and counted >= session.quorum,
        "decision": decision,
        "decision_state": OUTCOME_STATES[decision.outcome] if decision else "",
        "deliberated": json.loads(decision.members) if decision else [],
        "breadcrumb": [*_trail(one, "")[:2], (str(one.candidacy.adviser), "")],
    }
    return render(request, "certification/juries/sitting.html", context, status=status)


def _grid(one: Sitting, opinions: list[JuryOpinion]) -> list[tuple[str, list[str]]]:
    """One line for each competence, one column for each opinion."""
    given = [json.loads(opinion.appraisals) for opinion in opinions]
    return [
        (
            str(competency),
            [str(Appraisal(g[competency.code]).label) if competency.code in g else "–" for g in given],
        )
        for competency in one.exam_session.block.competencies.order_by("position")
    ]


@policy("juries.judge", roles={Role.JURY_MEMBER})
@require_POST
@idempotent
def opinion(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give one’s own opinion; a refused grid comes back with what was ticked."""
    one = _one(request, public_id)
    form, status = OpinionForm(request.POST, block=one.exam_session.block), 422
    if form.is_valid():
        try:
            give_opinion(
                sitting=one, outcome=form.cleaned_data["outcome"], appraisals=form.appraisals(),
                comment=form.cleaned_data["comment"], actor=signed_in(request), at=clock.now(),
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, "Votre avis est enregistré. Vous pouvez lire ceux des autres membres.")
            return redirect("sitting", public_id=one.public_id)
    return _page(request, one, form=form, status=status)


@policy("juries.judge", roles={Role.JURY_MEMBER})
@idempotent
def conflict(request: HttpRequest, public_id: str) -> HttpResponse:
    """Declare a conflict of interest, after a confirm page."""
    one = _one(request, public_id)
    member = seat_of(one.exam_session, signed_in(request))
    form, status = ConflictForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid() and member:
        try:
            declare_conflict(
                member=member,
                candidacy=one.candidacy,
                actor=signed_in(request),
                at=clock.now(),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
            status = refusal.status
        else:
            messages.success(
                request, "Votre conflit d’intérêts est déclaré : vous ne jugerez pas ce candidat."
            )
            return redirect("exam_session", public_id=one.exam_session.public_id)
    context = {
        "title": "Déclarer un conflit d’intérêts",
        "text": f"Candidat : {one.candidacy.adviser}",
        "consequences": [
            "Vous ne pourrez ni donner d’avis ni signer de décision sur ce candidat.",
            "Si vous avez déjà donné un avis, il ne comptera plus pour le quorum.",
        ],
        "form": form,
        "submit": "Déclarer ce conflit",
        "danger": True,
        "cancel_url": f"/jurys/passages/{one.public_id}/",
        "breadcrumb": _trail(one, "Conflit d’intérêts"),
    }
    return render(request, "shared/confirm.html", context, status=status)


@policy("juries.judge", roles={Role.JURY_MEMBER})
@idempotent
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign the decision of the jury, after a confirm page."""
    one = _one(request, public_id)
    form, status = DecisionForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            sign_decision(sitting=one, actor=signed_in(request), at=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, f"Décision signée pour {one.candidacy.adviser}.")
            return redirect("exam_session", public_id=one.exam_session.public_id)
    opinions = opinions_readable_by(signed_in(request), one)
    context = {
        "title": f"Signer la décision : {one.candidacy.adviser}",
        "facts": [
            ("Session", one.exam_session.reference),
            ("Bloc", str(one.exam_session.block)),
            (
                "Avis rendus",
                ", ".join(f"{o.member.user} : {o.get_outcome_display().lower()}" for o in opinions),
            ),
        ],
        "consequences": [
            "La décision est signée en votre nom, pour le jury. Elle ne peut plus être modifiée.",
            "Une erreur se corrige par une nouvelle décision, motivée et signée par deux membres.",
            "Elle prendra effet quand le ministère aura validé le procès-verbal.",
        ],
        "form": form,
        "submit": "Signer la décision",
        "cancel_url": f"/jurys/passages/{one.public_id}/",
        "breadcrumb": _trail(one, "Signature"),
    }
    return render(request, "shared/confirm.html", context, status=status)


def _trail(one: Sitting, last: str) -> list[tuple[str, str]]:
    session = one.exam_session
    return [
        ("Jurys", "/jurys/"),
        (session.reference, f"/jurys/{session.public_id}/"),
        (str(one.candidacy.adviser), f"/jurys/passages/{one.public_id}/"),
        (last, ""),
    ]
