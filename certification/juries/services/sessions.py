"""Opening a session, appointing its jury, summoning its candidates."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from certification.candidacies.models import Candidacy
from certification.juries.enums import Outcome
from certification.juries.errors import AppointmentError, ExamSessionError, SummonsError
from certification.juries.models import ExamSession, JuryDecision, JuryMember, Sitting
from certification.juries.queries import holds_role, jury_rule, report_of, seat_of
from certification.juries.rules import day_of
from certification.qualifications.models import CompetencyBlock
from courses.api import Role, audit
from courses.models import TrainingOrganisation, User
from courses.shared.errors import DomainError


@transaction.atomic
def open_exam_session(
    *,
    block: CompetencyBlock,
    centre: TrainingOrganisation,
    reference: str,
    place: str,
    opens_at: datetime,
    closes_at: datetime,
    quorum: int | None = None,
    actor: User,
    at: datetime,
) -> ExamSession:
    """Plan a session of exam in an approved centre; the quorum is never below the programme’s own."""
    if not centre.approved_centre:
        raise ExamSessionError("Ce centre n’est pas agréé pour les examens.", field="centre")
    if closes_at <= opens_at:
        raise DomainError("La session doit fermer après avoir ouvert.", field="closes_at")
    rule = jury_rule(day_of(opens_at))
    quorum = rule.quorum if quorum is None else quorum
    if quorum < rule.quorum:
        raise DomainError(f"Le quorum ne peut être inférieur à {rule.quorum} membres.", field="quorum")
    if ExamSession.objects.known().filter(reference=reference).exists():
        raise ExamSessionError("Une session d’examen porte déjà ce numéro.", field="reference")
    session = ExamSession.objects.create(
        block=block, centre=centre, reference=reference, place=place, opens_at=opens_at, closes_at=closes_at,
        quorum=quorum, valid_on=day_of(at), known_at=at,
    )  # fmt: skip
    after = {"block": block.code, "quorum": quorum, "rule": rule.name}
    audit.record("juries.session.open", actor=actor, target=session, at=at, after=after)
    return session


@transaction.atomic
def appoint_member(*, exam_session: ExamSession, user: User, actor: User, at: datetime) -> JuryMember:
    """Seat a professional of the trade on the jury of a session."""
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=exam_session.pk)
    refuse_reported(session)
    if not holds_role(user, Role.JURY_MEMBER, day_of(at)):
        raise AppointmentError("Cette personne n’est pas habilitée comme membre de jury.", field="user")
    if seat_of(session, user):
        raise AppointmentError("Cette personne siège déjà à ce jury.", field="user")
    if Sitting.objects.known().filter(exam_session=session, candidacy__adviser__user=user).exists():
        raise AppointmentError(
            "Cette personne est candidate à cette session : elle ne peut la juger.", field="user"
        )
    member = JuryMember.objects.create(exam_session=session, user=user, valid_on=day_of(at), known_at=at)
    after = {"session": str(session.public_id), "user": str(user.public_id)}
    audit.record("juries.member.appoint", actor=actor, target=member, at=at, after=after)
    return member


@transaction.atomic
def summon(*, exam_session: ExamSession, candidacy: Candidacy, actor: User, at: datetime) -> Sitting:
    """Call a candidate before the jury: one open sitting for a candidate and a block (INV-22)."""
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=exam_session.pk)
    Candidacy.objects.select_for_update(of=("self",)).get(pk=candidacy.pk)
    refuse_reported(session)
    _refuse_summons(session, candidacy, at)
    sitting = Sitting.objects.create(
        exam_session=session, candidacy=candidacy, valid_on=day_of(at), known_at=at
    )
    after = {"session": str(session.public_id), "candidacy": str(candidacy.public_id)}
    audit.record("juries.sitting.summon", actor=actor, target=sitting, at=at, after=after)
    return sitting


def _refuse_summons(session: ExamSession, candidacy: Candidacy, at: datetime) -> None:
    if candidacy.superseded_at is not None:
        raise SummonsError("Cette candidature n’est plus ouverte.", field="candidacy")
    if candidacy.block_id != session.block_id:
        raise SummonsError(f"Cette session porte sur {session.block.code} : le candidat vise un autre bloc.")
    if at >= session.closes_at:
        raise SummonsError("Cette session est fermée : convoquez le candidat à une autre.")
    if seat_of(session, candidacy.adviser.user):
        raise SummonsError("Ce candidat siège à ce jury : il ne peut y être jugé.", field="candidacy")
    sittings = Sitting.objects.known().filter(candidacy=candidacy)
    if sittings.filter(exam_session=session).exists():
        raise SummonsError("Ce candidat est déjà convoqué à cette session.", field="candidacy")
    decided = JuryDecision.objects.known().filter(sitting__candidacy=candidacy)
    if waiting := sittings.exclude(pk__in=decided.values("sitting")).select_related("exam_session").first():
        raise SummonsError(f"Ce candidat attend déjà son passage à la session {waiting.exam_session}.")
    if decided.filter(Q(outcome=Outcome.ACQUIRED)).exists():
        raise SummonsError("Le jury a déjà prononcé l’acquisition de ce bloc.", field="candidacy")


def refuse_reported(session: ExamSession) -> None:
    """Nothing is added to a session once its report is drawn up."""
    if report_of(session):
        raise ExamSessionError("Le procès-verbal de cette session est établi : elle ne change plus.")
