"""A live path changes: who learns keeps what he has, accepts or stays, and the preview told the truth."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from certification import api as certification
from courses import api
from courses.assessment.models import QuizAttempt
from courses.models import (
    Activity,
    Adviser,
    AuditEntry,
    Enrolment,
    Evidence,
    Module,
    PathVersion,
    TrainingOrganisation,
    VersionAdoption,
    VersionOffer,
)
from courses.pathways.structure import ActivityStructure, PathStructure
from tests import factories
from tests.courses.learning import RIGHT, quiz_content
from tests.courses.paths import a_path, key, module, remote, several
from tests.factories import DAY, NOON

LATER = NOON + timedelta(days=10)
LATER_DAY = DAY + timedelta(days=10)


@dataclass
class World:
    """A path in its first version, and a learner who follows it."""

    first: PathStructure
    organisation: TrainingOrganisation = field(default_factory=factories.a_training_organisation)
    adviser: Adviser = field(default_factory=lambda: factories.an_adviser(in_post=False))

    def __post_init__(self) -> None:
        self.path_id = uuid4()
        self.version = self.publish(self.first, NOON)
        self.enrolment = self.enrol()

    def publish(self, structure: PathStructure, at: datetime = LATER) -> PathVersion:
        structure = replace(structure, minutes=structure.least_minutes)
        version, _ = api.publish_path_version(
            organisation=self.organisation, path_public_id=self.path_id, structure=structure,
            actor=factories.root(), at=at,
        )  # fmt: skip
        for held, activity in structure.activities():
            if activity.kind == "quiz":
                minutes = sum(lesson.minutes for lesson in held.evaluated_by(activity.public_id))
                api.freeze_quiz(
                    path_version=version, activity=Activity.objects.get(public_id=activity.public_id),
                    content=quiz_content(), pass_percent=60, covers_minutes=minutes, actor=factories.root(), at=at,
                )  # fmt: skip
        return version

    def enrol(self) -> Enrolment:
        return api.enrol(
            adviser=self.adviser, path_version=self.version, source="self", actor=self.adviser.user, at=NOON
        )

    def offer(self, structure: PathStructure, at: datetime = LATER) -> VersionOffer:
        version = self.publish(structure, at)
        return api.offer_version(path_version=version, impact="{}", actor=factories.root(), at=at)

    def adopt(self, offer: VersionOffer, at: datetime = LATER) -> VersionAdoption:
        return api.adopt_version(enrolment=self.fresh(), offer=offer, actor=self.adviser.user, at=at)

    def fresh(self) -> Enrolment:
        return Enrolment.objects.with_versions().get(pk=self.enrolment.pk)

    def attend(self, name: str, day: date = DAY, minutes: int = 60, part: str = "séance") -> Evidence:
        return api.record_evidence(
            enrolment=self.fresh(), activity=Activity.objects.get(public_id=key(f"{name}/{part}")),
            kind="presence", evidence_class="E2", minutes=minutes, source_key=f"sheet:{name}:{part}:{day}",
            valid_on=day, at=NOON,
        )  # fmt: skip

    def answer(self, name: str, number: int = 1, at: datetime = NOON) -> QuizAttempt:
        enrolment = self.fresh()
        quiz = api.quiz_of(enrolment, key(f"{name}/q{number}"))
        return api.grade_attempt(
            enrolment=enrolment, quiz_version=quiz, answers=RIGHT, actor=self.adviser.user, at=at
        )

    def read(self, name: str, lesson: str, at: datetime = NOON) -> Evidence:
        return api.read_lesson(
            enrolment=self.fresh(), activity_public_id=key(f"{name}/{lesson}"), actor=self.adviser.user, at=at
        )

    def rows(self) -> dict[str, tuple]:
        return {
            row.module.title: (row.state, row.completed_on, row.proved_minutes)
            for row in api.progress_of(self.fresh())
        }

    @property
    def outcome(self) -> api.PathOutcome:
        return api.path_outcome(self.fresh())


A, B, C = module("A"), module("B"), module("C")


@pytest.mark.django_db
class TestOfferAndAdopt:
    def test_a_new_version_is_offered_and_nothing_moves_until_it_is_accepted(self):
        world = World(a_path(A, B))
        world.attend("A")
        before = world.rows()

        offer = world.offer(a_path(A, C))

        assert world.rows() == before
        assert world.fresh().version == world.version
        assert api.pending_offer(world.fresh()) == offer

    def test_accepted_it_is_the_version_followed_and_the_trail_says_so(self):
        world = World(a_path(A, B))
        offer = world.offer(a_path(A, C))

        world.adopt(offer)

        assert world.fresh().version == offer.path_version
        assert api.pending_offer(world.fresh()) is None
        assert AuditEntry.objects.filter(action="pathways.version.adopt").count() == 1
        assert AuditEntry.objects.filter(action="pathways.version.offer").count() == 1

    def test_offered_twice_it_is_one_offer(self):
        world = World(a_path(A))
        offer = world.offer(a_path(A, B))

        again = api.offer_version(
            path_version=offer.path_version, impact="{}", actor=factories.root(), at=LATER
        )

        assert again == offer

    def test_only_the_enrolled_adviser_accepts(self):
        world = World(a_path(A, B))
        offer = world.offer(a_path(A, C))

        with pytest.raises(api.NotYourEnrolmentError):
            api.adopt_version(enrolment=world.enrolment, offer=offer, actor=factories.a_user(), at=LATER)

    def test_is_accepted_once(self):
        world = World(a_path(A, B))
        offer = world.offer(a_path(A, C))
        world.adopt(offer)

        with pytest.raises(api.VersionRefusedError, match="déjà"):
            world.adopt(offer)
        assert VersionAdoption.objects.count() == 1

    def test_an_earlier_version_is_never_taken_up_again(self):
        world = World(a_path(A, B))
        second, third = world.offer(a_path(A, C)), world.offer(a_path(A, C, B))
        world.adopt(third)

        with pytest.raises(api.VersionRefusedError, match="plus ancienne"):
            world.adopt(second)

    def test_refuses_the_version_of_another_path(self):
        world, other = World(a_path(A, B)), World(a_path(module("X"), module("Y")))

        with pytest.raises(api.VersionRefusedError, match="autre parcours"):
            world.adopt(other.offer(a_path(module("X"))))

    def test_refuses_to_those_who_have_finished(self):
        world = World(a_path(A))
        world.attend("A")

        with pytest.raises(api.VersionRefusedError, match="déjà terminé"):
            world.adopt(world.offer(a_path(A, B)))


@pytest.mark.django_db
class TestWhatIsObtainedStays:
    def test_a_module_done_stays_done_with_its_date_though_the_new_version_asks_more(self):
        world = World(a_path(A, B))
        world.attend("A", DAY)
        world.adopt(world.offer(a_path(module("A", 3, parts=("séance", "suite", "fin")), B)))

        assert world.rows()["A"] == ("done", DAY, 60)
        assert world.outcome.module(key("A")).missing == ()

    def test_a_module_that_is_removed_keeps_its_row_after_those_of_the_present_version(self):
        world = World(a_path(A, B))
        world.attend("A", DAY)
        world.attend("B", minutes=30)
        world.adopt(world.offer(a_path(C)))

        assert list(world.rows()) == ["C", "A", "B"]
        assert world.rows()["A"] == ("done", DAY, 60)
        assert world.rows()["B"] == ("in_progress", None, 30)

    def test_proved_minutes_of_an_activity_that_is_removed_never_fall(self):
        world = World(a_path(module("A", 2, parts=("un", "deux")), B))
        world.attend("A", part="un")
        world.adopt(world.offer(a_path(module("A", 2, parts=("deux", "trois")), B)))

        assert world.rows()["A"] == ("in_progress", None, 60)
        assert api.module_outcome(world.fresh(), Module.objects.get(public_id=key("A"))).on_site_minutes == 60

    def test_what_the_new_version_grants_is_dated_from_its_acceptance_and_not_before(self):
        world = World(a_path(module("A", 2, parts=("un", "deux")), B))
        world.attend("A", DAY, part="un")
        world.adopt(world.offer(a_path(module("A", 1, parts=("un",)), B)))

        assert world.rows()["A"] == ("done", LATER_DAY, 60)

    def test_a_path_completed_under_the_former_version_by_a_late_sheet_stays_completed(self):
        world = World(a_path(A))
        world.adopt(world.offer(a_path(A, B)))
        world.attend("A", DAY)  # closed after the change, attended before it

        found = world.outcome
        assert (found.done, found.completed_on, found.missing) == (True, DAY, ())
        assert [one.asked for one in found.modules] == [True, False]

    def test_a_presence_under_the_former_version_is_still_a_fact_after_the_change(self):
        world = World(a_path(A, B))
        world.adopt(world.offer(a_path(A)))

        world.attend("B", LATER_DAY)

        assert world.rows()["B"][2] == 60

    def test_what_was_done_under_a_second_version_stays_under_the_third(self):
        world = World(a_path(module("A", 2, parts=("un", "deux")), B))
        world.adopt(world.offer(a_path(B)), LATER)
        world.attend("A", LATER_DAY, part="un")
        world.attend("A", LATER_DAY, part="deux")
        world.adopt(
            world.offer(a_path(module("A", 3, parts=("un", "deux", "trois")), B)), LATER + timedelta(days=5)
        )

        assert world.rows()["A"] == ("done", LATER_DAY, 120)

    def test_the_date_of_an_equivalence_is_not_moved_by_a_later_version(self):
        other = World(a_path(module("Z")))
        equal = module("A", equivalents=(key("Z"),))
        world = World(a_path(equal, B), adviser=other.adviser)
        other.attend("Z", DAY + timedelta(days=2))
        first = world.outcome.module(key("A"))

        world.adopt(world.offer(a_path(equal, B, C)))

        second = world.outcome.module(key("A"))
        assert first.outcome.completed_on == second.outcome.completed_on == DAY + timedelta(days=2)
        assert second.equivalent == "Z"


@pytest.mark.django_db
class TestThePast:
    def test_as_of_a_day_before_the_change_the_former_version_answers(self):
        world = World(a_path(A, B))
        world.adopt(world.offer(a_path(A)))
        world.attend("A", DAY)

        assert world.outcome.done
        then = api.path_outcome(world.fresh(), as_of=DAY + timedelta(days=5))
        assert (then.done, len(then.modules)) == (False, 2)

    def test_as_known_before_the_change_nothing_has_changed(self):
        world = World(a_path(A, B))
        before = api.path_outcome(world.fresh(), known_at=NOON)
        world.adopt(world.offer(a_path(C)))

        assert api.path_outcome(world.fresh(), known_at=NOON) == before
        assert len(api.path_outcome(world.fresh(), known_at=LATER).modules) == 1

    def test_completions_elsewhere_are_those_of_the_moment_asked(self):
        other = World(a_path(module("Z")))
        world = World(a_path(module("A", equivalents=(key("Z"),)), B), adviser=other.adviser)
        other.attend("Z", DAY + timedelta(days=2))

        assert world.outcome.modules[0].done
        assert not api.path_outcome(world.fresh(), as_of=DAY).modules[0].done

    def test_everything_is_rebuilt_from_facts_without_a_difference(self):
        world = World(a_path(remote("A", 2), remote("B")))
        world.answer("A", 1)
        world.answer("B")
        world.adopt(world.offer(a_path(remote("A", 2, first=2), remote("C"))))
        world.answer("C", at=LATER)

        report = api.rebuild(check=True)

        assert report.differences == []
        assert world.rows() == {
            "A": ("in_progress", None, 60), "C": ("done", LATER_DAY, 60), "B": ("done", DAY, 60),
        }  # fmt: skip


@pytest.mark.django_db
class TestLearningUnderTwoVersions:
    def test_a_lesson_of_the_former_version_is_not_read_any_more(self):
        world = World(a_path(module("A", support=("texte",)), B))
        world.adopt(world.offer(a_path(A, B)))

        with pytest.raises(api.NotInPathError):
            world.read("A", "texte", LATER)

    def test_a_lesson_whose_quiz_is_replaced_proves_its_minutes_once(self):
        world = World(a_path(remote("A"), B))
        world.answer("A")
        quiz = key("A/autre")
        other = replace(
            remote("A"),
            activities=(
                ActivityStructure(key("A/l1"), "lesson", "A leçon 1", 60, evaluated_by=quiz),
                ActivityStructure(quiz, "quiz", "Autre"),
                ActivityStructure(key("A/l2"), "lesson", "Appui"),
            ),
        )
        # Done under the former version: it stays; yet the new quiz may be answered too.
        world.adopt(world.offer(a_path(other, B)))
        found = api.quiz_of(world.fresh(), quiz)
        api.grade_attempt(
            enrolment=world.fresh(), quiz_version=found, answers=RIGHT, actor=world.adviser.user, at=LATER
        )

        assert world.rows()["A"] == ("done", DAY, 60)
        assert api.rebuild(check=True).differences == []

    def test_a_quiz_that_comes_to_cover_one_more_lesson_proves_that_one_only(self):
        world = World(a_path(remote("A"), B))
        world.answer("A")
        quiz = key("A/q1")
        wider = replace(
            remote("A"),
            minutes=90,
            activities=(
                *remote("A").activities,
                ActivityStructure(key("A/l2"), "lesson", "Suite", 30, evaluated_by=quiz),
            ),
        )
        world.adopt(world.offer(a_path(wider, B)))

        world.answer("A", at=LATER)

        assert world.rows()["A"] == ("done", DAY, 90)
        assert api.rebuild(check=True).differences == []

    def test_a_locked_lesson_is_refused_with_its_reason_until_it_opens(self):
        locked = module("B", support=("texte",), requires=(key("A"),))
        world = World(a_path(A, locked))

        with pytest.raises(api.LockedModuleError, match="Terminez d’abord") as refusal:
            world.read("B", "texte")
        assert refusal.value.status == 409

        world.attend("A")
        assert world.read("B", "texte")

    def test_a_locked_quiz_is_refused_with_its_reason(self):
        world = World(a_path(A, remote("B"), root=several("P", "A", "B", ordered=True)))

        with pytest.raises(api.LockedModuleError, match="Terminez d’abord"):
            world.answer("B")
        assert not QuizAttempt.objects.exists()

    def test_the_page_of_a_locked_quiz_says_why(self, client_for):
        world = World(a_path(A, remote("B", requires=(key("A"),))))

        answer = client_for(world.adviser.user).get(
            f"/parcours/{world.enrolment.registration}/questionnaire/{key('B/q1')}/"
        )

        assert answer.status_code == 409
        assert "Terminez d’abord" in answer.content.decode()

    def test_presence_in_a_locked_module_is_a_fact(self):
        world = World(a_path(A, module("B", requires=(key("A"),))))

        world.attend("B")

        assert world.rows()["B"][0] == "done"

    def test_a_certificate_names_the_version_followed_on_its_last_day(self):
        world = World(a_path(A, B))
        world.attend("A")
        world.adopt(world.offer(a_path(C)))
        manager = factories.a_user("organisation_manager", world.organisation)

        certificate = certification.issue_certificate(
            enrolment=world.fresh(), module=Module.objects.get(public_id=key("A")), actor=manager, at=LATER
        )

        assert '"path_version":1' in certificate.context


@pytest.mark.django_db
class TestManyAtOnce:
    def test_one_enrolment_is_read_in_three_queries(self, django_assert_max_num_queries):
        world = World(a_path(module("A", equivalents=(key("Z"),)), B))
        enrolment = world.fresh()

        with django_assert_max_num_queries(3):
            api.path_outcome(enrolment)

    def test_the_number_of_queries_does_not_depend_on_how_many_there_are(self, django_assert_num_queries):
        world = World(a_path(module("A", equivalents=(key("Z"),)), B))
        enrolments = [world.enrolment]
        for _ in range(4):
            world.adviser = factories.an_adviser(in_post=False)
            enrolments.append(world.enrol())

        with django_assert_num_queries(5):
            found = api.path_outcomes(Enrolment.objects.filter(pk__in=[one.pk for one in enrolments]))

        assert set(found) == {one.pk for one in enrolments}
