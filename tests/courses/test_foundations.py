"""The foundations: one canonical text, workflows as tables, walls in the database, headers on every answer."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from types import ModuleType, SimpleNamespace
from uuid import UUID

import pytest
from django.core.checks import Error
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import path, reverse

from certification.models import Claim
from courses import api
from courses.audit.models import AuditEntry
from courses.audit.rules import entry_hash
from courses.models import AttendanceMark, AttendanceSheet, Enrolment, Membership, PostAssignment, Statement
from courses.shared import canonical, clock, logs, refusals, walls
from courses.shared.errors import ConflictError
from courses.shared.workflow import Step, Workflow
from lms.operations.routes import check_policies
from tests import factories
from tests.factories import DAY, NOON
from tests.world import MONDAY, Line, Organisation, at

BROKEN_WALL = (IntegrityError, DatabaseError)


@pytest.fixture
def line(db):
    return Line(Organisation(), until="train")


# ---------------------------------------------------------------- one canonical text


class TestCanonical:
    """These hashes are in sealed rows for ever: a change of one letter here breaks them all."""

    def test_the_text_is_sorted_without_blanks_and_in_utf8(self):
        value = {"é": [1, True, None], "a": {"z": "«", "b": -3}, "date": date(2026, 3, 12)}

        assert canonical.dumps(value) == '{"a":{"b":-3,"z":"«"},"date":"2026-03-12","é":[1,true,null]}'

    def test_an_instant_has_one_text_whatever_its_zone(self):
        paris = datetime(2026, 3, 12, 13, 0, tzinfo=timezone(timedelta(hours=1)))

        assert canonical.dumps([paris]) == canonical.dumps([NOON]) == '["2026-03-12T12:00:00.000000Z"]'

    def test_golden_vector_of_a_digest(self):
        text = 'preuve\n{"id":"00000000-0000-4000-8000-000000000001","minutes":210}'
        value = {"minutes": 210, "id": UUID("00000000-0000-4000-8000-000000000001")}

        assert canonical.digest("preuve", value) == hashlib.sha256(text.encode()).hexdigest()
        assert (
            canonical.digest("preuve", value)
            == "2eae95167f47a9ccbe49c7bf676f2293001c8c267ac98074f651a46a6d73396f"
        )

    def test_golden_vector_of_an_audit_entry(self):
        entry = SimpleNamespace(
            chain="jury", sequence=7, at=NOON, action="juries.decision.sign",
            actor="00000000-0000-4000-8000-000000000001", real_actor="", role="jury_member", organisation="",
            object_type="certification.jurydecision", object_id="12", object_seal="ab" * 32,
            after='{"outcome":"acquired"}', reason="", request_id="", previous_hash="cd" * 32, version=1,
        )  # fmt: skip

        assert entry_hash(entry) == "6f79d4da448c3514a8f45b4a50254d7836c26dd470c3d9decc08d2640a143812"

    def test_two_kinds_of_objects_never_share_a_hash(self):
        assert canonical.digest("a", {"x": 1}) != canonical.digest("b", {"x": 1})

    @pytest.mark.parametrize("value", [1.0, {"cents": 0.5}, [[1.5]], ({"a": (2.0,)},), float("nan")])
    def test_a_float_is_refused_at_any_depth(self, value):
        with pytest.raises(TypeError, match="float has no canonical form"):
            canonical.dumps(value)

    @pytest.mark.parametrize("value", [datetime(2026, 3, 12), {"a": b"x"}, {1, 2}])  # noqa: DTZ001
    def test_what_has_no_one_text_is_refused(self, value):
        with pytest.raises(TypeError):
            canonical.dumps(value)


# ---------------------------------------------------------------- lives as tables


class _Door(models.TextChoices):
    OPEN = "open", "Ouverte"
    SHUT = "shut", "Fermée"
    WALLED = "walled", "Murée"


class TestWorkflow:
    @pytest.fixture
    def door(self):
        yield Workflow(
            "Porte",
            _Door,
            {"shut": Step({_Door.OPEN}, _Door.SHUT), "wall": Step({_Door.SHUT, _Door.OPEN}, _Door.WALLED)},
        )
        del Workflow.registry["Porte"]

    def test_a_step_moves_and_an_impossible_one_says_from_which_state(self, door):
        mine = SimpleNamespace(state="open")

        door.take("shut", mine)

        assert mine.state == "shut"
        with pytest.raises(ConflictError, match="dans l’état « Fermée »"):
            door.take("shut", mine)
        assert mine.state == "shut"

    def test_the_diagram_is_drawn_from_the_table(self, door):
        assert door.mermaid() == (
            "stateDiagram-v2\n    open --> shut: shut\n    open --> walled: wall\n    shut --> walled: wall"
        )

    def test_every_table_of_the_house_only_names_its_own_states(self):
        assert Workflow.registry
        for workflow in Workflow.registry.values():
            states = set(workflow.choices.values)
            for step in workflow.steps.values():
                assert step.sources <= states, workflow.name
                assert step.target in states, workflow.name


# ---------------------------------------------------------------- two time axes


class TestHistory:
    def test_what_was_believed_then_and_what_is_known_now(self, db):
        # given an assignment known on NOON, then corrected three days later
        adviser = factories.an_adviser()
        assignment = PostAssignment.objects.get(adviser=adviser)
        later = NOON + timedelta(days=3)
        api.release_post(assignment_id=assignment.pk, end=DAY, actor=factories.root(), at=later)
        mine = PostAssignment.objects.filter(adviser=adviser)

        # then each instant keeps its own truth about the same day
        after = DAY + timedelta(days=1)
        assert mine.as_of(after, NOON).exists()
        assert not mine.as_of(after, later).exists()
        assert mine.as_of(DAY, later).exists()
        assert not mine.as_of(DAY, NOON - timedelta(seconds=1)).exists()

    def test_a_row_stops_being_believed_once(self, db):
        adviser = factories.an_adviser()
        assignment = PostAssignment.objects.get(adviser=adviser)
        api.release_post(assignment_id=assignment.pk, end=DAY, actor=factories.root(), at=NOON)
        assignment.refresh_from_db()

        for other in (NOON + timedelta(days=1), None):
            with pytest.raises(BROKEN_WALL, match="append-only"), transaction.atomic():
                PostAssignment.objects.filter(pk=assignment.pk).update(superseded_at=other)
        assignment.refresh_from_db()
        assert assignment.superseded_at == NOON

    def test_a_seal_tells_that_a_byte_moved(self, db):
        membership = _membership()
        assert membership.computed_seal() == membership.seal

        membership.role = "payer"

        assert membership.computed_seal() != membership.seal


def _membership() -> Membership:
    return Membership.objects.get(user=factories.a_user("auditor"))


# ---------------------------------------------------------------- the clock


class TestClock:
    def test_the_day_is_the_one_of_paris(self):
        with clock.travel(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
            assert clock.today() == date(2026, 7, 1)

    def test_a_journey_ends_even_badly(self):
        with pytest.raises(ZeroDivisionError), clock.travel(NOON):
            assert 1 / (clock.now() - NOON).seconds

        assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


# ---------------------------------------------------------------- walls


@pytest.mark.django_db
class TestWalls:
    def test_they_all_stand(self):
        assert walls.missing() == []
        walls.stand_or_stop()

    def test_they_may_be_put_up_again(self):
        walls.install()

        assert walls.missing() == []

    def test_a_fallen_wall_is_named_and_keeps_the_house_shut(self):
        table = AuditEntry._meta.db_table
        sqlite = connection.vendor == "sqlite"
        name = f"{table}_no_update" if sqlite else f"{table}_append_only"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))

        assert walls.missing() == [name]
        with pytest.raises(SystemExit, match=rf"Database walls are missing \({name}.*manage.py migrate"):
            walls.stand_or_stop()

        walls.install()
        assert walls.missing() == []

    @pytest.mark.parametrize("model", [Membership, AuditEntry, Statement, Enrolment])
    def test_history_is_not_rewritten(self, model, line):
        table = model._meta.db_table
        for act in (f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"):
            with pytest.raises(BROKEN_WALL), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act)

    def test_no_column_is_forgotten_by_the_walls(self):
        """Each column of an append-only table, one by one: NULL or an empty text is a change too."""
        membership = _membership()
        table = Membership._meta.db_table
        for field in Membership._meta.local_concrete_fields:
            if field.column in Membership.CLOSING_COLUMNS:
                continue
            value = "id + 1000" if field.primary_key else f'NULLIF("{field.column}", "{field.column}")'
            with pytest.raises(BROKEN_WALL), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'UPDATE {table} SET "{field.column}" = {value}, "end" = \'2031-01-01\'')
        membership.refresh_from_db()
        assert membership.computed_seal() == membership.seal

    def test_a_row_is_not_replaced_under_its_own_key(self):
        if connection.vendor != "sqlite":
            pytest.skip("REPLACE is SQLite's")
        membership = _membership()
        table = Membership._meta.db_table
        with (
            pytest.raises(BROKEN_WALL, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = {membership.pk}")

    @pytest.mark.postgres
    @pytest.mark.parametrize("model", [AuditEntry, Statement, AttendanceSheet, AttendanceMark, Claim])
    def test_no_table_of_proofs_is_emptied(self, model):
        with (
            pytest.raises(BROKEN_WALL, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")

    def test_a_wall_is_lowered_for_a_reason_only_and_stands_again(self):
        with pytest.raises(ValueError, match="for a reason"), walls.down(reason=""):
            pass  # pragma: no cover

        membership = _membership()
        with walls.down(reason="essai"):
            Membership.objects.filter(pk=membership.pk).update(role="payer")

        assert walls.missing() == []
        with pytest.raises(BROKEN_WALL, match="append-only"), transaction.atomic():
            Membership.objects.filter(pk=membership.pk).update(role="auditor")

    def test_two_periods_of_one_person_do_not_overlap_even_by_raw_sql(self):
        assignment = factories.an_assignment(factories.an_adviser(in_post=False))
        twin = PostAssignment.objects.get(pk=assignment.pk)
        twin.pk = None
        twin._state.adding = True
        twin.start = DAY + timedelta(days=30)

        with pytest.raises(BROKEN_WALL, match="no_overlap") as broken, transaction.atomic():
            twin.save()
        # and the reader gets a sentence, not the name of a constraint
        sentence = refusals.from_integrity_error(broken.value)
        assert sentence in PostAssignment.NO_OVERLAP_MESSAGES.values()


class TestFrozenRows:
    """A closed sheet, with its marks, does not move, whoever writes to the database."""

    def refused(self, act: str, *values: object) -> None:
        with pytest.raises(BROKEN_WALL, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act, values)

    def test_a_closed_sheet_does_not_move(self, line):
        table = AttendanceSheet._meta.db_table
        self.refused(f"UPDATE {table} SET minutes = 180 WHERE id = %s", line.sheet.pk)
        self.refused(
            f"UPDATE {table} SET state = 'open', closed_at = NULL, number = NULL WHERE id = %s", line.sheet.pk
        )
        self.refused(f"DELETE FROM {table} WHERE id = %s", line.sheet.pk)

    def test_its_marks_do_not_move(self, line):
        table = AttendanceMark._meta.db_table
        self.refused(f"UPDATE {table} SET minutes = 1 WHERE sheet_id = %s", line.sheet.pk)
        self.refused(f"DELETE FROM {table} WHERE sheet_id = %s", line.sheet.pk)

    def test_no_mark_enters_or_leaves_a_closed_sheet(self, line):
        # given another sheet of the same session, still open, where the learner is expected
        tuesday = MONDAY + timedelta(days=1)
        other = api.open_sheet(
            session=line.session, day=tuesday, half_day="morning", starts=at(MONDAY, 9).time(),
            ends=at(MONDAY, 12).time(), actor=line.trainer, at=at(tuesday, 8),
        )  # fmt: skip
        mark = other.marks.get()
        table = AttendanceMark._meta.db_table

        # then its mark does not move onto the closed one, nor the closed one's to it, nor is one added there
        self.refused(f"UPDATE {table} SET sheet_id = %s WHERE id = %s", line.sheet.pk, mark.pk)
        self.refused(f"UPDATE {table} SET sheet_id = %s WHERE sheet_id = %s", other.pk, line.sheet.pk)
        columns = ", ".join(
            f'"{f.column}"' for f in AttendanceMark._meta.local_concrete_fields if not f.primary_key
        )
        chosen = columns.replace('"sheet_id"', "%s")
        self.refused(
            f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} WHERE id = %s",
            line.sheet.pk,
            mark.pk,
        )

        # but on the open sheet everything still moves
        AttendanceMark.objects.filter(pk=mark.pk).update(presence="absent")


class TestRefusals:
    def test_a_broken_rule_of_ours_has_its_french_sentence(self, line):
        mark = line.sheet.marks.get()
        with pytest.raises(IntegrityError) as broken, transaction.atomic():
            AttendanceSheet.objects.create(
                session=line.session, day=line.sheet.day, half_day=line.sheet.half_day, starts_at=line.sheet.starts_at,
                ends_at=line.sheet.ends_at, minutes=210, opened_at=NOON,
            )  # fmt: skip

        assert (
            refusals.from_integrity_error(broken.value) == "Une feuille existe déjà pour cette demi-journée."
        )
        assert mark.pk

    def test_a_bug_of_ours_has_none(self):
        assert refusals.from_integrity_error(IntegrityError("NOT NULL constraint failed: x.y")) is None


# ---------------------------------------------------------------- headers and origins


class _Kind(StrEnum):
    PAGE = "/accessibilite/"
    LOGIN = "/connexion/"
    NOT_THERE = "/nulle-part/"
    NOT_SIGNED_IN = "/accueil/"
    HEALTH = "/healthz/live"
    XAPI = "/xapi/about"
    XAPI_REFUSED = "/xapi/statements"
    STATIC_MISSING = "/static/absent.css"


@pytest.mark.django_db
class TestHeaders:
    def assert_strict(self, answer):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "object-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "{nonce}" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Permissions-Policy"]
        assert answer["X-Request-Id"]
        return policy

    @pytest.mark.parametrize("path", list(_Kind), ids=[kind.name.lower() for kind in _Kind])
    def test_every_answer_bears_them(self, client_for, path):
        self.assert_strict(client_for().get(path))

    def test_a_refusal_bears_them(self, client_for):
        answer = client_for(factories.a_user("auditor")).post("/inscriptions/1/")

        assert answer.status_code == 403
        self.assert_strict(answer)

    def test_a_failure_of_ours_bears_them(self, client_for, settings):
        """The real 500: a page whose template context breaks."""
        settings.TEMPLATES = [
            {
                **settings.TEMPLATES[0],
                "OPTIONS": {"context_processors": ["tests.courses.test_foundations.broken"]},
            }
        ]
        client = client_for()
        client.raise_request_exception = False

        answer = client.get("/accessibilite/")

        assert answer.status_code == 500
        self.assert_strict(answer)

    def test_an_unknown_host_gets_them_too(self):
        answer = Client(SERVER_NAME="ailleurs.exemple.invalid").get("/")

        assert answer.status_code == 400
        self.assert_strict(answer)

    def test_the_content_origin_gets_them_too(self, settings):
        self.assert_strict(Client(headers={"host": f"127.0.0.1:{settings.LMS_PORT + 1}"}).get("/accueil/"))

    def test_the_nonce_is_new_each_time(self, client_for):
        client = client_for()
        policies = {self.assert_strict(client.get("/connexion/")) for _ in range(3)}

        assert len(policies) == 3
        assert all("script-src 'self' 'nonce-" in policy for policy in policies)

    def test_what_a_person_reads_is_kept_by_no_cache(self, client_for):
        answer = client_for(factories.an_adviser().user).get("/accueil/")

        assert answer["Cache-Control"] == "private, no-store"

    def test_the_id_of_a_request_is_kept_when_well_made_only(self, client_for):
        given = "01234567-89ab-cdef-0123-456789abcdef"
        client = client_for()

        assert client.get("/healthz/live", headers={"X-Request-Id": given})["X-Request-Id"] == given
        for bad in ("x" * 12, "a" * 65, "<script>", "abc"):
            assert client.get("/healthz/live", headers={"X-Request-Id": bad})["X-Request-Id"] != bad
        assert logs.request_id.get() == ""


def broken(request):
    raise RuntimeError("broken on purpose")


@pytest.mark.django_db
class TestOrigins:
    @pytest.fixture
    def content(self, settings):
        return Client(headers={"host": f"127.0.0.1:{settings.LMS_PORT + 1}"})

    @pytest.mark.parametrize(
        "path", ["/", "/accueil/", "/connexion/", "/administration/", "/verifier/", "/static/x.css"]
    )
    def test_pages_do_not_answer_on_the_content_origin(self, content, path):
        answer = content.get(path)

        assert answer.status_code == 404
        assert not answer.cookies

    def test_nobody_signs_in_there(self, content):
        assert content.post("/connexion/", {"username": "a", "password": "b"}).status_code == 404

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    @pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready", "/xapi/about"])
    def test_machines_are_answered_on_both(self, host, path):
        assert Client(SERVER_NAME=host).get(path).status_code == 200

    def test_someone_who_typed_the_address_in_figures_is_sent_to_the_site(self, settings):
        client = Client(headers={"host": f"127.0.0.1:{settings.LMS_PORT}"})

        answer = client.get("/connexion/?next=/a")

        assert (answer.status_code, answer["Location"]) == (
            302,
            f"{settings.LMS_PUBLIC_URL}/connexion/?next=/a",
        )
        assert client.post("/connexion/").status_code == 404

    def test_a_final_dot_is_the_same_host(self, settings):
        answer = Client(headers={"host": f"127.0.0.1.:{settings.LMS_PORT + 1}"}).get("/connexion/")

        assert (answer.status_code, answer["Location"]) == (302, f"{settings.LMS_PUBLIC_URL}/connexion/")


@pytest.mark.django_db
class TestReadersWriteNothing:
    @pytest.mark.parametrize("role", ["auditor", "prefect"])
    def test_a_reader_s_post_is_403(self, client_for, role):
        extra = {"departement_code": "46"} if role == "prefect" else {}
        client = client_for(factories.a_user(role, **extra))

        for name in ("home", "claims", "committees"):
            answer = client.post(reverse(name), {"a": "b"})
            assert answer.status_code == 403, name
            assert "ne rien modifier" in answer.content.decode()

    def test_a_reader_signs_out(self, client_for):
        assert client_for(factories.a_user("auditor")).post("/deconnexion/").status_code == 302

    def test_a_stranger_is_sent_to_sign_in(self, client_for):
        answer = client_for().post(reverse("home"))

        assert answer.status_code == 302
        assert answer["Location"].startswith("/connexion/")


def test_every_route_of_the_house_names_its_policy():
    assert check_policies() == []


def test_a_route_without_policy_stops_the_start(settings):
    bare = ModuleType("bare_urls")
    bare.urlpatterns = [path("nu/", lambda request: None, name="bare")]
    settings.ROOT_URLCONF = bare

    problems = check_policies()

    assert [problem.id for problem in problems] == ["lms.E001"]
    assert isinstance(problems[0], Error)
