"""The decision of a jury, and its correction by a new row."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from certification.juries.errors import AlreadyDecidedError, CorrectionError, NotAMemberError, QuorumError
from certification.juries.events import DecisionCorrected, decision_corrected
from certification.juries.models import ExamSession, JuryDecision, JuryOpinion, Sitting
from certification.juries.queries import admissible_opinions, decision_of, jury_rule, report_of
from certification.juries.rules import checked_appraisals, checked_outcome, day_of, tally
from certification.juries.statements import tell_decision
from courses.api import audit
from courses.models import User
from courses.shared import canonical

from .opinions import lock_for_member, unbarred_seat


@transaction.atomic
def sign_decision(
    *, sitting: Sitting, outcome: str, comment: str = "", actor: User, at: datetime
) -> JuryDecision:
    """Close the deliberation on one candidate (INV-20): session open, quorum of free members, one decision."""
    session, member = lock_for_member(sitting, actor=actor, at=at)
    if decision_of(sitting):
        raise AlreadyDecidedError("Une décision a déjà été rendue pour ce candidat dans cette session.")
    opinions = admissible_opinions(sitting)
    _refuse_without_quorum(session, opinions)
    if member.pk not in {opinion.member_id for opinion in opinions}:
        raise NotAMemberError(
            "Rendez d’abord votre propre avis : seul un membre qui a délibéré signe la décision."
        )
    result = checked_outcome(outcome)
    grids = [json.loads(opinion.appraisals) for opinion in opinions]
    judged = {code: value for grid in grids for code, value in grid.items()}
    checked_appraisals(result, judged if result in ("acquired", "not_acquired") else {}, _codes(session))
    decision = JuryDecision.objects.create(
        sitting=sitting, outcome=result, members=canonical.dumps(_deliberation(opinions)),
        appraisals=canonical.dumps(tally(grids)), comment=comment.strip(), rule=jury_rule(day_of(at)).name,
        signed_by=actor, valid_on=day_of(at), known_at=at,
    )  # fmt: skip
    tell_decision(decision, at=at)
    after = {"sitting": str(sitting.public_id), "outcome": result.value, "opinions": len(opinions)}
    audit.record("juries.decision.sign", actor=actor, target=decision, at=at, after=after)
    return decision


@transaction.atomic
def correct_decision(
    *, decision: JuryDecision, outcome: str, reason: str, second_author: User, actor: User, at: datetime
) -> JuryDecision:
    """Replace a decision by a new row that names it, says why, and bears two authors of the jury (INV-21)."""
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=decision.sitting.exam_session_id)
    old = JuryDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    result = checked_outcome(outcome)
    _refuse_correction(old, result, reason, second_author, actor, at)
    candidacy = old.sitting.candidacy
    authors = [unbarred_seat(session, candidacy, author).user for author in (actor, second_author)]
    old.superseded_at = at
    old.save(update_fields=["superseded_at"])
    new = JuryDecision.objects.create(
        sitting=old.sitting, outcome=result, members=old.members, appraisals=old.appraisals, comment=old.comment,
        rule=jury_rule(day_of(at)).name, signed_by=authors[0], corrects=old, correction_reason=reason.strip(),
        second_author=authors[1], valid_on=day_of(at), known_at=at,
    )  # fmt: skip
    tell_decision(new, at=at)
    told = DecisionCorrected(old_id=old.pk, new_id=new.pk, actor=actor, at=at)
    decision_corrected.send(sender=JuryDecision, event=told)
    after = {"corrects": str(old.public_id), "outcome": result.value, "second": str(second_author.public_id)}
    audit.record(
        "juries.decision.correct", actor=actor, target=new, at=at, after=after, reason=reason.strip()
    )
    return new


def _codes(session: ExamSession) -> list[str]:
    return list(session.block.competencies.values_list("code", flat=True))


def _refuse_without_quorum(session: ExamSession, opinions: Iterable[JuryOpinion]) -> None:
    given = len(list(opinions))
    if given < session.quorum:
        raise QuorumError(
            f"Le quorum n’est pas atteint : {given} avis recevable{'s' if given > 1 else ''} "
            f"sur {session.quorum} attendus."
        )


def _deliberation(opinions: Iterable[JuryOpinion]) -> list[dict[str, str]]:
    """Who deliberated, each with the seal of his opinion."""
    return [
        {
            "user": str(o.member.user.public_id),
            "name": str(o.member.user),
            "outcome": o.outcome,
            "seal": o.seal,
        }
        for o in opinions
    ]


def _refuse_correction(
    old: JuryDecision, outcome: str, reason: str, second_author: User, actor: User, at: datetime
) -> None:
    if old.superseded_at is not None:
        raise CorrectionError("Cette décision a déjà été corrigée : corrigez la décision en vigueur.")
    if not reason.strip():
        raise CorrectionError("Une correction porte son motif.", field="reason")
    if second_author == actor:
        raise CorrectionError(
            "Une correction est signée par deux personnes distinctes.", field="second_author"
        )
    if outcome == old.outcome:
        raise CorrectionError("La correction ne change pas l’issue : elle est sans objet.", field="outcome")
    report = report_of(old.sitting.exam_session)
    if at <= max(old.known_at, report.known_at if report else old.known_at):
        raise CorrectionError("Une correction vient après la décision et le procès-verbal qu’elle corrige.")
