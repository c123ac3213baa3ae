"""Sets of modules: what is asked, what is locked, what is missing and why; and what cannot be published."""

from dataclasses import replace
from datetime import date

import pytest

from courses.pathways.faults import faults
from courses.pathways.rules import Completion, Held, path_outcome_through
from courses.pathways.structure import PathStructure
from tests.courses.paths import a_path, attended, key, module, several

START = date(2026, 3, 1)


def day(number: int) -> date:
    return date(2026, 3, number)


def outcome(structure: PathStructure, done: dict[str, int] | None = None, elsewhere=None, **minutes: int):
    """`done`: module → the day it was wholly attended; minutes: module → part attended on the 20th."""
    values = {key(name): [attended(name, 600, day(on))] for name, on in (done or {}).items()}
    values |= {key(name): [attended(name, some, day(20))] for name, some in minutes.items()}
    return path_outcome_through([Held(structure)], values, enrolled_on=START, elsewhere=elsewhere)


def texts(found) -> list[str]:
    return [one.text.replace("\u00a0", " ") for one in found.missing]


def asked(found) -> str:
    return "".join(one.module.title for one in found.modules if one.asked)


def locked(found) -> dict[str, str]:
    return {one.module.title: one.locked_by.replace("\u00a0", " ") for one in found.modules if one.locked_by}


ONE_OF = a_path(
    module("A"),
    module("B", 2),
    module("C", 3),
    root=several("P", several("Choix", "A", "B", "C", rule="count", need=1)),
)


class TestAllOf:
    def test_a_path_without_sets_asks_all_its_modules_in_free_order(self):
        path = a_path(module("A"), module("B", 2))

        found = outcome(path, {"B": 4})

        assert (found.done, asked(found), locked(found)) == (False, "AB", {})
        assert (found.required_minutes, found.proved_minutes) == (180, 120)
        assert texts(found) == ["Il manque 1 h de présence émargée : A séance"]

    def test_is_completed_on_the_day_the_last_module_is(self):
        found = outcome(a_path(module("A"), module("B")), {"B": 4, "A": 9})

        assert (found.done, found.completed_on, found.missing) == (True, day(9), ())
        assert found.required_minutes == found.proved_minutes == 120

    def test_the_minutes_of_a_module_count_up_to_what_it_announces(self):
        assert outcome(a_path(module("A"), module("B")), {"A": 4}).proved_minutes == 60

    def test_what_is_optional_is_never_asked(self):
        path = a_path(module("A"), module("B", optional=True))

        found = outcome(path, {"A": 4})

        assert (found.done, asked(found), found.required_minutes) == (True, "A", 60)


class TestSomeOf:
    def test_says_how_many_are_still_to_be_chosen_and_among_which(self):
        assert texts(outcome(ONE_OF)) == ["Choisissez encore 1 module parmi : A, B, C"]

    def test_what_is_begun_is_what_is_chosen(self):
        assert texts(outcome(ONE_OF, B=60)) == ["Il manque 1 h de présence émargée : B séance"]

    def test_the_others_are_not_asked_any_more_once_it_is_done(self):
        found = outcome(ONE_OF, {"B": 4})

        assert (found.done, found.completed_on, asked(found)) == (True, day(4), "B")
        assert (found.required_minutes, found.proved_minutes) == (120, 120)

    def test_the_first_ones_done_are_those_that_count(self):
        two = a_path(
            module("A"), module("B"), module("C"), root=several("P", "A", "B", "C", rule="count", need=2)
        )

        assert outcome(two, {"A": 9, "B": 4, "C": 6}).completed_on == day(6)

    def test_when_all_that_is_left_is_needed_it_says_what_is_missing_in_each(self):
        two = a_path(module("A"), module("B"), root=several("P", "A", "B", rule="count", need=2))

        assert len(texts(outcome(two))) == 2
        assert all("présence émargée" in text for text in texts(outcome(two)))

    def test_a_set_may_be_one_of_the_items(self):
        path = a_path(
            module("A"), module("B"), module("C"),
            root=several("P", several("Voie", several("Longue", "A", "B"), "C", rule="count", need=1)),
        )  # fmt: skip

        assert texts(outcome(path)) == ["Choisissez encore 1 élément parmi : Longue, C"]
        assert outcome(path, {"C": 4}).done
        assert not outcome(path, {"A": 4}).done
        assert outcome(path, {"A": 4, "B": 7}).completed_on == day(7)


