"""The émargement: who signs what and when, what a closed sheet proves, and what no one can do to it any more."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import QuerySet

from courses import api
from courses.attendance.models import AttendanceMark, AttendanceSheet, Signature
from courses.attendance.rules import Slot
from courses.attendance.services import close, sign
from courses.audit.models import AuditEntry
from courses.models import Adviser, Evidence, Statement, TrainingOrganisation, User
from courses.pathways.rebuild import rebuild
from courses.shared import walls
from courses.shared.errors import ConflictError
from tests.factories import START, a_training_organisation, a_user, an_adviser, root

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 12)
MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
OPENING = datetime(2026, 3, 12, 7, 0, tzinfo=UTC)
NINE = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)  # 9 h in Paris
HALF_PAST_TWELVE = datetime(2026, 3, 12, 11, 30, tzinfo=UTC)
MORNING = {"day": DAY, "half_day": "morning", "starts": time(9), "ends": time(12, 30)}


def a_path(organisation=None):
    """A path of one module: a taught sequence, and a placement."""
    organisation = organisation or a_training_organisation()
    session = api.ActivityStructure(public_id=uuid4(), kind="session", title="Accueillir", minutes=420)
    placement = api.ActivityStructure(public_id=uuid4(), kind="placement", title="Stage", minutes=4200)
    module = api.ModuleStructure(
        public_id=uuid4(), title="Médiation", minutes=420, activities=(session, placement), contact="x"
    )
    structure = api.PathStructure(title="Parcours fictif", kind="initial", modules=(module,), minutes=4620)
    version, _ = api.publish_path_version(
        organisation=organisation, path_public_id=uuid4(), structure=structure, actor=root(), at=OPENING
    )
    taught, done = version.path.organisation.modules.get(public_id=module.public_id).activities.order_by("pk")
    return SimpleNamespace(
        organisation=organisation, version=version, activity=taught, placement=done, structure=structure
    )


def a_session(path=None, *, trainer=None, **values):
    path = path or a_path()
    trainer = trainer or a_user("trainer", path.organisation)
    given = {
        "title": "Accueillir les publics",
        "mode": "on_site",
        "place": "Salle fictive",
        "zone": "Europe/Paris",
        "start": DAY,
        "end": DAY + timedelta(days=1),
    }
    session = api.open_session(
        organisation=path.organisation, activity=path.activity, trainers=[trainer], actor=root(), at=OPENING,
        **{**given, **values},
    )  # fmt: skip
    session.path, session.trainer = path, trainer
    return session


def enrolled(path, adviser=None):
    return api.enrol(
        adviser=adviser or an_adviser(in_post=False),
        path_version=path.version,
        source="self",
        actor=root(),
        at=OPENING,
    )


def registered(session, adviser=None):
    """The enrolment of a learner whom the session expects."""
    enrolment = enrolled(session.path, adviser)
    api.register_learner(session=session, enrolment=enrolment, actor=root(), at=OPENING)
    return enrolment


def a_sheet(session=None, *, learners=1, advisers=(), **values):
    """An open sheet of one morning, with its learners in `people` and its trainer."""
    session = session or a_session()
    enrolments = [registered(session) for _ in range(learners)] + [registered(session, a) for a in advisers]
    sheet = api.open_sheet(session=session, **{**MORNING, **values}, actor=session.trainer, at=OPENING)
    sheet.trainer, sheet.people = session.trainer, [enrolment.adviser.user for enrolment in enrolments]
    return sheet


def mark_of(sheet, user) -> AttendanceMark:
    return sheet.marks.get(adviser__user=user)


def signed_by_all(sheet):
    for person in sheet.people:
        api.sign_presence(sheet_id=sheet.pk, actor=person, at=NINE)
    api.sign_as_trainer(sheet_id=sheet.pk, actor=sheet.trainer, at=HALF_PAST_TWELVE)
    return sheet


def a_closed_sheet(*args, **values):
    sheet = signed_by_all(a_sheet(*args, **values))
    return api.close_sheet(sheet_id=sheet.pk, actor=sheet.trainer, at=HALF_PAST_TWELVE)


class TestRegisterLearner:
    def test_refuses_a_learner_whose_path_does_not_hold_the_sequence(self):
        session = a_session()

        with pytest.raises(api.SheetError, match="ne comprend pas cette séance") as refusal:
            api.register_learner(session=session, enrolment=enrolled(a_path()), actor=root(), at=NINE)

        assert refusal.value.field == "enrolment"

    def test_refuses_the_same_learner_twice(self):
        session = a_session()
        enrolment = registered(session)

        with pytest.raises(ConflictError, match="déjà inscrit à cette session"):
            api.register_learner(session=session, enrolment=enrolment, actor=root(), at=NINE)

    def test_refuses_a_trainer_as_the_learner_of_his_own_session(self):
        path = a_path()
        adviser = an_adviser(in_post=False)
        api.grant_role(
            user=adviser.user,
            role="trainer",
            organisation=path.organisation,
            start=START,
            actor=root(),
            at=NINE,
        )
        session = a_session(path, trainer=User.objects.get(pk=adviser.user_id))

        with pytest.raises(api.SheetError, match="formée par elle-même"):
            registered(session, adviser)

    def test_a_late_learner_is_expected_on_the_sheets_still_open(self):
        sheet = a_sheet()

        enrolment = registered(sheet.session)

        assert sheet.marks.get(enrolment=enrolment).presence == "expected"


class TestOpenSheet:
    def test_expects_each_registered_learner(self):
        sheet = a_sheet(learners=2)

        assert [mark.presence for mark in sheet.marks.all()] == ["expected", "expected"]
        assert AuditEntry.objects.filter(action="attendance.sheet.open", object_id=str(sheet.pk)).exists()

    def test_wall_clock_times_are_those_of_the_session(self):
        sheet = a_sheet(a_session(zone="Indian/Reunion"))

        assert sheet.starts_at == datetime(2026, 3, 12, 5, 0, tzinfo=UTC)
        assert sheet.minutes == 210

    @pytest.mark.parametrize(
        ("day", "minutes"),
        [(date(2026, 3, 29), 150), (date(2026, 10, 25), 270), (date(2026, 3, 28), 210)],
        ids=["clocks go forward", "clocks go back", "ordinary night"],
    )
    def test_minutes_are_those_that_really_elapse(self, day, minutes):
        session = a_session(start=day, end=day)

        sheet = a_sheet(session, day=day, starts=time(1), ends=time(4, 30))

        assert sheet.minutes == minutes

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"day": DAY - timedelta(days=1)}, "day"),
            ({"day": DAY + timedelta(days=2)}, "day"),
            ({"half_day": "evening"}, "half_day"),
            ({"ends": time(9)}, "ends"),
            ({"ends": time(8)}, "ends"),
            ({"ends": time(16)}, "ends"),
        ],
    )
    def test_refuses_an_impossible_half_day_and_names_the_field(self, values, field):
        session = a_session()

        with pytest.raises(api.SheetError) as refusal:
            a_sheet(session, **values)

        assert refusal.value.field == field
        assert not AttendanceSheet.objects.exists()

    def test_refuses_a_second_sheet_for_a_half_day(self):
        sheet = a_sheet()

        with pytest.raises(ConflictError, match="existe déjà"):
            api.open_sheet(session=sheet.session, **MORNING, actor=sheet.trainer, at=OPENING)

    def test_refuses_a_slot_that_overlaps_another_of_the_session(self):
        sheet = a_sheet()

        with pytest.raises(ConflictError, match="chevauche") as refusal:
            api.open_sheet(
                session=sheet.session, day=DAY, half_day="afternoon", starts=time(12), ends=time(15),
                actor=sheet.trainer, at=OPENING,
            )  # fmt: skip

        assert refusal.value.field == "starts"


class TestSignPresence:
    def test_the_learner_becomes_present_for_the_minutes_of_the_slot(self):
        sheet = a_sheet()

        signature = api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)

        mark = mark_of(sheet, sheet.people[0])
        assert (mark.presence, mark.minutes) == ("present", 210)
        assert signature.mark == mark
        trail = AuditEntry.objects.get(action="attendance.sheet.sign")
        assert (trail.object_seal, trail.actor) == (signature.seal, str(sheet.people[0].public_id))

    def test_a_signature_alone_proves_nothing(self):
        sheet = a_sheet()

        api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)

        assert not Evidence.objects.exists()
        assert not Statement.objects.exists()

    def test_nobody_signs_for_another(self):
        sheet = a_sheet()

        with pytest.raises(api.NotTheSignerError) as refusal:
            api.sign_presence(sheet_id=sheet.pk, actor=sheet.trainer, at=NINE)

        assert refusal.value.status == 403

    def test_signing_opens_fifteen_minutes_before_the_half_day(self):
        sheet = a_sheet()
        opening = NINE - timedelta(minutes=15)

        with pytest.raises(api.SigningWindowError, match="15 minutes avant") as refusal:
            api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=opening - timedelta(seconds=1))

        assert refusal.value.status == 409
        assert api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=opening)

    def test_refuses_a_second_signature(self):
        sheet = a_sheet()
        api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)

        with pytest.raises(api.AlreadySignedError) as refusal:
            api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)

        assert refusal.value.status == 409
        assert Signature.objects.count() == 1

    def test_refuses_on_a_closed_sheet(self):
        sheet = a_closed_sheet()

        with pytest.raises(api.SheetClosedError) as refusal:
            api.sign_presence(sheet_id=sheet.pk, actor=sheet.marks.get().adviser.user, at=NOON)

        assert (refusal.value.status, refusal.value.field) == (409, "sheet")

    def test_a_learner_noted_absent_asks_his_trainer_first(self):
        sheet = a_sheet()
        mark = mark_of(sheet, sheet.people[0])
        noted(sheet, mark, "absent")

        with pytest.raises(ConflictError, match="noté absent"):
            api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)

        noted(sheet, mark, "expected")
        assert api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)

    def test_nobody_is_in_two_places_at_once_whatever_the_zones(self):
        adviser = an_adviser(in_post=False)
        here = a_sheet(a_session(title="À Paris"), learners=0, advisers=[adviser])
        # 13 h to 16 h at La Réunion is 10 h to 13 h in Paris: another half-day, the same time.
        there = a_sheet(
            a_session(title="À Saint-Denis", zone="Indian/Reunion"), learners=0, advisers=[adviser],
            half_day="afternoon", starts=time(13), ends=time(16),
        )  # fmt: skip
        api.sign_presence(sheet_id=here.pk, actor=adviser.user, at=NINE)

        with pytest.raises(api.PresentElsewhereError, match="« À Paris »") as refusal:
            api.sign_presence(sheet_id=there.pk, actor=adviser.user, at=NINE + timedelta(hours=1))

        assert refusal.value.status == 409
        assert mark_of(there, adviser.user).presence == "expected"

    def test_the_same_wall_clock_in_two_zones_is_two_times(self):
        adviser = an_adviser(in_post=False)
        morning = a_sheet(a_session(zone="Indian/Reunion"), learners=0, advisers=[adviser])
        # 13 h 30 in Paris, long after 12 h 30 at La Réunion.
        afternoon = a_sheet(
            a_session(),
            learners=0,
            advisers=[adviser],
            half_day="afternoon",
            starts=time(13, 30),
            ends=time(17),
        )

        api.sign_presence(sheet_id=morning.pk, actor=adviser.user, at=NINE)
        api.sign_presence(sheet_id=afternoon.pk, actor=adviser.user, at=NOON + timedelta(hours=1))

        assert api.overlapping_presences() == []


def noted(sheet, mark, presence, reason=""):
    return api.mark_absence(
        sheet_id=sheet.pk, mark_id=mark.pk, presence=presence, reason=reason, actor=sheet.trainer, at=NINE
    )


class TestMarkAbsence:
    def test_keeps_the_kind_of_proof_and_no_other_word(self):
        sheet = a_sheet()

        mark = noted(sheet, sheet.marks.get(), "excused", "sick_leave")

        assert (mark.presence, mark.absence_reason, mark.minutes) == ("excused", "sick_leave", 0)
        with pytest.raises(api.SheetError, match="nature du justificatif"):
            noted(sheet, mark, "excused", "grippe, arrêt du Dr Fictif")

    def test_nobody_is_made_present_by_another(self):
        sheet = a_sheet()

        with pytest.raises(api.SheetError) as refusal:
            noted(sheet, sheet.marks.get(), "present")

        assert refusal.value.field == "presence"

    def test_a_contested_signature_is_set_aside_and_stays_readable(self):
        sheet = a_sheet()
        signature = api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)
        mark = sheet.marks.get()

        with pytest.raises(ConflictError, match="contestez"):
            noted(sheet, mark, "absent", "no_news")
        noted(sheet, mark, "absent", "contested")

        signature.refresh_from_db()
        assert signature.superseded_at == NINE
        assert sheet.marks.get().minutes == 0

    def test_refuses_the_line_of_another_sheet(self):
        sheet, other = a_sheet(), a_sheet()

        with pytest.raises(api.SheetError, match="ne figure pas"):
            noted(sheet, other.marks.get(), "absent")


class TestSignAsTrainer:
    def test_only_a_trainer_of_that_session_signs(self):
        sheet = a_sheet()
        colleague = a_user("trainer", sheet.session.module.organisation)

        with pytest.raises(api.NotTheSignerError) as refusal:
            api.sign_as_trainer(sheet_id=sheet.pk, actor=colleague, at=NINE)

        assert refusal.value.status == 403

    def test_signs_once(self):
        sheet = a_sheet()
        api.sign_as_trainer(sheet_id=sheet.pk, actor=sheet.trainer, at=NINE)

        with pytest.raises(api.AlreadySignedError):
            api.sign_as_trainer(sheet_id=sheet.pk, actor=sheet.trainer, at=NINE)

    def test_a_trainer_whose_role_has_ended_signs_no_more(self):
        sheet = a_sheet()
        api.end_role(
            membership_id=sheet.trainer.memberships.get().pk,
            end=DAY - timedelta(days=1),
            actor=root(),
            at=OPENING,
        )

        with pytest.raises(api.NotTheSignerError):
            api.sign_as_trainer(sheet_id=sheet.pk, actor=sheet.trainer, at=NINE)


class TestCloseSheet:
    def test_pushes_a_proof_and_a_trace_for_each_learner_present(self):
        sheet = a_sheet(learners=2)
        absent = mark_of(sheet, sheet.people.pop())
        noted(sheet, absent, "absent")

        signed_by_all(sheet)
        api.close_sheet(sheet_id=sheet.pk, actor=sheet.trainer, at=HALF_PAST_TWELVE)

        evidence = Evidence.objects.get()
        mark = mark_of(sheet, sheet.people[0])
        assert (evidence.kind, evidence.evidence_class, evidence.minutes) == ("presence", "E2", 210)
        assert (evidence.valid_on, evidence.source_key) == (DAY, f"mark:{mark.pk}")
        organisation = sheet.session.module.organisation
        assert f"user/{sheet.trainer.public_id}@{organisation.public_id}" in evidence.statement.authority.ifi
        assert evidence.statement.verb.iri.endswith("/attended")
        assert evidence.statement.registration == mark.enrolment.registration
        assert evidence.statement.duration_seconds == 210 * 60

    def test_names_everyone_who_is_missing(self):
        sheet = a_sheet(learners=3)
        api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)

        with pytest.raises(api.IncompleteSheetError) as refusal:
            api.close_sheet(sheet_id=sheet.pk, actor=sheet.trainer, at=HALF_PAST_TWELVE)

        assert str(sheet.people[1]) in refusal.value.message
        assert str(sheet.people[2]) in refusal.value.message
        assert str(sheet.people[0]) not in refusal.value.message
        assert "signature du formateur" in refusal.value.message
        assert refusal.value.status == 409
        sheet.refresh_from_db()
        assert (sheet.state, sheet.hash) == ("open", "")
        assert not Evidence.objects.exists()

    def test_waits_for_the_end_of_the_half_day(self):
        sheet = signed_by_all(a_sheet())

        with pytest.raises(api.IncompleteSheetError, match="n’est pas finie"):
            api.close_sheet(sheet_id=sheet.pk, actor=sheet.trainer, at=NINE + timedelta(hours=1))

    def test_refuses_an_empty_sheet(self):
        sheet = a_sheet(learners=0)
        api.sign_as_trainer(sheet_id=sheet.pk, actor=sheet.trainer, at=NINE)

        with pytest.raises(api.IncompleteSheetError, match="feuille vide"):
            api.close_sheet(sheet_id=sheet.pk, actor=sheet.trainer, at=HALF_PAST_TWELVE)

    def test_closes_once(self):
        sheet = a_closed_sheet()

        with pytest.raises(api.SheetClosedError):
            api.close_sheet(sheet_id=sheet.pk, actor=root(), at=NOON)

        assert Evidence.objects.count() == 1

    def test_chains_the_sheets_of_each_organisation_apart(self):
        path = a_path()
        first = a_closed_sheet(a_session(path))
        elsewhere = a_closed_sheet()
        second = a_closed_sheet(a_session(path))

        assert (first.number, first.previous_hash) == (1, "")
        assert (elsewhere.number, elsewhere.previous_hash) == (1, "")
        assert (second.number, second.previous_hash) == (2, first.hash)
        assert api.verify_sheets() == []

    def test_the_proofs_are_found_again_from_the_sheets_alone(self):
        a_closed_sheet(learners=2)

        report = rebuild(check=True)

        assert report.differences == []


ALTERATIONS = {
    "a presence": "UPDATE courses_attendancemark SET minutes = 211 WHERE sheet_id = %s",
    "an absence": "UPDATE courses_attendancemark SET presence = 'absent', minutes = 0 WHERE sheet_id = %s",
    "the sheet": "UPDATE courses_attendancesheet SET minutes = 209 WHERE id = %s",
    "a signature": "UPDATE courses_signature SET seal = 'f' WHERE sheet_id = %s",
    "a deletion": "DELETE FROM courses_signature WHERE sheet_id = %s AND role = 'trainer'",
}


class TestClosedSheet:
    @pytest.mark.parametrize("statement", ALTERATIONS.values(), ids=ALTERATIONS)
    def test_the_database_itself_refuses_to_alter_it(self, statement):
        sheet = a_closed_sheet()

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [sheet.pk])

        assert api.verify_sheets() == []

    def test_the_database_refuses_one_more_line(self):
        sheet = a_closed_sheet()
        other = enrolled(a_path())

        with pytest.raises(DatabaseError), transaction.atomic():
            AttendanceMark.objects.create(
                sheet=sheet, enrolment=other, adviser=other.adviser, day=DAY, half_day="morning"
            )

    @pytest.mark.parametrize("statement", ALTERATIONS.values(), ids=ALTERATIONS)
    def test_one_byte_altered_with_the_walls_down_is_named(self, statement):
        untouched, sheet = a_closed_sheet(), a_closed_sheet()

        with walls.down(reason="test"), connection.cursor() as cursor:
            cursor.execute(statement, [sheet.pk])

        breaches = api.verify_sheets()
        assert breaches
        assert {breach.object for breach in breaches} == {f"courses.attendancesheet {sheet.public_id}"}
        assert sheet.session.module.organisation.name in breaches[0].message
        assert untouched.public_id != sheet.public_id

    def test_a_sheet_taken_out_of_the_chain_is_missed(self):
        path = a_path()
        first, second = a_closed_sheet(a_session(path)), a_closed_sheet(a_session(path))

        with walls.down(reason="test"), connection.cursor() as cursor:
            cursor.execute("UPDATE courses_attendancesheet SET state = 'open', closed_at = NULL, number = NULL "
                           "WHERE id = %s", [first.pk])  # fmt: skip

        assert {breach.object for breach in api.verify_sheets()} == {
            f"courses.attendancesheet {second.public_id}"
        }

    def test_more_minutes_than_the_slot_break_an_invariant(self):
        sheet = a_closed_sheet()
        assert api.impossible_minutes() == []

        with walls.down(reason="test"), connection.cursor() as cursor:
            cursor.execute(ALTERATIONS["a presence"], [sheet.pk])

        assert len(api.impossible_minutes()) == 1


class TestAttestPlacement:
    def attest(self, path, enrolment, tutor, **values):
        given = {"week": MONDAY, "minutes": 2100, "at": NOON}
        return api.attest_placement(
            enrolment=enrolment, activity=path.placement, actor=tutor, **{**given, **values}
        )

    def test_a_week_attested_by_the_tutor_is_a_proof(self):
        path = a_path()
        enrolment, tutor = enrolled(path), a_user("placement_tutor", path.organisation)

        attestation = self.attest(path, enrolment, tutor)

        evidence = Evidence.objects.get()
        assert (evidence.kind, evidence.evidence_class, evidence.minutes) == ("placement", "E2", 2100)
        assert evidence.source_key == f"placement:{attestation.pk}"
        assert evidence.valid_on == date(2026, 3, 6)
        assert f"user/{tutor.public_id}@" in evidence.statement.authority.ifi
        assert rebuild(check=True).differences == []

    @pytest.mark.parametrize("role", ["trainer", "organisation_manager"])
    def test_another_role_of_the_organisation_attests_nothing(self, role):
        path = a_path()

        with pytest.raises(api.NotTheSignerError):
            self.attest(path, enrolled(path), a_user(role, path.organisation))

    def test_the_tutor_of_another_organisation_attests_nothing(self):
        path = a_path()

        with pytest.raises(api.NotTheSignerError):
            self.attest(path, enrolled(path), a_user("placement_tutor"))

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"week": date(2026, 3, 3)}, "week"),
            ({"week": date(2026, 3, 9)}, "week"),
            ({"week": date(2026, 3, 16)}, "week"),
            ({"minutes": 0}, "minutes"),
            ({"minutes": 2881}, "minutes"),
        ],
        ids=["a Tuesday", "this week, on Thursday", "next week", "no time", "more than 48 hours"],
    )
    def test_refuses_an_impossible_week_and_names_the_field(self, values, field):
        path = a_path()

        with pytest.raises(api.SheetError) as refusal:
            self.attest(path, enrolled(path), a_user("placement_tutor", path.organisation), **values)

        assert refusal.value.field == field
        assert not Evidence.objects.exists()

    def test_a_week_is_attested_once(self):
        path = a_path()
        enrolment, tutor = enrolled(path), a_user("placement_tutor", path.organisation)
        self.attest(path, enrolment, tutor)

        with pytest.raises(ConflictError, match="déjà attestée"):
            self.attest(path, enrolment, tutor)

    def test_a_taught_sequence_is_no_placement(self):
        path = a_path()

        with pytest.raises(api.SheetError, match="pas un stage"):
            api.attest_placement(
                enrolment=enrolled(path), activity=path.activity, week=MONDAY, minutes=60,
                actor=a_user("placement_tutor", path.organisation), at=NOON,
            )  # fmt: skip


def test_slots_that_touch_do_not_overlap():
    morning = Slot(NINE, NOON)

    assert not morning.overlaps(Slot(NOON, NOON + timedelta(hours=3)))
    assert morning.overlaps(Slot(NOON - timedelta(minutes=1), NOON + timedelta(hours=3)))


class TestScreens:
    @pytest.fixture(autouse=True)
    def at_nine(self):
        with time_machine.travel(NINE, tick=False):
            yield

    def post(self, client, url, **data):
        return client.post(url, {"idempotency_key": str(uuid4()), **data})

    def test_the_trainer_finds_his_sessions_of_the_day(self, client_for):
        session = a_session()
        a_session(title="D’un autre")

        page = client_for(session.trainer).get("/emargement/")

        assert page.status_code == 200
        assert session.title in page.text
        assert "D’un autre" not in page.text
        assert "Ouvrir la feuille" in page.text

    def test_an_unreadable_day_is_today(self, client_for):
        page = client_for(a_session().trainer).get("/emargement/?jour=2026-13-45")

        assert page.status_code == 200
        assert "n’a pas pu être lue" in page.text

    def test_a_day_without_session_teaches(self, client_for):
        page = client_for(a_user("trainer")).get("/emargement/")

        assert "Aucune session ce jour" in page.text

    def test_a_half_day_is_opened_then_refused_twice(self, client_for):
        session = a_session()
        client, url = client_for(session.trainer), f"/emargement/ouvrir/{session.public_id}/"
        given = {"day": "2026-03-12", "half_day": "morning", "starts": "09:00", "ends": "12:30"}

        first, second = self.post(client, url, **given), self.post(client, url, **given)

        sheet = AttendanceSheet.objects.get()
        assert first.headers["Location"] == f"/emargement/{sheet.public_id}/"
        assert (second.status_code, "existe déjà" in second.text) == (409, True)

    def test_a_form_sent_twice_opens_one_sheet(self, client_for):
        session = a_session()
        client, url = client_for(session.trainer), f"/emargement/ouvrir/{session.public_id}/"
        given = {"day": "2026-03-12", "half_day": "morning", "starts": "09:00", "ends": "12:30"}
        key = {"idempotency_key": str(uuid4())}

        answers = [client.post(url, given | key), client.post(url, given | key)]

        assert {(a.status_code, a.headers["Location"]) for a in answers} == {
            (302, f"/emargement/{AttendanceSheet.objects.get().public_id}/")
        }

    def test_the_learner_signs_with_one_button_and_gets_his_receipt(self, client_for):
        sheet = a_sheet()
        client, url = client_for(sheet.people[0]), f"/emargement/{sheet.public_id}/signer/"

        asked = client.get(url)
        answer = self.post(client, url)
        receipt = client.get(answer.headers["Location"])

        assert "je signe" in asked.text
        assert "Votre présence est signée" in receipt.text
        assert Signature.objects.get().seal in receipt.text
        assert "9\u00a0h" in receipt.text

    def test_a_session_far_away_says_its_time_zone(self, client_for):
        sheet = a_sheet(a_session(zone="Indian/Reunion"))

        page = client_for(sheet.people[0]).get(f"/emargement/{sheet.public_id}/signer/")

        assert "heure de La Réunion" in page.text

    def test_another_learner_finds_nothing(self, client_for):
        sheet = a_sheet()
        stranger = an_adviser(in_post=False).user

        assert client_for(stranger).get(f"/emargement/{sheet.public_id}/signer/").status_code == 404
        assert client_for(sheet.people[0]).get(f"/emargement/{sheet.public_id}/").status_code == 404

    def test_another_trainer_finds_nothing(self, client_for):
        sheet = a_sheet()
        client = client_for(a_user("trainer"))

        for tail in (
            "",
            "etat/",
            "code/",
            "cloturer/",
            "signer-formateur/",
            f"absence/{sheet.marks.get().pk}/",
        ):
            assert client.get(f"/emargement/{sheet.public_id}/{tail}").status_code == 404, tail

    def test_the_sheet_counts_and_tells_what_is_missing(self, client_for):
        sheet = a_sheet(learners=2)
        api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)
        client = client_for(sheet.trainer)

        page = client.get(f"/emargement/{sheet.public_id}/")
        state = client.get(f"/emargement/{sheet.public_id}/etat/").json()
        closing = client.get(f"/emargement/{sheet.public_id}/cloturer/")

        assert (state["signed"], state["total"], state["closed"]) == (1, 2, False)
        assert f"/emargement/{sheet.public_id}/signer/" in page.text
        assert "<svg" in page.text
        assert str(sheet.people[1]) in closing.text
        assert "Clôturer définitivement" not in closing.text

    def test_the_trainer_notes_an_absence(self, client_for):
        sheet = a_sheet()
        url = f"/emargement/{sheet.public_id}/absence/{sheet.marks.get().pk}/"
        client = client_for(sheet.trainer)

        wrong = self.post(client, url, situation="present:")
        right = self.post(client, url, situation="excused:sick_leave")

        assert (wrong.status_code, right.status_code) == (422, 302)
        assert sheet.marks.get().presence == "excused"

    def test_the_trainer_signs_and_closes(self, client_for):
        sheet = a_sheet()
        api.sign_presence(sheet_id=sheet.pk, actor=sheet.people[0], at=NINE)
        client = client_for(sheet.trainer)

        early = self.post(client, f"/emargement/{sheet.public_id}/cloturer/")
        with time_machine.travel(HALF_PAST_TWELVE, tick=False):
            self.post(client, f"/emargement/{sheet.public_id}/signer-formateur/")
            self.post(client, f"/emargement/{sheet.public_id}/cloturer/")
            page = client.get(f"/emargement/{sheet.public_id}/")

        sheet.refresh_from_db()
        assert early.status_code == 409
        assert sheet.hash
        assert sheet.hash in page.text
        assert "Feuille n° 1" in page.text
        assert f"/emargement/{sheet.public_id}/absence/" not in page.text

    def test_a_manager_keeps_the_sheet_but_does_not_sign_it(self, client_for):
        sheet = a_sheet()
        client = client_for(a_user("organisation_manager", sheet.session.module.organisation))

        assert client.get(f"/emargement/{sheet.public_id}/").status_code == 200
        assert self.post(client, f"/emargement/{sheet.public_id}/signer-formateur/").status_code == 404

    def test_the_auditor_reads_and_changes_nothing(self, client_for):
        sheet = a_sheet()
        client = client_for(a_user("auditor"))

        page = client.get(f"/emargement/{sheet.public_id}/")

        assert page.status_code == 200
        assert "/absence/" not in page.text
        assert self.post(client, f"/emargement/{sheet.public_id}/cloturer/").status_code in {403, 404}

    def test_the_adviser_sees_first_what_he_has_to_sign(self, client_for):
        sheet = a_sheet()

        page = client_for(sheet.people[0]).get("/mes-sessions/").text

        assert 0 < page.index("À signer") < page.index("Prochaines sessions")
        assert f"/emargement/{sheet.public_id}/signer/" in page

    def test_the_tutor_attests_a_week_of_his_learner(self, client_for):
        path = a_path()
        with time_machine.travel(datetime(2026, 2, 1, tzinfo=UTC)):
            enrolment = api.enrol(
                adviser=an_adviser(in_post=False), path_version=path.version, source="self", actor=root(),
                at=datetime(2026, 2, 1, tzinfo=UTC),
            )  # fmt: skip
        client = client_for(a_user("placement_tutor", path.organisation))
        url = f"/stages/{enrolment.registration}/{path.placement.public_id}/"

        listed = client.get("/stages/")
        done = self.post(client, url, week="2026-03-02", hours="35", quarter="0")
        again = self.post(client, url, week="2026-03-02", hours="35", quarter="0")
        none = self.post(client, url, week="2026-02-23", hours="0", quarter="0")

        assert str(enrolment.adviser) in listed.text
        assert (done.status_code, again.status_code, none.status_code) == (302, 422, 422)
        assert enrolment.placements.get().minutes == 2100

    def test_the_tutor_of_another_organisation_finds_nothing(self, client_for):
        path = a_path()
        enrolment = enrolled(path)
        client = client_for(a_user("placement_tutor"))

        assert str(enrolment.adviser) not in client.get("/stages/").text
        url = f"/stages/{enrolment.registration}/{path.placement.public_id}/"
        assert client.get(url).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Two connections at once. Each has its control: with the lock off, the same race must break."""

    def both(self, *acts):
        """Run the acts at the same instant, each on its own connection; their refusals."""
        gate, refusals = Barrier(len(acts)), []

        def run(act):
            try:
                gate.wait(10)
                act()
            except Exception as error:  # noqa: BLE001 — whatever it is, the test looks at it
                refusals.append(error)
            finally:
                connections.close_all()

        threads = [Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return refusals

    def two_places(self):
        adviser = an_adviser(in_post=False)
        here = a_sheet(a_session(title="Ici"), learners=0, advisers=[adviser])
        there = a_sheet(
            a_session(title="Là-bas", zone="Indian/Reunion"), learners=0, advisers=[adviser],
            half_day="afternoon", starts=time(13), ends=time(16),
        )  # fmt: skip
        return [
            lambda sheet=sheet: api.sign_presence(sheet_id=sheet.pk, actor=adviser.user, at=NOON)
            for sheet in (here, there)
        ]

    def test_a_learner_who_signs_in_two_places_at_once_signs_in_one(self):
        for _ in range(3):
            refusals = self.both(*self.two_places())

            assert [type(refusal).__name__ for refusal in refusals] == ["PresentElsewhereError"]
        assert api.overlapping_presences() == []

    def test_control_without_the_lock_he_would_be_in_both(self, monkeypatch):
        acts = self.two_places()
        unlocked(monkeypatch, sign, "present_elsewhere")

        assert self.both(*acts) == []

        assert len(api.overlapping_presences()) == 1

    def two_closings(self):
        path = a_path()
        sheets = [signed_by_all(a_sheet(a_session(path))) for _ in range(2)]
        return [
            lambda sheet=sheet: api.close_sheet(sheet_id=sheet.pk, actor=sheet.trainer, at=NOON)
            for sheet in sheets
        ]

    def test_two_sheets_closed_at_once_take_two_numbers(self):
        for _ in range(3):
            assert self.both(*self.two_closings()) == []

        assert api.verify_sheets() == []

    def test_control_without_the_lock_two_sheets_would_take_one_number(self, monkeypatch):
        acts = self.two_closings()
        unlocked(monkeypatch, close, "sheet_hash")

        assert self.both(*acts) == []

        assert list(AttendanceSheet.objects.values_list("number", flat=True)) == [1, 1]
        assert api.verify_sheets()

    def test_one_sheet_closed_twice_at_once_proves_once(self):
        sheet = signed_by_all(a_sheet())

        def closing():
            api.close_sheet(sheet_id=sheet.pk, actor=sheet.trainer, at=NOON)

        refusals = self.both(closing, closing)

        assert [type(refusal).__name__ for refusal in refusals] == ["SheetClosedError"]
        assert Evidence.objects.count() == 1


def unlocked(monkeypatch, service, reading):
    """Take the row locks of this room away, and let neither act go on before both have done that reading."""
    lock, read, met = QuerySet.select_for_update, getattr(service, reading), Barrier(2)
    ours = {AttendanceSheet, Adviser, TrainingOrganisation}

    def no_lock(queryset, *args, **options):
        return queryset.all() if queryset.model in ours else lock(queryset, *args, **options)

    def meeting(*args):
        found = read(*args)
        met.wait(10)
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", no_lock)
    monkeypatch.setattr(service, reading, meeting)
