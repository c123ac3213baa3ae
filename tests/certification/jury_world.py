"""A small jury for tests, made through the services. All persons are plainly fictional."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import uuid4

from certification import api
from certification.models import (
    Candidacy,
    CompetencyBlock,
    ExamSession,
    JuryMember,
    JuryReport,
    PixResult,
    Sitting,
)
from courses import api as training
from courses.models import Adviser, TrainingOrganisation, User
from tests.factories import NOON, a_training_organisation, a_user, an_adviser, root

_numbers = count(1)
DAY = NOON.date()
HOUR = timedelta(hours=1)


def block(code: str = "CCP1", day: date = DAY) -> CompetencyBlock:
    return api.block(code, day)


def a_centre() -> TrainingOrganisation:
    return a_training_organisation(approved_centre=True)


def a_session(at: datetime = NOON, **values: object) -> ExamSession:
    """Open from an hour before `at` to eight hours after."""
    given = {
        "block": block(), "centre": a_centre(), "reference": f"SE-{next(_numbers):04d}", "place": "Salle fictive",
        "opens_at": at - HOUR, "closes_at": at + 8 * HOUR, "quorum": 2,
    }  # fmt: skip
    return api.open_exam_session(**{**given, **values}, actor=root(), at=at - 2 * HOUR)  # type: ignore[arg-type]


def a_member(session: ExamSession) -> JuryMember:
    return api.appoint_member(exam_session=session, user=a_user("jury_member"), actor=root(), at=NOON - HOUR)


def a_candidacy(code: str = "CCP1", adviser: Adviser | None = None) -> Candidacy:
    """By experience, so that no enrolment is needed."""
    return api.open_candidacy(
        adviser=adviser or an_adviser(in_post=False),
        block=block(code),
        route="vae",
        actor=root(),
        at=NOON - HOUR,
    )


def grid(session: ExamSession, value: str = "acquired") -> dict[str, str]:
    return dict.fromkeys(session.block.competencies.values_list("code", flat=True), value)


@dataclass
class World:
    """One session, two members, one candidate."""

    session: ExamSession = field(default_factory=a_session)
    members: list[JuryMember] = field(default_factory=list)
    sitting: Sitting = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.members = self.members or [a_member(self.session), a_member(self.session)]
        self.sitting = self.sitting or self.summon(a_candidacy())

    @property
    def adviser(self) -> Adviser:
        return self.sitting.candidacy.adviser

    def summon(self, candidacy: Candidacy) -> Sitting:
        return api.summon(exam_session=self.session, candidacy=candidacy, actor=root(), at=NOON - HOUR)

    def opinion(self, member: int = 0, outcome: str = "acquired", at: datetime = NOON, **values: object):
        present = outcome in ("acquired", "not_acquired")
        given = {"appraisals": grid(self.session, outcome) if present else {}, "comment": ""}
        return api.give_opinion(
            sitting=self.sitting,
            outcome=outcome,
            actor=self.members[member].user,
            at=at,
            **{**given, **values},
        )

    def opinions(self, outcome: str = "acquired") -> "World":
        for member in range(len(self.members)):
            self.opinion(member, outcome)
        return self

    def sign(self, member: int = 0, outcome: str = "acquired", at: datetime = NOON + HOUR):
        actor = self.members[member].user
        return api.sign_decision(sitting=self.sitting, outcome=outcome, comment="", actor=actor, at=at)

    def report(self, at: datetime = NOON + 2 * HOUR) -> JuryReport:
        return api.close_report(exam_session=self.session, actor=self.members[0].user, at=at)


def ministry() -> User:
    return a_user("ministry_representative")


def decided(outcome: str = "acquired") -> World:
    """Deliberated and signed."""
    world = World().opinions(outcome)
    world.sign(outcome=outcome)
    return world


def validated(outcome: str = "acquired", at: datetime = NOON + 3 * HOUR) -> World:
    """Deliberated, signed, reported, validated."""
    world = decided(outcome)
    api.validate_report(report=world.report(), actor=ministry(), at=at)
    return world


def a_pix_result(
    adviser: Adviser, at: datetime = NOON, sat_on: date = DAY, status: str = "validated"
) -> PixResult:
    candidacy = Candidacy.objects.known().filter(adviser=adviser, block__code="PIX").first()
    return api.record_pix_result(
        candidacy=candidacy or a_candidacy("PIX", adviser), status=status, score=512 if status == "validated" else 0,
        max_reachable=1024, certification_number=f"PIX{next(_numbers):06d}", verification_code="",
        origin="session_file", origin_reference="fichier fictif", sat_on=sat_on, actor=root(), at=at,
    )  # fmt: skip


def a_certified_adviser() -> World:
    world = validated()
    a_pix_result(world.adviser)
    return world


def a_taught_half_day(adviser: Adviser, trainer: User):
    """A sheet of a session of `trainer` where the adviser has a mark."""
    organisation = a_training_organisation()
    training.grant_role(
        user=trainer, role="trainer", organisation=organisation, start=date(2026, 1, 5), actor=root(), at=NOON
    )
    module = training.upsert_module(public_id=uuid4(), organisation=organisation, title="Module fictif")
    activity = training.upsert_activity(
        public_id=uuid4(), module=module, kind="session", title="Séquence fictive"
    )
    structure = training.PathStructure(
        title="Parcours fictif", kind="initial", objectives="Objectifs", minutes=210,
        modules=(
            training.ModuleStructure(
                public_id=module.public_id, title=module.title, minutes=210, objectives="", competences=(), contact="",
                completion_rule="all",
                activities=(
                    training.ActivityStructure(
                        public_id=activity.public_id, kind="session", title=activity.title, minutes=210
                    ),
                ),
            ),
        ),
    )  # fmt: skip
    version, _ = training.publish_path_version(
        organisation=organisation, path_public_id=uuid4(), structure=structure, actor=root(), at=NOON
    )
    enrolment = training.enrol(
        adviser=adviser, path_version=version, source="organisation", actor=root(), at=NOON
    )
    session = training.open_session(
        organisation=organisation, activity=activity, title="Groupe fictif", mode="on_site",
        place="Salle fictive", zone="Europe/Paris", start=DAY, end=DAY, trainers=[trainer], actor=root(), at=NOON,
    )  # fmt: skip
    training.register_learner(session=session, enrolment=enrolment, actor=trainer, at=NOON)
    return training.open_sheet(
        session=session,
        day=DAY,
        half_day="morning",
        starts=time(9),
        ends=time(12, 30),
        actor=trainer,
        at=NOON,
    )
