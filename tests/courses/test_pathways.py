"""Paths, enrolments, evidence, and the progress it makes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from courses import api
from courses.models import AuditEntry, Evidence, ModuleProgress, PathVersion, Statement
from courses.pathways import rebuild
from courses.pathways.rules import EvidenceValue, module_outcome_from
from courses.pathways.structure import ActivityStructure, ModuleStructure, PathStructure
from tests import factories
from tests.courses.learning import WRONG, World
from tests.factories import DAY, NOON

LATER = NOON + timedelta(days=2)


class TestPublishPathVersion:
    pytestmark = pytest.mark.django_db

    def test_the_same_structure_is_the_same_version(self):
        world = World()

        again, created = api.publish_path_version(
            organisation=world.organisation, path_public_id=world.path_id, structure=world.structure(),
            actor=factories.root(), at=LATER,
        )  # fmt: skip

        assert (again, created) == (world.version, False)

    def test_another_structure_is_the_next_version_and_the_first_one_stays(self):
        world = World()
        changed = replace(world.structure(), title="Parcours revu")

        version, created = api.publish_path_version(
            organisation=world.organisation, path_public_id=world.path_id, structure=changed,
            actor=factories.root(), at=LATER,
        )  # fmt: skip

        assert (version.number, created) == (2, True)
        assert api.structure_of(PathVersion.objects.get(pk=world.version.pk)) == world.structure()

    def test_refuses_a_duration_that_nothing_proves(self):
        world = World()
        structure = world.structure()
        longer = replace(structure, modules=(replace(structure.modules[0], minutes=600),))

        with pytest.raises(api.StructureError, match="n’en prouvent que 420"):
            api.publish_path_version(
                organisation=world.organisation, path_public_id=uuid4(), structure=longer,
                actor=factories.root(), at=NOON,
            )  # fmt: skip

    def test_refuses_the_path_of_another_organisation(self):
        world = World()

        with pytest.raises(api.StructureError, match="autre organisme"):
            api.publish_path_version(
                organisation=factories.a_training_organisation(), path_public_id=world.path_id,
                structure=world.structure(), actor=factories.root(), at=NOON,
            )  # fmt: skip

    def test_a_structure_reads_back_what_it_wrote(self):
        structure = World().structure()

        assert PathStructure.from_json(structure.to_json()) == structure


class TestEnrol:
    pytestmark = pytest.mark.django_db

    def test_refuses_a_second_enrolment_to_the_same_path(self):
        world = World()

        with pytest.raises(api.AlreadyEnrolledError, match="déjà inscrit"):
            api.enrol(
                adviser=world.adviser, path_version=world.version, source="self", actor=world.user, at=LATER
            )

    def test_starts_with_every_module_to_do(self):
        world = World()

        (progress,) = api.progress_of(world.enrolment)

        assert (progress.state, progress.required_minutes, progress.activities_total) == ("todo", 420, 3)


class TestReadLesson:
    pytestmark = pytest.mark.django_db

    def test_writes_one_trace_and_one_proof_of_class_e0_however_often_it_is_read(self):
        world = World()

        first, second = world.read(), world.read()

        assert first == second
        statement = Statement.objects.get(registration=world.enrolment.registration)
        assert (first.evidence_class, statement.evidence_class, first.statement) == ("E0", "E0", statement)

    def test_never_proves_a_minute(self):
        world = World()

        world.read()

        outcome = world.outcome()
        assert (outcome.state, outcome.proved_minutes) == ("in_progress", 0)
        assert not Evidence.objects.filter(evidence_class="E0", minutes__gt=0).exists()

    def test_refuses_another_person(self):
        world = World()

        with pytest.raises(api.NotYourEnrolmentError):
            api.read_lesson(
                enrolment=world.enrolment,
                activity_public_id=world.lesson_id,
                actor=factories.a_user(),
                at=NOON,
            )

    @pytest.mark.parametrize("which", ["quiz_id", "unknown"])
    def test_refuses_what_is_no_lesson_of_the_path(self, which):
        world = World()

        with pytest.raises(api.NotInPathError):
            api.read_lesson(
                enrolment=world.enrolment,
                activity_public_id=getattr(world, which, uuid4()),
                actor=world.user,
                at=NOON,
            )


class TestRecordEvidence:
    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize("evidence_class", ["E0", "E3", "E4"])
    def test_minutes_need_a_graded_or_attested_proof(self, evidence_class):
        world = World()
        proof = {
            "enrolment": world.enrolment, "activity": world.activity(world.session_id), "kind": "presence",
            "evidence_class": evidence_class, "minutes": 60, "source_key": "x", "valid_on": DAY,
        }  # fmt: skip

        with pytest.raises(api.UnprovedMinutesError):
            api.record_evidence(**proof, at=NOON)
        # … and the database refuses as well.
        row = Evidence(**proof, module=world.module, known_at=NOON)
        with pytest.raises(IntegrityError, match="evidence_minutes_need_proof"), transaction.atomic():
            row.save()

    def test_the_same_source_twice_is_one_proof(self):
        world = World()

        assert world.attend() == world.attend()
        assert world.outcome().on_site_minutes == 210

    def test_the_same_source_with_another_content_is_refused(self):
        world = World()
        world.attend()

        with pytest.raises(api.EvidenceConflictError):
            world.attend(minutes=200)

    def test_refuses_an_activity_of_another_path(self):
        world, other = World(), World()

        with pytest.raises(api.NotInPathError):
            api.record_evidence(
                enrolment=world.enrolment, activity=other.activity(other.session_id), kind="presence",
                evidence_class="E2", minutes=10, source_key="y", valid_on=DAY, at=NOON,
            )  # fmt: skip

    def test_is_never_changed_nor_deleted(self):
        evidence = World().attend()

        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=evidence.pk).update(minutes=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=evidence.pk)._raw_delete("default")


class TestModuleOutcome:
    pytestmark = pytest.mark.django_db

    def test_says_exactly_what_is_missing_and_where_to_mend_it(self):
        world = World()
        world.attend(minutes=90)

        missing = api.missing_for_module(world.enrolment, world.module)

        assert [lack.text for lack in missing] == [
            "Leçon à lire\u00a0: Lire un tableau",
            "Questionnaire à réussir\u00a0: Vérifier ses acquis",
            "Il manque 2\u00a0h de présence émargée\u00a0: Atelier",
        ]
        assert missing[1].url == f"/parcours/{world.enrolment.registration}/questionnaire/{world.quiz_id}/"
        assert missing[2].minutes == 120

    def test_is_done_with_a_passed_quiz_and_a_whole_presence(self):
        world = World()
        world.answer()
        world.attend()

        outcome = world.outcome()

        assert (outcome.state, outcome.on_site_minutes, outcome.remote_minutes) == ("done", 210, 210)
        assert outcome.missing == ()
        (progress,) = api.progress_of(world.enrolment)
        assert (progress.state, progress.proved_minutes, progress.completed_on) == ("done", 420, DAY)

    def test_answers_for_a_past_day_and_for_what_was_known_then(self):
        world = World()
        world.attend(day=date(2026, 3, 10))

        assert world.outcome(as_of=date(2026, 3, 9)).on_site_minutes == 0
        assert world.outcome(as_of=date(2026, 3, 10)).on_site_minutes == 210
        assert world.outcome(known_at=NOON - timedelta(seconds=1)).on_site_minutes == 0

    def test_refuses_a_module_of_another_path(self):
        with pytest.raises(api.NotInPathError):
            api.module_outcome(World().enrolment, World().module)


LESSON, QUIZ, SESSION, PLACEMENT = (UUID(int=n) for n in range(1, 5))
MODULE = ModuleStructure(
    UUID(int=9), "Module", 540,
    activities=(
        ActivityStructure(LESSON, "lesson", "Leçon", 60, evaluated_by=QUIZ),
        ActivityStructure(QUIZ, "quiz", "Questionnaire"),
        ActivityStructure(SESSION, "session", "Séance", 240),
        ActivityStructure(PLACEMENT, "placement", "Stage", 240),
    ),
)  # fmt: skip
_KINDS = {"lesson_read": (LESSON, "E0"), "quiz_graded": (QUIZ, "E1"), "presence": (SESSION, "E2"),
          "placement": (PLACEMENT, "E2")}  # fmt: skip


@st.composite
def proofs(draw) -> EvidenceValue:
    kind = draw(st.sampled_from(sorted(_KINDS)))
    activity, evidence_class = _KINDS[kind]
    passed = kind == "quiz_graded" and draw(st.booleans())
    minutes = {"presence": 120, "placement": 240}.get(kind, 60 if passed else 0)
    return EvidenceValue(
        source_key=f"{kind}:{draw(st.integers(1, 4))}", activity=activity, kind=kind, evidence_class=evidence_class,
        valid_on=date(2026, 3, draw(st.integers(1, 28))), minutes=minutes, success=passed,
    )  # fmt: skip


class TestStatusIsAPureFunctionOfASetOfFacts:
    @given(data=st.data(), values=st.lists(proofs(), max_size=12))
    def test_no_order_and_no_repetition_changes_it(self, data, values):
        repeated = values + (data.draw(st.lists(st.sampled_from(values))) if values else [])
        shuffled = data.draw(st.permutations(repeated))

        assert module_outcome_from(shuffled, MODULE) == module_outcome_from(values, MODULE)

    @given(values=st.lists(proofs(), max_size=12))
    def test_one_more_proof_never_takes_anything_away(self, values):
        before = module_outcome_from(values, MODULE)

        after = module_outcome_from([*values, replace_key(values)], MODULE)

        assert after.proved_minutes >= before.proved_minutes
        assert after.activities_done >= before.activities_done

    @given(values=st.lists(proofs(), max_size=12))
    def test_what_was_merely_read_gives_no_minute(self, values):
        declared = [replace(value, evidence_class="E0", minutes=600) for value in values]

        assert module_outcome_from(declared, MODULE).proved_minutes == 0


def replace_key(values: list[EvidenceValue]) -> EvidenceValue:
    return EvidenceValue("presence:new", SESSION, "presence", "E2", date(2026, 3, 15), 120)


class TestRebuild:
    pytestmark = pytest.mark.django_db

    def test_finds_nothing_to_say_after_ordinary_acts(self):
        world = World()
        world.read()
        world.answer(WRONG)
        world.answer()
        world.answer()

        report = rebuild.rebuild(check=True)

        assert report.differences == []
        assert report.rows == 4 + 1

    def test_gives_the_same_hash_twice(self):
        World().answer()

        assert rebuild.rebuild(check=True).hash == rebuild.rebuild(check=True).hash

    def test_a_change_of_address_takes_no_evidence_away(self, settings):
        world = World()
        world.read()
        before = rebuild.rebuild(check=True)

        settings.LMS_PUBLIC_URL = "https://autre.example"

        after = rebuild.rebuild(check=True)
        assert (after.differences, after.hash) == ([], before.hash)

    def test_names_and_mends_a_projection_that_drifted(self):
        world = World()
        world.answer()
        ModuleProgress.objects.filter(enrolment=world.enrolment).update(remote_minutes=999)

        found = rebuild.rebuild(check=False, at=LATER).differences

        assert len(found) == 1
        assert "remote_minutes vaut 999 et non 210" in found[0]
        assert rebuild.rebuild(check=True).differences == []

    def test_deletes_unexplained_evidence_only_for_a_written_reason(self):
        world = World()
        world.attend(key="nowhere:1")  # no sheet of the attendance room explains it

        rebuild.rebuild(check=False, at=LATER)
        assert Evidence.objects.filter(source_key="nowhere:1").exists()

        rebuild.rebuild(check=False, at=LATER, reason="Essai de reconstruction")
        assert not Evidence.objects.filter(source_key="nowhere:1").exists()
        assert AuditEntry.objects.get(action="walls.lower").reason == "Essai de reconstruction"
        assert rebuild.rebuild(check=True).differences == []

    def test_puts_back_evidence_that_was_lost(self):
        from courses.shared import walls

        world = World()
        world.answer()
        with walls.down(reason="essai"):
            Evidence.objects.all()._raw_delete("default")

        found = rebuild.rebuild(check=False, at=LATER).differences

        assert any("Preuve absente" in difference for difference in found)
        assert rebuild.rebuild(check=True).differences == []
        assert world.outcome().remote_minutes == 210


def test_dates_of_evidence_are_days_in_paris():
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)

    from courses.pathways.services.progress import day_of

    assert day_of(late) == date(2026, 3, 13)
