"""What a jury and its readers need to know."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from certification.candidacies.models import Candidacy
from certification.programme.models import RuleSet
from courses.models import AttendanceMark, Membership, PlacementAttestation, Signature, User

from .enums import SittingState
from .models import (
    ConflictOfInterest,
    ExamSession,
    JuryDecision,
    JuryMember,
    JuryOpinion,
    JuryReport,
    Sitting,
)

PROGRAMME = "programme"
DEFAULT_QUORUM = 2


@dataclass(frozen=True)
class JuryRule:
    """What the programme asks of a jury, and which version of its rules says so."""

    code: str
    version: int
    quorum: int

    @property
    def name(self) -> str:
        return f"{self.code} v{self.version}"


def programme_rules(day: date, known_at: datetime | None = None) -> RuleSet | None:
    """The programme’s rules on `day`; between two versions the former one still says what a certification is."""
    versions = RuleSet.objects.known(known_at).filter(code=PROGRAMME, start__lte=day)
    return versions.order_by("start", "version").last()


def jury_rule(day: date) -> JuryRule:
    """The rule in force on `day`; without one, two members (domain.md §2.3: a pair of professionals)."""
    rules = programme_rules(day)
    if rules is None:
        return JuryRule("jury", 1, DEFAULT_QUORUM)
    asked = json.loads(rules.content).get("certification", {})
    return JuryRule(rules.code, rules.version, int(asked.get("jury_quorum", DEFAULT_QUORUM)))


def holds_role(user: User, role: str, day: date) -> bool:
    """Does this person hold `role` on `day`?"""
    return Membership.objects.as_of(day).filter(user=user, role=role).exists()


def seat_of(exam_session: ExamSession, user: User) -> JuryMember | None:
    """The seat of a person on the jury of a session."""
    return JuryMember.objects.known().filter(exam_session=exam_session, user=user).first()


def why_trainer(user: User, candidacy: Candidacy) -> str | None:
    """The sentence that says how this person trained the candidate; None when he did not."""
    marks = AttendanceMark.objects.filter(adviser=candidacy.adviser_id).select_related("sheet__session")
    if mark := marks.filter(sheet__session__trainers=user).order_by("day").first():
        return f"cette personne a formé le candidat (session « {mark.sheet.session} », {mark.day:%d/%m/%Y})"
    signatures = Signature.objects.known().filter(role="trainer", signer=user)
    if (
        signed := signatures.filter(sheet__marks__adviser=candidacy.adviser_id)
        .select_related("sheet")
        .first()
    ):
        return f"cette personne a signé comme formateur une feuille du candidat ({signed.sheet.day:%d/%m/%Y})"
    weeks = PlacementAttestation.objects.known().filter(tutor=user, enrolment__adviser=candidacy.adviser_id)
    if week := weeks.first():
        return f"cette personne a été tuteur de stage du candidat (semaine du {week.week:%d/%m/%Y})"
    return None


def why_barred(member: JuryMember, candidacy: Candidacy) -> str | None:
    """Why a member may not judge a candidate, in words that follow « car »; None when he may."""
    if candidacy.adviser.user_id == member.user_id:
        return "nul ne se juge soi-même"
    if ConflictOfInterest.objects.known().filter(member=member, candidacy=candidacy).exists():
        return "un conflit d’intérêts a été déclaré avec ce candidat"
    return why_trainer(member.user, candidacy)


def admissible_opinions(sitting: Sitting) -> list[JuryOpinion]:
    """The opinions that count for the quorum: those of members whom nothing bars, in the order given."""
    opinions = JuryOpinion.objects.known().filter(sitting=sitting, member__superseded_at=None)
    return [
        opinion
        for opinion in opinions.select_related("member__user").order_by("pk")
        if why_barred(opinion.member, sitting.candidacy) is None
    ]


def decision_of(sitting: Sitting) -> JuryDecision | None:
    """The decision that stands on a sitting."""
    return JuryDecision.objects.known().filter(sitting=sitting).select_related("signed_by").first()


def report_of(exam_session: ExamSession) -> JuryReport | None:
    """The report that stands on a session."""
    return JuryReport.objects.known().filter(exam_session=exam_session).select_related("validation").first()


def standing_decisions(exam_session: ExamSession) -> list[JuryDecision]:
    """The decisions that stand in a session, in the order of the sittings."""
    decisions = JuryDecision.objects.known().filter(sitting__exam_session=exam_session)
    return list(
        decisions.select_related("sitting__candidacy__adviser__user", "signed_by").order_by("sitting__pk")
    )


def reported_seals(report: JuryReport) -> dict[str, str]:
    """Decision id → seal, as the report froze them."""
    return {line["decision"]: line["seal"] for line in json.loads(report.content)["decisions"]}


@dataclass(frozen=True)
class SittingRow:
    """One line of « Ma session »."""

    sitting: Sitting
    state: SittingState
    opinions: int
    mine: JuryOpinion | None
    decision: JuryDecision | None
    barred: str


def sitting_rows(exam_session: ExamSession, user: User) -> list[SittingRow]:
    """The candidates of a session in the order of their summons, each with its state for this reader."""
    sittings = list(
        Sitting.objects.known()
        .filter(exam_session=exam_session)
        .select_related("candidacy__adviser__user", "candidacy__block", "exam_session")
        .order_by("pk")
    )
    opinions: dict[int, list[JuryOpinion]] = {}
    for opinion in JuryOpinion.objects.known().filter(sitting__in=sittings).select_related("member"):
        opinions.setdefault(opinion.sitting_id, []).append(opinion)
    decisions = {decision.sitting_id: decision for decision in standing_decisions(exam_session)}
    seat = seat_of(exam_session, user)
    return [_row(s, opinions.get(s.pk, []), decisions.get(s.pk), seat) for s in sittings]


def _row(
    sitting: Sitting, opinions: Iterable[JuryOpinion], decision: JuryDecision | None, seat: JuryMember | None
) -> SittingRow:
    opinions = list(opinions)
    state = SittingState.IN_DELIBERATION if opinions else SittingState.TO_HEAR
    return SittingRow(
        sitting=sitting,
        state=SittingState.DECIDED if decision else state,
        opinions=len(opinions),
        mine=next((o for o in opinions if seat and o.member_id == seat.pk), None),
        decision=decision,
        barred=(seat and why_barred(seat, sitting.candidacy)) or "",
    )