class TestHoursOf:
    PATH = a_path(
        module("A", 2), module("B", 2), module("C", 4),
        root=several("P", several("Approfondissements", "A", "B", "C", rule="minutes", need=300)),
    )  # fmt: skip

    def test_says_how_much_is_missing_and_where(self):
        assert texts(outcome(self.PATH, {"A": 4})) == ["Il manque 3 h dans « Approfondissements »"]

    def test_counts_proved_minutes_even_in_a_module_under_way(self):
        found = outcome(self.PATH, {"A": 4}, C=120)

        assert found.proved_minutes == 240
        assert texts(found)[-1] == "Il manque 1 h dans « Approfondissements »"

    def test_is_completed_on_the_first_day_whose_facts_were_enough(self):
        found = outcome(self.PATH, {"A": 4, "C": 9, "B": 12})

        assert (found.done, found.completed_on) == (True, day(9))
        assert (found.required_minutes, found.proved_minutes, asked(found)) == (300, 300, "ABC")


class TestOrderAndPrerequisites:
    def test_each_item_of_an_ordered_set_opens_when_the_one_before_it_is_done(self):
        path = a_path(module("A"), module("B"), module("C"), root=several("P", "A", "B", "C", ordered=True))

        assert locked(outcome(path)) == {
            "B": "Terminez d’abord « A ».",
            "C": "Terminez d’abord « A ».",
        }
        assert locked(outcome(path, {"A": 4})) == {"C": "Terminez d’abord « B »."}

    def test_what_is_optional_opens_in_its_turn_and_holds_nothing_back(self):
        path = a_path(
            module("A"),
            module("B", optional=True),
            module("C"),
            root=several("P", "A", "B", "C", ordered=True),
        )

        assert set(locked(outcome(path))) == {"B", "C"}
        assert locked(outcome(path, {"A": 4})) == {}

    def test_a_locked_set_locks_all_that_it_holds(self):
        path = a_path(
            module("A"), module("B"), module("C"),
            root=several("P", several("Socle", "A"), several("Suite", several("Fin", "B"), "C"), ordered=True),
        )  # fmt: skip

        assert locked(outcome(path)) == {
            "B": "Terminez d’abord « Socle ».",
            "C": "Terminez d’abord « Socle ».",
        }

    def test_prerequisites_name_what_is_not_done_yet(self):
        path = a_path(module("A"), module("B"), module("C", requires=(key("A"), key("B"))))

        assert locked(outcome(path)) == {"C": "Terminez d’abord « A » et « B »."}
        assert locked(outcome(path, {"A": 4})) == {"C": "Terminez d’abord « B »."}
        assert locked(outcome(path, {"A": 4, "B": 5})) == {}

    def test_what_is_missing_in_a_locked_module_is_one_line_that_leads_nowhere(self):
        path = a_path(module("A"), module("B", support=("L",), requires=(key("A"),)))

        found = outcome(path)

        assert texts(found)[1:] == ["Module « B » à suivre. Terminez d’abord « A »."]
        assert not any(one.url_name for one in found.module(key("B")).missing)

    def test_a_module_already_done_is_never_locked(self):
        path = a_path(module("A"), module("B", requires=(key("A"),)))

        assert locked(outcome(path, {"B": 4})) == {}


class TestDeadlines:
    def test_the_earliest_of_module_set_and_path_wins(self):
        path = a_path(
            module("A", due_days=40), module("B", due_days=5), module("C"),
            root=several("P", several("Socle", "A", "B", due_days=10), "C"), due_days=30,
        )  # fmt: skip

        found = outcome(path)

        assert {one.module.title: one.due_on for one in found.modules} == {
            "A": day(11), "B": day(6), "C": day(31),
        }  # fmt: skip
        assert found.next_due_on == day(6)

    def test_what_is_not_asked_has_no_deadline(self):
        found = outcome(a_path(module("A"), module("B", optional=True, due_days=5), due_days=10))

        assert [one.due_on for one in found.modules] == [day(11), None]


