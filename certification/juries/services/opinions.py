"""What one member says: his conflicts of interest, his own opinion."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from certification.candidacies.models import Candidacy
from certification.juries.errors import (
    AlreadyDecidedError,
    BarredMemberError,
    ExamSessionError,
    NotAMemberError,
)
from certification.juries.models import (
    ConflictOfInterest,
    ExamSession,
    JuryDecision,
    JuryMember,
    JuryOpinion,
    Sitting,
)
from certification.juries.queries import decision_of, seat_of, why_barred
from certification.juries.rules import checked_appraisals, checked_outcome, day_of
from courses.api import audit
from courses.models import User
from courses.shared import canonical
from courses.shared.errors import DomainError

from .sessions import refuse_reported


@transaction.atomic
def declare_conflict(
    *, member: JuryMember, candidacy: Candidacy, reason: str, actor: User, at: datetime
) -> ConflictOfInterest:
    """A member says that he must not judge a candidate; what he thought of him no longer counts."""
    if actor != member.user:
        raise NotAMemberError("Chaque membre du jury déclare lui-même ses conflits d’intérêts.")
    if not reason.strip():
        raise DomainError("Dites en quelques mots ce qui vous lie à ce candidat.", field="reason")
    ExamSession.objects.select_for_update(of=("self",)).get(pk=member.exam_session_id)
    if ConflictOfInterest.objects.known().filter(member=member, candidacy=candidacy).exists():
        raise BarredMemberError("Vous avez déjà déclaré ce conflit d’intérêts.")
    decided = JuryDecision.objects.known().filter(
        sitting__candidacy=candidacy, sitting__exam_session=member.exam_session_id
    )
    if decided.exists():
        raise AlreadyDecidedError("La décision est déjà signée : demandez sa correction.")
    conflict = ConflictOfInterest.objects.create(
        member=member, candidacy=candidacy, reason=reason.strip(), valid_on=day_of(at), known_at=at
    )
    after = {"member": str(member.user.public_id), "candidacy": str(candidacy.public_id)}
    audit.record("juries.conflict.declare", actor=actor, target=conflict, at=at, after=after)
    return conflict


@transaction.atomic
def give_opinion(
    *,
    sitting: Sitting,
    outcome: str,
    appraisals: Mapping[str, str],
    comment: str = "",
    actor: User,
    at: datetime,
) -> JuryOpinion:
    """A member’s own opinion, competence by competence, given once and before he sees the others’."""
    session, member = lock_for_member(sitting, actor=actor, at=at)
    if decision_of(sitting):
        raise AlreadyDecidedError("La décision est déjà signée : votre avis n’est plus attendu.")
    if JuryOpinion.objects.known().filter(sitting=sitting, member=member).exists():
        raise AlreadyDecidedError("Vous avez déjà rendu votre avis sur ce candidat.")
    result = checked_outcome(outcome)
    codes = session.block.competencies.values_list("code", flat=True)
    grid = checked_appraisals(result, appraisals, codes)
    opinion = JuryOpinion.objects.create(
        sitting=sitting, member=member, outcome=result, appraisals=canonical.dumps(grid), comment=comment.strip(),
        valid_on=day_of(at), known_at=at,
    )  # fmt: skip
    after = {"sitting": str(sitting.public_id)}
    audit.record("juries.opinion.give", actor=actor, target=opinion, at=at, after=after)
    return opinion


def lock_for_member(sitting: Sitting, *, actor: User, at: datetime) -> tuple[ExamSession, JuryMember]:
    """The session, locked and open, and the seat of `actor`, whom nothing bars from judging this candidate."""
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=sitting.exam_session_id)
    refuse_reported(session)
    if not session.opens_at <= at < session.closes_at:
        raise ExamSessionError(
            f"La session {session} n’est pas ouverte : le jury ne peut ni juger ni signer."
        )
    return session, unbarred_seat(session, sitting.candidacy, actor)


def unbarred_seat(session: ExamSession, candidacy: Candidacy, user: User) -> JuryMember:
    """The seat of a person on this jury, or a refusal that says why he may not judge this candidate."""
    member = seat_of(session, user)
    if member is None:
        raise NotAMemberError("Seuls les membres de ce jury peuvent juger ses candidats.")
    if reason := why_barred(member, candidacy):
        raise BarredMemberError(f"{user} ne peut pas juger ce candidat, car {reason}.")
    return member
