"""The report of a session (procès-verbal), and its validation by the ministry."""

from datetime import datetime

from django.db import transaction

from certification.juries.errors import NotAMemberError, ReportError
from certification.juries.models import (
    ExamSession,
    JuryDecision,
    JuryMember,
    JuryReport,
    ReportValidation,
    Sitting,
)
from certification.juries.queries import holds_role, report_of, reported_seals, seat_of, standing_decisions
from certification.juries.rules import day_of
from courses.api import Role, audit
from courses.models import User
from courses.shared import canonical
from courses.shared.errors import AccessDeniedError


@transaction.atomic
def close_report(*, exam_session: ExamSession, actor: User, at: datetime) -> JuryReport:
    """Freeze every decision of a session in one report; after a correction, a new report replaces the former."""
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=exam_session.pk)
    if not (seat_of(session, actor) or holds_role(actor, Role.PROGRAMME_MANAGER, day_of(at))):
        raise NotAMemberError("Le procès-verbal est établi par un membre de ce jury.")
    decisions = standing_decisions(session)
    _refuse_undecided(session, decisions)
    former = report_of(session)
    if former and reported_seals(former) == {str(d.public_id): d.seal for d in decisions}:
        raise ReportError("Le procès-verbal de cette session est déjà établi.")
    if former:
        former.superseded_at = at
        former.save(update_fields=["superseded_at"])
    content = canonical.dumps(_content(session, decisions))
    report = JuryReport.objects.create(
        exam_session=session, content=content, content_hash=canonical.sha256(content), signed_by=actor,
        valid_on=day_of(at), known_at=at,
    )  # fmt: skip
    after = {"session": str(session.public_id), "decisions": len(decisions), "hash": report.content_hash}
    audit.record("juries.report.close", actor=actor, target=report, at=at, after=after)
    return report


@transaction.atomic
def validate_report(*, report: JuryReport, actor: User, at: datetime) -> ReportValidation:
    """The ministry’s representative, who judged nobody in it, makes the decisions of a report effective."""
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=report.exam_session_id)
    report = JuryReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not holds_role(actor, Role.MINISTRY_REPRESENTATIVE, day_of(at)):
        raise AccessDeniedError("Seul un représentant du ministère valide un procès-verbal de jury.")
    if seat_of(session, actor):
        raise ReportError("Vous siégez à ce jury : une autre personne doit valider son procès-verbal.")
    if Sitting.objects.known().filter(exam_session=session, candidacy__adviser__user=actor).exists():
        raise ReportError("Vous êtes candidat dans cette session : une autre personne doit valider.")
    if report.superseded_at is not None:
        raise ReportError("Ce procès-verbal a été remplacé : validez celui qui est en vigueur.")
    if ReportValidation.objects.filter(report=report).exists():
        raise ReportError("Ce procès-verbal est déjà validé.")
    if canonical.sha256(report.content) != report.content_hash:
        raise ReportError(
            "Le contenu de ce procès-verbal ne correspond plus à son empreinte : il est refusé."
        )
    if reported_seals(report) != {str(d.public_id): d.seal for d in standing_decisions(session)}:
        raise ReportError("Une décision a été corrigée depuis : établissez d’abord un nouveau procès-verbal.")
    validation = ReportValidation.objects.create(
        report=report, validated_by=actor, valid_on=day_of(at), known_at=at
    )
    after = {"session": str(session.public_id), "hash": report.content_hash}
    audit.record("juries.report.validate", actor=actor, target=validation, at=at, after=after)
    return validation


def _refuse_undecided(session: ExamSession, decisions: list[JuryDecision]) -> None:
    sittings = Sitting.objects.known().filter(exam_session=session).count()
    if not sittings:
        raise ReportError("Aucun candidat n’a été convoqué à cette session.")
    if missing := sittings - len(decisions):
        plural = "s" if missing > 1 else ""
        raise ReportError(f"Il manque {missing} décision{plural} : chaque passage doit être décidé.")


def _content(session: ExamSession, decisions: list[JuryDecision]) -> dict[str, object]:
    members = JuryMember.objects.known().filter(exam_session=session).select_related("user").order_by("pk")
    return {
        "session": {
            "id": session.public_id, "reference": session.reference, "block": session.block.code,
            "title": session.block.title, "centre": session.centre.name, "place": session.place,
            "opens_at": session.opens_at, "closes_at": session.closes_at, "quorum": session.quorum,
        },
        "members": [{"user": m.user.public_id, "name": str(m.user), "seal": m.seal} for m in members],
        "decisions": [
            {
                "decision": d.public_id, "seal": d.seal, "outcome": d.outcome, "decided_on": d.valid_on,
                "candidate": str(d.sitting.candidacy.adviser), "number": d.sitting.candidacy.adviser.number,
                "signed_by": str(d.signed_by),
            }
            for d in decisions
        ],
    }  # fmt: skip