class TestEquivalents:
    PATH = a_path(module("A", equivalents=(key("Z"),)), module("B"))

    def test_a_module_completed_elsewhere_is_done_here_without_its_minutes(self):
        found = outcome(self.PATH, {"B": 9}, {key("Z"): Completion("Zébulon", day(12))})

        first = found.modules[0]
        assert (found.done, found.completed_on) == (True, day(12))
        assert (first.equivalent, first.outcome.proved_minutes) == ("Zébulon", 0)
        # What was proved there is not asked here again.
        assert (found.required_minutes, found.proved_minutes) == (60, 60)

    def test_counts_at_the_earliest_from_the_day_of_enrolment(self):
        found = outcome(self.PATH, {}, {key("Z"): Completion("Zébulon", date(2025, 1, 1))})

        assert found.modules[0].outcome.completed_on == START

    def test_a_module_done_here_first_keeps_its_own_date(self):
        found = outcome(self.PATH, {"A": 4}, {key("Z"): Completion("Zébulon", day(12))})

        assert (found.modules[0].equivalent, found.modules[0].outcome.completed_on) == ("", day(4))

    def test_the_equivalent_may_be_in_the_same_path(self):
        path = a_path(module("A", equivalents=(key("B"),)), module("B", optional=True))

        found = outcome(path, {"B": 4})

        assert (found.done, found.modules[0].equivalent) == (True, "B")

    def test_dispenses_from_its_hours_in_a_number_of_hours(self):
        path = a_path(
            module("A", 2, equivalents=(key("Z"),)), module("B", 2),
            root=several("P", "A", "B", rule="minutes", need=180),
        )  # fmt: skip

        found = outcome(path, {}, {key("Z"): Completion("Zébulon", day(2))})

        assert (found.required_minutes, texts(found)) == (60, ["Il manque 1 h dans « P »"])


class TestMinutes:
    def test_the_least_and_the_most_that_a_path_asks(self):
        path = a_path(
            module("A", 1), module("B", 2), module("C", 4), module("D", 3), module("E", 5, optional=True),
            root=several(
                "P", "E", several("Un", "A", "B", "C", rule="count", need=1),
                several("Heures", "D", rule="minutes", need=120),
                several("Libre", several("Plus", optional=True)),
            ),
        )  # fmt: skip

        assert (path.least_minutes, path.most_minutes) == (60 + 120, 240 + 120)

    def test_without_sets_both_are_the_sum(self):
        path = a_path(module("A", 1), module("B", 2))

        assert path.least_minutes == path.most_minutes == 180

    @pytest.mark.parametrize(
        ("done", "enough"), [("", False), ("A", False), ("AB", True), ("AC", True), ("BC", False)]
    )
    def test_modules_completed_may_be_all_that_is_asked(self, done, enough):
        path = a_path(
            module("A"), module("B"), module("C"), module("D", optional=True),
            root=several("P", "A", "D", several("Un", "B", "C", rule="count", need=1)),
        )  # fmt: skip

        assert path.completed_by({key(name) for name in done}) is enough


A, B = module("A"), module("B")


