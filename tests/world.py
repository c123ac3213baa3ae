"""One side of the programme, whole: an organisation, its staff, a learner and all that he went through.

Two or three of them side by side are what access is tried on; one is the true line from a proof to a euro.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from certification import api as certification
from certification.models import Claim, CompletionCertificate, Credential, JuryDecision, JuryReport, Sitting
from cms import api as cms
from courses import api as courses
from courses.models import (
    Activity,
    Adviser,
    AttendanceSheet,
    Enrolment,
    HostStructure,
    Module,
    PathVersion,
    PlacementAttestation,
    QuizAttempt,
    QuizVersion,
    TrainingOrganisation,
    TrainingSession,
    User,
)
from tests import factories

MONDAY = date(2026, 1, 12)
_sides = count(1)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


class Organisation:
    """A training organisation with its staff, a published path and a contract."""

    def __init__(self, departement: str = "46") -> None:
        self.n = next(_sides)
        self.training: TrainingOrganisation = factories.a_training_organisation(approved_centre=True)
        self.structure: HostStructure = factories.a_host_structure(departement_code=departement)
        self.manager = factories.a_user("organisation_manager", self.training)
        self.author = factories.a_user("author", self.training)
        self.tutor = factories.a_user("placement_tutor", self.training)
        self.host_manager = factories.a_user("host_manager", self.structure)
        self.version = a_path(self.training, self.manager)
        self.order = a_contract(self.training, self.n)


def a_path(organisation: TrainingOrganisation, manager: User) -> PathVersion:
    """175 hours, of which one half-day is taught and the rest is remote, and 210 hours of placement (R3)."""
    quiz = cms.QuizSpec(
        title="Questionnaire fictif",
        pass_percent=50,
        questions=(cms.QuestionSpec(text="Deux et deux ?", choices=("Quatre", "Cinq"), feedback="Quatre."),),
    )
    lesson = cms.LessonSpec(
        title="Leçon fictive", html="<p>Deux et deux font quatre.</p>", minutes=10_290, quiz=quiz
    )
    spec = cms.PathSpec(
        title="Parcours fictif",
        objectives="Apprendre.",
        contact="assistance@exemple.invalid",
        modules=(
            cms.ModuleSpec(
                title="Module fictif",
                objectives="Apprendre.",
                competences="C1",
                lessons=(lesson,),
                taught_minutes=210,
            ),
            cms.ModuleSpec(
                title="Stage fictif", objectives="Pratiquer.", competences="C1", placement_minutes=12_600
            ),
        ),
    )
    cms.settle_groups(manager)
    page = cms.author_path(organisation=organisation, spec=spec, author=manager)
    return cms.publish_path(page, user=manager, at=at(MONDAY, 5))


def right_answers(quiz: QuizVersion) -> dict[str, list[str]]:
    """The key of a quiz, as a learner would hand it in."""
    return {q.id: [c.id for c in q.choices if c.correct] for q in courses.content_of(quiz).questions}


def a_contract(organisation: TrainingOrganisation, n: int):
    """A contract with one lot, two prices and a purchase order."""
    programme = factories.a_user("programme_manager")
    moment = at(MONDAY, 5)
    contract = certification.record_contract(
        number=f"MARCHE-{n}",
        title="Formation fictive",
        organisation=organisation,
        start=MONDAY,
        end=MONDAY + timedelta(days=700),
        lots=["France"],
        actor=programme,
        at=moment,
    )
    lot = contract.lots.get()
    for item, cents in (("training_hour", 1_000), ("first_certification", 30_000)):
        certification.set_price(lot=lot, item=item, cents=cents, start=MONDAY, actor=programme, at=moment)
    return certification.record_order(
        lot=lot, number=f"EJ-{n}", committed_cents=1_000_000, ordered_on=MONDAY, actor=programme, at=moment
    )


class Line:
    """One learner of an organisation, from his enrolment to the claim that pays for it."""

    def __init__(self, organisation: Organisation, *, until: str = "claim") -> None:
        self.organisation = organisation
        self.n = next(_sides)
        self.adviser: Adviser = factories.an_adviser(structure=organisation.structure)
        self.trainer = factories.a_user("trainer", organisation.training)
        self.programme = factories.a_user("programme_manager")
        for step in ("enrol", "train", "prove", "certify", "issue", "claim"):
            getattr(self, step)()
            if step == until:
                break

    def enrol(self) -> None:
        self.enrolment: Enrolment = certification.enrol_adviser(
            adviser=self.adviser,
            path_version=self.organisation.version,
            source="self",
            actor=self.adviser.user,
            at=at(MONDAY, 6),
        )
        structure = courses.structure_of(self.organisation.version)
        self.module = Module.objects.get(public_id=structure.modules[0].public_id)
        self.placement_module = Module.objects.get(public_id=structure.modules[1].public_id)
        self.activities = {
            a.kind: a for a in Activity.objects.filter(module__in=[self.module, self.placement_module])
        }

    def train(self) -> None:
        """A session, its sheet signed and closed; a lesson read, a quiz passed; a placement attested."""
        staff = self.organisation
        self.session: TrainingSession = courses.open_session(
            organisation=staff.training,
            activity=self.activities["session"],
            title=f"Session fictive {self.n}",
            mode="on_site",
            place="Salle fictive",
            zone="Europe/Paris",
            start=MONDAY,
            end=MONDAY + timedelta(days=4),
            trainers=[self.trainer],
            actor=staff.manager,
            at=at(MONDAY, 6, 30),
        )
        courses.register_learner(
            session=self.session, enrolment=self.enrolment, actor=staff.manager, at=at(MONDAY, 6, 40)
        )
        self.sheet: AttendanceSheet = courses.open_sheet(
            session=self.session,
            day=MONDAY,
            half_day="morning",
            starts=time(9),
            ends=time(12, 30),
            actor=self.trainer,
            at=at(MONDAY, 8),
        )
        courses.sign_presence(sheet_id=self.sheet.pk, actor=self.adviser.user, at=at(MONDAY, 8, 5))
        courses.sign_as_trainer(sheet_id=self.sheet.pk, actor=self.trainer, at=at(MONDAY, 11, 30))
        courses.close_sheet(sheet_id=self.sheet.pk, actor=self.trainer, at=at(MONDAY, 11, 40))
        self.sheet.refresh_from_db()
        courses.read_lesson(
            enrolment=self.enrolment,
            activity_public_id=self.activities["lesson"].public_id,
            actor=self.adviser.user,
            at=at(MONDAY, 14),
        )
        self.quiz = QuizVersion.objects.get(path_version=staff.version)
        self.attempt: QuizAttempt = courses.grade_attempt(
            enrolment=self.enrolment,
            quiz_version=self.quiz,
            answers=right_answers(self.quiz),
            actor=self.adviser.user,
            at=at(MONDAY, 15),
        )
        self.placement: PlacementAttestation = courses.attest_placement(
            enrolment=self.enrolment,
            activity=self.activities["placement"],
            week=MONDAY + timedelta(days=7),
            minutes=2_100,
            actor=staff.tutor,
            at=at(MONDAY + timedelta(days=12)),
        )

    def prove(self) -> None:
        self.certificate: CompletionCertificate = certification.issue_certificate(
            enrolment=self.enrolment,
            module=self.module,
            actor=self.organisation.manager,
            at=at(MONDAY + timedelta(days=14)),
        )

    def certify(self) -> None:
        """Candidacies, a Pix result, a jury that trained nobody, its report and its validation."""
        day = MONDAY + timedelta(days=20)
        common = {"adviser": self.adviser, "route": "training", "enrolment": self.enrolment}
        self.candidacy = certification.open_candidacy(
            block=certification.block("CCP1", day), actor=self.adviser.user, at=at(day), **common
        )
        self.pix_candidacy = certification.open_candidacy(
            block=certification.block("PIX", day), actor=self.adviser.user, at=at(day), **common
        )
        self.pix = certification.record_pix_result(
            candidacy=self.pix_candidacy,
            status="validated",
            score=512,
            max_reachable=1024,
            certification_number=f"FICTIF-{self.n}",
            verification_code="",
            origin="session_file",
            origin_reference="resultats_session_fictive.csv",
            sat_on=day,
            actor=self.programme,
            at=at(day + timedelta(days=1)),
        )
        exam = day + timedelta(days=5)
        self.exam_session = certification.open_exam_session(
            block=self.candidacy.block,
            centre=self.organisation.training,
            reference=f"SESSION-{self.n}",
            place="Centre fictif",
            opens_at=at(exam, 6),
            closes_at=at(exam, 20),
            quorum=2,
            actor=self.programme,
            at=at(day + timedelta(days=2)),
        )
        self.jury = [factories.a_user("jury_member") for _ in range(2)]
        for member in self.jury:
            certification.appoint_member(
                exam_session=self.exam_session,
                user=member,
                actor=self.programme,
                at=at(day + timedelta(days=2)),
            )
        self.sitting: Sitting = certification.summon(
            exam_session=self.exam_session,
            candidacy=self.candidacy,
            actor=self.programme,
            at=at(day + timedelta(days=2), 11),
        )
        appraisals = {c.code: "acquired" for c in self.candidacy.block.competencies.all()}
        for member in self.jury:
            certification.give_opinion(
                sitting=self.sitting,
                outcome="acquired",
                appraisals=appraisals,
                comment="",
                actor=member,
                at=at(exam, 9),
            )
        self.decision: JuryDecision = certification.sign_decision(
            sitting=self.sitting, outcome="acquired", comment="", actor=self.jury[0], at=at(exam, 10)
        )
        self.report: JuryReport = certification.close_report(
            exam_session=self.exam_session, actor=self.jury[0], at=at(exam, 12)
        )
        certification.validate_report(
            report=self.report,
            actor=factories.a_user("ministry_representative"),
            at=at(exam + timedelta(days=2)),
        )
        self.exam_day = exam

    def issue(self) -> None:
        self.credential: Credential = certification.issue_credential(
            adviser=self.adviser, actor=self.programme, at=at(self.exam_day + timedelta(days=2), 14)
        )

    def claim(self) -> None:
        self.claim_row: Claim = certification.build_claim(
            organisation=self.organisation.training,
            order=self.organisation.order,
            start=MONDAY,
            end=MONDAY + timedelta(days=40),
            actor=self.organisation.manager,
            at=at(self.exam_day + timedelta(days=10)),
        )
