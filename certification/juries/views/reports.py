"""The report of a session: drawn up by its jury, validated by the ministry."""

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from certification.juries.enums import Outcome
from certification.juries.models import JuryReport
from certification.juries.permissions import SESSION_READERS, can_close_report, can_validate_report
from certification.juries.queries import report_of
from certification.juries.services import close_report, validate_report
from courses.api import Role, idempotent, signed_in
from courses.shared import clock
from courses.shared.policy import policy

from .sessions import one_session
from .sittings import OUTCOME_STATES

REPORT_READERS = {Role.MINISTRY_REPRESENTATIVE, Role.PROGRAMME_MANAGER, Role.AUDITOR}


@policy("juries.reports", roles=REPORT_READERS)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reports to validate, oldest first, then those that are."""
    standing = (
        JuryReport.objects.visible_to(signed_in(request))
        .known()
        .select_related(
            "exam_session__block", "exam_session__centre", "validation__validated_by", "signed_by"
        )
        .order_by("known_at", "pk")
    )
    rows = [(report, len(json.loads(report.content)["decisions"])) for report in standing]
    context = {
        "waiting": [row for row in rows if not hasattr(row[0], "validation")],
        "validated": [row for row in reversed(rows) if hasattr(row[0], "validation")],
        "breadcrumb": [("Procès-verbaux de jury", "")],
    }
    return render(request, "certification/juries/reports.html", context)


@policy("juries.report", roles=SESSION_READERS)
@require_safe
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """The frozen report of a session."""
    session = one_session(request, public_id)
    drawn = report_of(session)
    if drawn is None:
        raise Http404
    content = json.loads(drawn.content)
    for line in content["decisions"]:
        line["state"], line["label"] = OUTCOME_STATES[line["outcome"]], Outcome(line["outcome"]).label
    validation = getattr(drawn, "validation", None)
    context = {
        "session": session,
        "report": drawn,
        "content": content,
        "validation": validation,
        "may_validate": validation is None and can_validate_report(signed_in(request), drawn),
        "breadcrumb": [
            ("Jurys", "/jurys/"),
            (session.reference, f"/jurys/{session.public_id}/"),
            ("Procès-verbal", ""),
        ],
    }
    return render(request, "certification/juries/report.html", context)


@policy("juries.report.close", roles={Role.JURY_MEMBER, Role.PROGRAMME_MANAGER})
@idempotent
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw up the report, after a confirm page."""
    session = one_session(request, public_id)
    if not can_close_report(signed_in(request), session):
        raise Http404
    if request.method == "POST":
        close_report(exam_session=session, actor=signed_in(request), at=clock.now())
        messages.success(
            request, "Procès-verbal établi. Il attend la validation du représentant du ministère."
        )
        return redirect("jury_report", public_id=session.public_id)
    context = {
        "title": "Établir le procès-verbal",
        "text": f"Session {session.reference} : {session.block}",
        "consequences": [
            "Toutes les décisions de la session sont figées ensemble, avec leur empreinte.",
            "Plus aucun candidat ni aucun membre ne peut être ajouté.",
            "Le représentant du ministère pourra valider : les décisions prendront alors effet.",
        ],
        "submit": "Établir le procès-verbal",
        "cancel_url": f"/jurys/{session.public_id}/",
        "breadcrumb": [
            ("Jurys", "/jurys/"),
            (session.reference, f"/jurys/{session.public_id}/"),
            ("Procès-verbal", ""),
        ],
    }
    return render(request, "shared/confirm.html", context)


@policy("juries.report.validate", roles={Role.MINISTRY_REPRESENTATIVE})
@idempotent
def validate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Validate the report, after a confirm page."""
    session = one_session(request, public_id)
    drawn = report_of(session)
    if drawn is None:
        raise Http404
    if request.method == "POST":
        validate_report(report=drawn, actor=signed_in(request), at=clock.now())
        messages.success(request, "Procès-verbal validé : ses décisions prennent effet aujourd’hui.")
        return redirect("jury_reports")
    decisions = json.loads(drawn.content)["decisions"]
    acquired = sum(1 for line in decisions if line["outcome"] == Outcome.ACQUIRED)
    context = {
        "title": "Valider le procès-verbal",
        "facts": [
            ("Session", session.reference),
            ("Bloc", str(session.block)),
            ("Candidats", len(decisions)),
            ("Bloc acquis", acquired),
            ("Empreinte", drawn.content_hash),
        ],
        "consequences": [
            "Les décisions de ce procès-verbal prennent effet.",
            "La validation est signée en votre nom et ne peut pas être retirée.",
        ],
        "submit": "Valider le procès-verbal",
        "cancel_url": f"/jurys/{session.public_id}/pv/",
        "breadcrumb": [("Procès-verbaux de jury", "/jurys/pv/"), (session.reference, "")],
    }
    return render(request, "shared/confirm.html", context)