class TestFaults:
    def test_a_path_with_every_kind_of_set_may_be_published(self):
        path = a_path(
            A, B, module("C", 2), module("D", optional=True), module("E", requires=(key("A"),)),
            root=several(
                "P", "A", several("Un", "B", "C", rule="count", need=1),
                several("Heures", "E", rule="minutes", need=60, ordered=True), "D", ordered=True,
            ),
        )  # fmt: skip

        assert faults(path) == []

    @pytest.mark.parametrize(
        ("path", "sentence"),
        [
            (a_path(), "Un parcours compte au moins un module."),
            (a_path(A, replace(B, requires=(key("Z"),))), "un de ses prérequis ne fait pas partie du parcours"),
            (a_path(A, replace(B, requires=(key("B"),))), "il ne peut pas être son propre prérequis"),
            (a_path(A, replace(B, equivalents=(key("B"),))), "il ne peut pas être son propre équivalent"),
            (a_path(A, B, root=several("P", "A")), "Le module « B » n’est dans aucun ensemble du parcours."),
            (a_path(A, root=several("P", "A", several("Q", "A"))), "« A » figure deux fois dans les ensembles"),
            (a_path(A, root=several("P", "A", "B")), "un module qui ne fait pas partie du parcours"),
            (a_path(A, root=several("P", "A", several("Q"))), "Ensemble « Q » : il est vide."),
            (
                a_path(A, B, root=several("P", several("Q", "A", "B", rule="count", need=3))),
                "Ensemble « Q » : il en demande 3, mais n’en contient que 2.",
            ),
            (
                a_path(A, replace(B, optional=True), root=several("P", several("Q", "A", "B", rule="count", need=2))),
                "il en demande 2, mais n’en contient que 1",
            ),
            (
                a_path(A, B, root=several("P", several("Q", "A", "B", rule="count"))),
                "Ensemble « Q » : dites combien en suivre.",
            ),
            (
                a_path(A, B, root=several("P", several("Q", "A", "B", rule="minutes", need=180))),
                "Ensemble « Q » : il demande 3 h, mais ne contient que 2 h.",
            ),
            (a_path(replace(A, optional=True)), "Le parcours ne demande rien : tout y est facultatif."),
            (
                a_path(A, replace(B, optional=True), root=several("P", "A", several("Q", "B"))),
                "Ensemble « Q » : tout y est facultatif",
            ),
            (
                a_path(A, B, root=several("P", several("Q", "A"), several("Q", "B"))),
                "Un ensemble figure deux fois",
            ),
        ],
    )  # fmt: skip
    def test_says_why_in_french(self, path, sentence):
        assert sentence in " ".join(faults(path)).replace("\u00a0", " ")

    def test_names_the_modules_that_wait_for_one_another(self):
        path = a_path(
            replace(A, requires=(key("B"),)),
            replace(B, requires=(key("C"),)),
            module("C", requires=(key("A"),)),
            module("D"),
        )

        (sentence,) = faults(path)

        assert sentence.startswith("Ces modules s’attendent les uns les autres")
        assert "« D »" not in sentence.replace("\u00a0", " ")

    def test_sees_a_wait_that_goes_through_an_ordered_set(self):
        path = a_path(
            replace(A, requires=(key("B"),)),
            B,
            root=several("P", several("Q", "A"), several("R", "B"), ordered=True),
        )

        assert "s’attendent" in " ".join(faults(path))

    def test_a_choice_that_can_be_made_otherwise_is_no_wait(self):
        path = a_path(
            A, replace(B, requires=(key("C"),)), module("C"),
            root=several("P", several("Un", "A", "B", rule="count", need=1), "C", ordered=True),
        )  # fmt: skip

        assert faults(path) == []


class TestFormat:
    def test_a_structure_with_sets_reads_back_what_it_wrote(self):
        path = a_path(
            replace(A, optional=True, equivalents=(key("Z"),), due_days=3), B,
            root=several("P", "A", several("Q", "B", ordered=True, due_days=4)), due_days=9,
        )  # fmt: skip

        assert PathStructure.from_json(path.to_json()) == path
        assert PathStructure.from_json(path.to_json()).hash == path.hash

    def test_a_path_that_says_nothing_new_keeps_the_hash_it_had(self):
        assert "arrangement" not in a_path(A).to_json()
        assert "requires" not in a_path(A).to_json()


class TestEndlessDeadlines:
    @pytest.mark.parametrize("days", [3651, 99_999_999])
    def test_a_deadline_beyond_ten_years_is_refused_and_breaks_no_page(self, days):
        path = replace(a_path(module("A")), due_days=days)

        assert "dix ans" in " ".join(faults(path))
        assert outcome(path).modules[0].due_on is not None
