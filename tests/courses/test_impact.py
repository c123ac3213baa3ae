"""A live path with many enrolled is edited: publishing moves nothing, and the preview counts what acceptance does."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from certification import api as certification
from certification.models import CompletionCertificate, FundingRight
from certification.programme.services import load_rules
from courses import api
from courses.models import (
    Adviser,
    Enrolment,
    Evidence,
    Module,
    ModuleProgress,
    QuizAttempt,
    QuizVersion,
    User,
    VersionAdoption,
)
from courses.pathways.rebuild import expected_evidence, expected_progress
from courses.shared import clock
from courses.shared.history import Sealed
from tests import factories
from tests.courses.paths import a_path, key, module, remote, several
from tests.courses.test_versions import World
from tests.factories import DAY, NOON

FIRST = a_path(
    remote("A", 2), remote("B"), remote("C", 2), remote("D", 1), remote("E", 2), remote("F", optional=True),
    root=several("P", "A", "B", "C", several("Un", "D", "E", rule="count", need=1), "F"),
)  # fmt: skip
# A asks for less, B for more, C leaves, G comes (and C counts for it), H is one more choice, F is asked now.
SECOND = a_path(
    remote("A"), remote("B", 2), remote("D"), remote("E", 2), remote("F"), remote("G", equivalents=(key("C"),)),
    remote("H"),
    root=several(
        "P", "A", "B", several("Un", "D", "E", "H", rule="count", need=1), several("Fin", "F", "G", ordered=True)
    ),
)  # fmt: skip


class Crowd(World):
    """The world of versions, with as many learners as asked, each at a stage of his own."""

    def __init__(self, number: int) -> None:
        super().__init__(FIRST)
        self.dice = random.Random(4)
        users = User.objects.bulk_create(
            User(username=f"foule{n}", first_name=f"Camille{n}", last_name="Fictif", password="!")
            for n in range(number)
        )
        advisers = Adviser.objects.bulk_create(
            Adviser(user=user, number=500_000 + n) for n, user in enumerate(users)
        )
        # A person is enrolled on one day, learns on others, and learns more or less.
        enrolments = Enrolment.objects.bulk_create(
            _sealed(
                Enrolment(
                    adviser=adviser, path=self.version.path, path_version=self.version, registration=uuid4(),
                    source="self", valid_on=DAY - timedelta(days=30), known_at=NOON - timedelta(days=30),
                )
                for adviser in advisers
            )
        )  # fmt: skip
        quizzes = list(QuizVersion.objects.filter(path_version=self.version).select_related("activity"))
        attempts = [one for row in enrolments for one in self._attempts(row, quizzes)]
        QuizAttempt.objects.bulk_create(_sealed(attempts))
        facts = expected_evidence()
        known = set(Evidence.objects.values_list("source_key", flat=True))
        Evidence.objects.bulk_create(
            _sealed(Evidence(**fact.content()) for name, fact in facts.items() if name not in known)
        )
        kept = set(ModuleProgress.objects.values_list("enrolment", "module"))
        ModuleProgress.objects.bulk_create(
            ModuleProgress(enrolment_id=pair[0], module_id=pair[1], **values)
            for pair, values in expected_progress(facts).items()
            if pair not in kept
        )

    def _attempts(self, enrolment: Enrolment, quizzes: list[QuizVersion]) -> Iterator[QuizAttempt]:
        zeal = self.dice.random() * 1.2
        for quiz in quizzes:
            if self.dice.random() < zeal:
                at = NOON - timedelta(days=self.dice.randrange(1, 28))
                yield QuizAttempt(
                    public_id=uuid4(), enrolment=enrolment, quiz_version=quiz, answers="{}", score_percent=100,
                    passed=self.dice.random() < 0.9, valid_on=at.date(), known_at=at,
                )  # fmt: skip

    @property
    def enrolments(self) -> list[Enrolment]:
        return list(Enrolment.objects.filter(path=self.version.path).with_versions().order_by("pk"))

    def accept(self, offer, keys) -> None:
        for row in Enrolment.objects.filter(pk__in=keys).select_related("adviser__user", "path"):
            api.adopt_version(enrolment=row, offer=offer, actor=row.adviser.user, at=clock.now())


def _sealed(rows) -> list[Sealed]:
    rows = list(rows)
    for row in rows:
        row.seal = row.computed_seal()
    return rows


def everything() -> tuple:
    """All that publishing could have moved: dates, hours, states; papers and rights; what a rebuild would say."""
    report = api.rebuild(check=True)
    return (
        list(ModuleProgress.objects.order_by("pk").values()),
        list(CompletionCertificate.objects.order_by("pk").values()),
        list(FundingRight.objects.order_by("pk").values()),
        report.differences,
        report.hash,
        api.path_outcomes(Enrolment.objects.with_versions()),
    )


def rows_of() -> dict[int, dict[str, ModuleProgress]]:
    found: dict[int, dict[str, ModuleProgress]] = {}
    for row in ModuleProgress.objects.select_related("module"):
        found.setdefault(row.enrolment_id, {})[row.module.title] = row
    return found


def counted(concerned, before, after, rows_before, rows_after) -> dict[str, int]:
    """The same counts, taken from what the rows say once everyone accepted."""

    def count(told: Callable[[int], bool]) -> int:
        return sum(map(told, concerned))

    def done(found, pk) -> set[str]:
        return {one.module.title for one in found[pk].modules if one.done}

    def due(found, pk) -> dict[str, int]:
        return {
            one.module.title: one.outcome.activities_total - one.outcome.activities_done
            for one in found[pk].modules
            if one.asked and not one.done
        }

    def left(found, pk) -> int:
        return 0 if found[pk].done else found[pk].required_minutes - found[pk].proved_minutes

    def more(pk) -> bool:
        was, is_ = due(before, pk), due(after, pk)
        return left(after, pk) > left(before, pk) or any(
            steps > was.get(title, 0) for title, steps in is_.items()
        )

    def loses(pk) -> bool:
        held = {activity.public_id for _, activity in SECOND.activities()}
        begun = Evidence.objects.filter(enrolment=pk).values_list("module__title", "activity__public_id")
        return any(
            rows_before[pk][title].state == "in_progress"
            and rows_after[pk][title].state != "done"
            and activity not in held
            for title, activity in begun
        )

    return {
        "gaining": count(lambda pk: bool(done(after, pk) - done(before, pk)) or after[pk].done),
        "completing": count(lambda pk: after[pk].done),
        "more": count(more),
        "losing": count(loses),
        "undone": count(
            lambda pk: any(
                row.state == "done" and rows_after[pk][title].state != "done"
                for title, row in rows_before[pk].items()
            )
        ),
    }


@pytest.mark.django_db
@pytest.mark.prove
def test_publishing_moves_nothing_and_acceptance_does_what_the_preview_counted(proof_scale):
    crowd = Crowd(max(200, proof_scale(1000)))
    load_rules()
    funded = certification.enrol_adviser(
        adviser=factories.an_adviser(), path_version=World(a_path(module("X"))).version, source="self",
        actor=factories.root(), at=NOON, keep_unfunded=True,
    )  # fmt: skip
    done = ModuleProgress.objects.filter(state="done").select_related("enrolment", "module")[:3]
    for row in done:
        certification.issue_certificate(
            enrolment=row.enrolment, module=row.module, actor=factories.root(), at=clock.now()
        )
    at_first = everything()
    assert at_first[3] == []

    preview = api.impact_of(crowd.version.path, SECOND)
    offer = api.offer_version(
        path_version=crowd.publish(SECOND, clock.now()), impact=preview.text, actor=factories.root(), at=clock.now()
    )  # fmt: skip

    assert everything() == at_first, "publishing and offering moved something"
    assert api.impact_of(crowd.version.path, SECOND) == preview

    before, rows_before = at_first[5], rows_of()
    crowd.accept(offer, preview.concerned)
    after, rows_after = api.path_outcomes(crowd.enrolments), rows_of()

    found = counted(preview.concerned, before, after, rows_before, rows_after)
    assert {name: preview.counts[name] for name in found} == found
    assert all(found[name] for name in ("gaining", "completing", "more", "losing")), found
    assert preview.counts["undone"] == 0
    assert VersionAdoption.objects.count() == preview.counts["concerned"]

    # What was done is done, on the same day, with the same minutes; no proved minute falls anywhere.
    for pk, rows in rows_before.items():
        for title, row in rows.items():
            now = rows_after[pk][title]
            assert now.proved_minutes >= row.proved_minutes
            if row.state == "done":
                assert (now.state, now.completed_on, now.proved_minutes) == (
                    "done", row.completed_on, row.proved_minutes,
                )  # fmt: skip
    # Papers and rights did not move, and everything is still what the facts alone say.
    assert list(CompletionCertificate.objects.order_by("pk").values()) == at_first[1]
    assert list(FundingRight.objects.order_by("pk").values()) == at_first[2]
    assert FundingRight.objects.filter(enrolment=funded).exists()
    assert api.rebuild(check=True).differences == []


@pytest.mark.django_db
class TestImpact:
    def test_of_the_structure_already_followed_is_nothing(self):
        world = World(FIRST)

        found = api.impact_of(world.version.path, replace(FIRST, minutes=FIRST.least_minutes))

        assert (found.counts["enrolled"], found.counts["concerned"]) == (1, 0)

    def test_those_who_have_finished_are_not_concerned(self):
        world = World(a_path(module("A")))
        world.attend("A")

        found = api.impact_of(world.version.path, a_path(module("A"), module("B")))

        assert (found.counts["completed"], found.counts["concerned"]) == (1, 0)

    def test_says_module_by_module_what_would_change(self):
        world = World(a_path(module("A", 2, parts=("un", "deux")), module("B"), module("C")))
        world.attend("A", part="un")
        world.attend("C", minutes=30)

        found = api.impact_of(
            world.version.path, a_path(module("A", parts=("un",)), module("B", 2, parts=("séance", "suite")))
        )

        assert {one.title: (one.gaining, one.more, one.losing) for one in found.modules} == {
            "A": (1, 0, 0), "B": (0, 1, 0), "C": (0, 0, 1),
        }  # fmt: skip
        assert found.counts["unchanged"] == 0

    def test_a_change_of_words_alone_changes_nothing_for_anybody(self):
        world = World(a_path(module("A")))

        found = api.impact_of(world.version.path, replace(world.first, title="Autre titre"))

        assert (found.counts["concerned"], found.counts["unchanged"]) == (1, 1)

    def test_one_learner_reads_what_it_changes_for_him(self):
        world = World(a_path(module("A"), module("B")))
        world.attend("A")
        offer = world.offer(a_path(module("A", 2, parts=("séance", "suite")), module("D")))

        before, after, change = api.change_for(world.fresh(), offer.path_version)

        assert [one.title for one in change.added] == ["D"]
        assert [one.title for one in change.lifted] == ["B"]
        assert (change.gains, change.loses, change.minutes) == (False, False, 0)
        assert (before.required_minutes, after.required_minutes) == (120, 120)
        assert Module.objects.filter(title="D").exists()
