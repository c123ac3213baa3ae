"""A decision as a statement: class E3, under the authority of the jury."""

from datetime import datetime

from django.conf import settings

from courses import api as training

from .enums import PRESENT, Outcome
from .models import JuryDecision


def tell_decision(decision: JuryDecision, *, at: datetime) -> None:
    """The candidate earned, or failed, the block; an absence is no attempt, so it is no statement.

    The statement bears the decision’s own public id.
    """
    if decision.outcome not in PRESENT:
        return
    session = decision.sitting.exam_session
    candidacy = decision.sitting.candidacy
    acquired = decision.outcome == Outcome.ACQUIRED
    training.record_statement(
        verb="earned" if acquired else "failed",
        actor=candidacy.adviser.user,
        object_iri=f"{settings.LMS_PUBLIC_URL}/xapi/certifications/{session.block.code}",
        object_name=str(session.block),
        object_type="block",
        registration=candidacy.enrolment.registration if candidacy.enrolment else None,
        evidence_class="E3",
        authority=training.Authority.jury(session),
        at=at,
        success=acquired,
        organisation=session.centre,
        uuid=decision.public_id,
    )
