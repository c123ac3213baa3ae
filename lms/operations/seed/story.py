"""What happened in the demonstration, act by act, in the order of time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from certification import api as certification
from certification.models import CompetencyBlock, JuryMember, Lot, PurchaseOrder
from courses import api as courses
from courses.models import (
    Activity,
    Adviser,
    AttendanceSheet,
    Enrolment,
    Module,
    PathVersion,
    QuizVersion,
    TrainingSession,
)
from courses.shared import clock, durations

from .people import Cast

MORNING, NOON, AFTERNOON, EVENING = time(9, 0), time(12, 30), time(13, 30), time(17, 0)
HALF_DAY_MINUTES = 210
WEEK_MINUTES = 2100


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of a day, UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def working_days(start: date) -> Iterator[date]:
    """Mondays to Fridays from `start` on."""
    day = start
    while True:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


class Training:
    """A cohort on a path: sessions, sheets, quizzes, placement, certificates."""

    def __init__(
        self, cast: Cast, version: PathVersion, advisers: list[Adviser], *, organisation: int = 0
    ) -> None:
        self.cast, self.version, self.advisers = cast, version, advisers
        self.organisation = cast.training[organisation]
        self.manager = cast.who("organisation_manager", organisation)
        self.trainer = cast.who("trainer", organisation)
        self.tutor = cast.who("placement_tutor", organisation)
        self.structure = courses.structure_of(version)
        self.enrolments: dict[int, Enrolment] = {}

    def enrol(self, moment: datetime) -> None:
        """Each adviser enrols himself."""
        for adviser in self.advisers:
            self.enrolments[adviser.pk] = certification.enrol_adviser(
                adviser=adviser, path_version=self.version, source="self", actor=adviser.user, at=moment
            )

    def activities(self, kind: str) -> Iterator[tuple[Activity, int]]:
        """The activities of one kind in the order of the path, with their minutes."""
        for module in self.structure.modules:
            for activity in module.activities:
                if activity.kind == kind:
                    yield Activity.objects.get(public_id=activity.public_id), activity.minutes

    def open_session(self, activity: Activity, start: date, end: date, moment: datetime) -> TrainingSession:
        """A session of one taught sequence, with the whole cohort."""
        session = courses.open_session(
            organisation=self.organisation,
            activity=activity,
            title=f"{activity.module.title} – {start:%m/%Y}",
            mode="on_site",
            place="Salle de démonstration",
            zone="Europe/Paris",
            start=start,
            end=end,
            trainers=[self.trainer],
            actor=self.manager,
            at=moment,
        )
        for enrolment in self.enrolments.values():
            courses.register_learner(session=session, enrolment=enrolment, actor=self.manager, at=moment)
        return session

    def open_half_day(self, session: TrainingSession, day: date, half_day: str) -> AttendanceSheet:
        """The sheet of a half-day, opened by the trainer as it starts."""
        starts, ends = (MORNING, NOON) if half_day == "morning" else (AFTERNOON, EVENING)
        moment = durations.instant(day, starts, session.zone)
        return courses.open_sheet(
            session=session,
            day=day,
            half_day=half_day,
            starts=starts,
            ends=ends,
            actor=self.trainer,
            at=moment,
        )

    def hold_half_day(self, session: TrainingSession, day: date, half_day: str, *, absent: set[int]) -> None:
        """Everybody signs on his own account, the trainer last; then the sheet is closed."""
        sheet = self.open_half_day(session, day, half_day)
        for minute, mark in enumerate(
            sheet.marks.select_related("adviser__user").order_by("adviser__number"), 1
        ):
            if mark.adviser_id in absent:
                courses.mark_absence(
                    sheet_id=sheet.pk, mark_id=mark.pk, presence="excused", reason="sick_leave",
                    actor=self.trainer, at=sheet.starts_at + timedelta(minutes=30),
                )  # fmt: skip
            else:
                moment = sheet.starts_at + timedelta(minutes=minute)
                courses.sign_presence(sheet_id=sheet.pk, actor=mark.adviser.user, at=moment)
        courses.sign_as_trainer(sheet_id=sheet.pk, actor=self.trainer, at=sheet.ends_at)
        courses.close_sheet(sheet_id=sheet.pk, actor=self.trainer, at=sheet.ends_at + timedelta(minutes=5))

    def teach(
        self, start: date, *, half_days: int | None = None, absences: dict[int, int] | None = None
    ) -> date:
        """Hold the taught sequences one after the other, two half-days a day; returns the day after the last.

        `absences`: adviser id → number of half-days missed, the first ones.
        """
        days = working_days(start)
        day, half, held = next(days), "morning", 0
        missed = dict(absences or {})
        for activity, minutes in self.activities("session"):
            wanted = minutes // HALF_DAY_MINUTES
            last = day + timedelta(days=wanted + 14)
            session = self.open_session(activity, day, last, at(day, 5))
            for _ in range(wanted):
                if half_days is not None and held >= half_days:
                    return day
                absent = {pk for pk, left in missed.items() if left > 0}
                for pk in absent:
                    missed[pk] -= 1
                self.hold_half_day(session, day, half, absent=absent)
                held += 1
                half = "afternoon" if half == "morning" else "morning"
                if half == "morning":
                    day = next(days)
        return day + timedelta(days=1)

    def read_and_answer(self, moment: datetime, *, failing: frozenset[int] = frozenset()) -> None:
        """Read every lesson, answer every quiz; those of `failing` miss the last one."""
        lessons = list(self.activities("lesson"))
        quizzes = list(QuizVersion.objects.filter(path_version=self.version).order_by("pk"))
        for enrolment in self.enrolments.values():
            actor = enrolment.adviser.user
            for step, (lesson, _) in enumerate(lessons):
                courses.read_lesson(
                    enrolment=enrolment,
                    activity_public_id=lesson.public_id,
                    actor=actor,
                    at=moment + timedelta(minutes=step),
                )
            for step, quiz in enumerate(quizzes):
                wrong = enrolment.adviser_id in failing and step == len(quizzes) - 1
                courses.grade_attempt(
                    enrolment=enrolment,
                    quiz_version=quiz,
                    answers=_answers(quiz, wrong=wrong),
                    actor=actor,
                    at=moment + timedelta(minutes=60 + step),
                )
            moment += timedelta(minutes=7)

    def place(self, start: date) -> date:
        """Six weeks of placement attested by the tutor, for each; returns the Monday after."""
        monday = start + timedelta(days=(7 - start.weekday()) % 7)
        for activity, minutes in self.activities("placement"):
            weeks = minutes // WEEK_MINUTES
            for week in range(weeks):
                for enrolment in self.enrolments.values():
                    day = monday + timedelta(weeks=week)
                    courses.attest_placement(
                        enrolment=enrolment, activity=activity, week=day, minutes=WEEK_MINUTES, actor=self.tutor,
                        at=at(day + timedelta(days=5)),
                    )  # fmt: skip
            monday += timedelta(weeks=weeks)
        return monday

    def certify_completion(self, moment: datetime) -> None:
        """Issue what may be issued: a module not achieved says why and waits."""
        for enrolment in self.enrolments.values():
            for module in self.structure.modules:
                taught = Module.objects.get(public_id=module.public_id)
                if courses.module_outcome(enrolment, taught).state == "done":
                    certification.issue_certificate(
                        enrolment=enrolment,
                        module=taught,
                        actor=self.manager,
                        at=moment,
                    )


def _answers(quiz: QuizVersion, *, wrong: bool) -> dict[str, list[str]]:
    """The right choices, or none."""
    content = courses.content_of(quiz)
    return {q.id: [] if wrong else [c.id for c in q.choices if c.correct] for q in content.questions}


def buy_training(cast: Cast, moment: datetime) -> Lot:
    """The contract of the first organisation, its prices (one of them revised) and its purchase order."""
    buyer = cast.who("programme_manager")
    contract = certification.record_contract(
        number="MARCHE-DEMO-1",
        title="Formation initiale et continue des conseillers numériques",
        organisation=cast.training[0],
        start=moment.date(),
        end=moment.date() + timedelta(days=730),
        lots=["France métropolitaine"],
        actor=buyer,
        at=moment,
    )
    lot = contract.lots.get()
    for item, cents, start in (
        ("training_hour", 1_280, moment.date()),
        ("training_hour", 1_310, moment.date() + timedelta(days=60)),
        ("first_certification", 32_660, moment.date()),
    ):
        certification.set_price(lot=lot, item=item, cents=cents, start=start, actor=buyer, at=moment)
    certification.record_order(
        lot=lot,
        number="EJ-DEMO-0001",
        committed_cents=6_000_000,
        ordered_on=moment.date(),
        actor=buyer,
        at=moment,
    )
    return lot


def certify(cast: Cast, training: Training, day: date) -> None:
    """Candidacies, Pix results, the jury, its report, its validation, the credentials."""
    programme, ministry = cast.who("programme_manager"), cast.who("ministry_representative")
    ccp1, pix = certification.block("CCP1", day), certification.block("PIX", day)
    candidates = training.advisers[:5]
    candidacies = {}
    for adviser in candidates:
        enrolment = training.enrolments[adviser.pk]
        apply = partial(
            certification.open_candidacy,
            adviser=adviser, route="training", enrolment=enrolment, actor=adviser.user, at=at(day),
        )  # fmt: skip
        candidacies[adviser.pk] = apply(block=ccp1)
        pix_candidacy = apply(block=pix)
        certification.record_pix_result(
            candidacy=pix_candidacy, status="validated", score=400 + 30 * (adviser.number % 10), max_reachable=1024,
            certification_number=f"DEMO-{adviser.number}", verification_code="", origin="session_file",
            origin_reference="resultats_session_demo.csv", sat_on=day + timedelta(days=10), actor=programme,
            at=at(day + timedelta(days=14)),
        )  # fmt: skip
    exam_day = day + timedelta(days=20)
    session = certification.open_exam_session(
        block=ccp1, centre=cast.training[0], reference="SESSION-DEMO-1", place="Centre d’examen de démonstration",
        opens_at=at(exam_day, 6), closes_at=at(exam_day, 20), quorum=2, actor=programme,
        at=at(exam_day - timedelta(days=3)),
    )  # fmt: skip
    for index in range(3):
        certification.appoint_member(
            exam_session=session, user=cast.who("jury_member", index), actor=programme,
            at=at(exam_day - timedelta(days=3), 11),
        )  # fmt: skip
    for rank, adviser in enumerate(candidates):
        sitting = certification.summon(
            exam_session=session, candidacy=candidacies[adviser.pk], actor=programme,
            at=at(exam_day - timedelta(days=3), 12),
        )  # fmt: skip
        outcome = "not_acquired" if rank == 4 else "acquired"
        for member in JuryMember.objects.filter(exam_session=session).order_by("pk")[:2]:
            certification.give_opinion(
                sitting=sitting, outcome=outcome,
                appraisals=_appraisals(ccp1, outcome), actor=member.user, at=at(exam_day, 9 + rank),
            )  # fmt: skip
        certification.sign_decision(
            sitting=sitting,
            outcome=outcome,
            comment="",
            actor=cast.who("jury_member"),
            at=at(exam_day, 9 + rank, 40),
        )
    report = certification.close_report(
        exam_session=session, actor=cast.who("jury_member"), at=at(exam_day, 18)
    )
    validated = exam_day + timedelta(days=5)
    certification.validate_report(report=report, actor=ministry, at=at(validated))
    for adviser in candidates[:4]:
        certification.issue_credential(adviser=adviser, actor=programme, at=at(validated, 14))


def _appraisals(block: CompetencyBlock, outcome: str) -> dict[str, str]:
    """Every competence acquired, or the last two not."""
    codes = [competency.code for competency in block.competencies.all()]
    failed = set(codes[-2:]) if outcome != "acquired" else set()
    return {code: "not_acquired" if code in failed else "acquired" for code in codes}


def claim(cast: Cast, start: date, end: date, day: date, *, until: str) -> None:
    """Build and submit the claim of a period, as far as `until`: submitted, certified or paid."""
    manager = cast.who("organisation_manager")
    order = PurchaseOrder.objects.known().get(number="EJ-DEMO-0001")
    built = certification.build_claim(
        organisation=cast.training[0], order=order, start=start, end=end, actor=manager, at=at(day)
    )
    certification.submit_claim(claim_id=built.pk, actor=manager, at=at(day, 11))
    if until in {"certified", "paid"}:
        certifier = cast.who("service_certifier")
        certification.certify_service(claim_id=built.pk, actor=certifier, at=at(day + timedelta(days=3)))
    if until == "paid":
        certification.pay_claim(
            claim_id=built.pk, reference=f"VIR-DEMO-{built.number}", actor=cast.who("payer"),
            at=at(day + timedelta(days=8)),
        )  # fmt: skip


def today_session(training: Training, day: date) -> None:
    """The session of today: the sheet of this half-day is open, nobody has signed yet."""
    activity, _ = next(training.activities("session"))
    session = training.open_session(activity, day, day, at(day - timedelta(days=6)))
    half_day = "morning" if clock.now().astimezone(clock.PARIS).hour < 13 else "afternoon"
    training.open_half_day(session, day, half_day)
