"""Results of the surveys: who reads what, and what no filter can give."""

from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

import pytest
from django.urls import reverse

from courses import api
from lms.reporting.queries.opinions import Asked
from lms.reporting.queries.satisfaction import modules_visible_to, satisfaction_view
from tests import factories
from tests.courses.learning import World

pytestmark = pytest.mark.django_db
URL = "/satisfaction/"
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
CODES = [question.code for question in api.surveys().current.questions]


@pytest.fixture
def advisers():
    """As many fictional advisers as a test asks for."""
    return (factories.an_adviser(in_post=False) for _ in count())


def answers(advisers, module, how_many, *, month=JANUARY, mark=4, moment="after", comment=""):
    for _ in range(how_many):
        api.answer_survey(
            adviser=next(advisers), module=module, moment=moment, marks=dict.fromkeys(CODES, mark),
            comment=comment, at=datetime(month.year, month.month, 15, 9, tzinfo=UTC),
        )  # fmt: skip


def a_trainer_of(world):
    trainer = factories.a_user("trainer", world.organisation)
    api.open_session(
        organisation=world.organisation, activity=world.activity(world.session_id), title="Session fictive",
        mode="on_site", place="Salle fictive", zone="Europe/Paris", start=factories.DAY, end=factories.DAY,
        trainers=[trainer], actor=factories.a_user("organisation_manager", world.organisation), at=factories.NOON,
    )  # fmt: skip
    return trainer


def modules_of(view):
    return {group.label: group for group in view.modules}


class TestWhoReadsWhat:
    def test_a_manager_his_organisation_a_trainer_what_he_teaches_the_agency_all(self):
        world, other = World(), World()
        manager = factories.a_user("organisation_manager", world.organisation)

        assert set(modules_visible_to(manager)) == {world.module}
        assert set(modules_visible_to(a_trainer_of(world))) == {world.module}
        assert not modules_visible_to(factories.a_user("trainer", world.organisation)).exists()
        assert {world.module, other.module} <= set(modules_visible_to(factories.a_user("auditor")))

    def test_the_module_of_another_is_not_found(self, client_for):
        world, other = World(), World()
        client = client_for(a_trainer_of(world))

        assert client.get(reverse("satisfaction_module", args=[world.module_id])).status_code == 200
        assert client.get(reverse("satisfaction_module", args=[other.module_id])).status_code == 404
        assert client.get(reverse("satisfaction_module", args=[uuid4()])).status_code == 404

    @pytest.mark.parametrize("role", ["adviser", "author", "payer", "host_manager", "jury_member"])
    def test_others_find_no_such_page(self, client_for, role):
        user = World().user if role == "adviser" else factories.a_user(role)

        for route in ("satisfaction", "satisfaction_csv"):
            assert client_for(user).get(reverse(route)).status_code == 404


class TestTheThreshold:
    def test_four_answers_are_a_sentence_and_five_a_figure(self, client_for, advisers):
        world = World()
        client = client_for(a_trainer_of(world))
        answers(advisers, world.module, 4, mark=5, comment="Seul")

        few = client.get(URL)
        page = client.get(reverse("satisfaction_module", args=[world.module_id])).content.decode()
        answers(advisers, world.module, 1, mark=5)
        enough = client.get(URL)

        assert "moins de 5\u00a0réponses" in few.content.decode()
        assert not few.context["view"].questions
        assert "Seul" not in page
        assert modules_of(enough.context["view"])["Tableurs"].mean.text == "5,0"

    def test_no_two_filters_differ_by_fewer_than_five_answers(self, advisers):
        world = World()
        for month, given in ((JANUARY, 3), (FEBRUARY, 4), (date(2026, 3, 1), 2), (date(2026, 4, 1), 6)):
            answers(advisers, world.module, given, month=month)
            answers(advisers, world.module, given, month=month, moment="during")
        auditor = factories.a_user("auditor")
        months = ["", "2026-01", "2026-02", "2026-03", "2026-04"]
        shown = [
            {
                (block.moment, block.first_month, block.answers)
                for _, block in satisfaction_view(auditor, Asked(moment=moment, du=du, au=au)).blocks
            }
            for moment in ("", "during", "after")
            for du in months
            for au in months
        ]

        apart = {sum(answers for _, _, answers in one ^ other) for one in shown for other in shown}
        assert {0, 7, 8} <= apart
        assert not apart & {1, 2, 3, 4}

    def test_a_comment_is_never_alone_and_shown_without_its_month(self, client_for, advisers):
        world = World()
        manager = factories.a_user("organisation_manager", world.organisation)
        url = reverse("satisfaction_module", args=[world.module_id])
        answers(advisers, world.module, 5)
        answers(advisers, world.module, 1, comment="Plus d’exercices")
        alone = client_for(manager).get(url).content.decode()
        answers(advisers, world.module, 1, comment="Bon rythme")

        together = client_for(manager).get(f"{url}?du=2026-02")

        assert "Plus d’exercices" not in alone
        assert set(together.context["comments"]) == {"Plus d’exercices", "Bon rythme"}


class TestFigures:
    def test_questions_months_moments_and_the_nation_side_by_side(self, advisers):
        world, other = World(), World()
        answers(advisers, world.module, 5, mark=5)
        answers(advisers, world.module, 5, mark=3, month=FEBRUARY, moment="during")
        answers(advisers, other.module, 10, mark=2)
        manager = factories.a_user("organisation_manager", world.organisation)

        view = satisfaction_view(manager, Asked())

        assert (view.mean.text, view.national.text, view.here.answers) == ("4,0", "3,0", 10)
        assert [line.one.text for line in view.questions] == ["4,0"] * len(CODES)
        assert {(line.one.text, line.other.text) for line in view.moments} == {("3,0", "5,0")}
        assert [(line.label, line.one.text, line.answers) for line in view.months] == [
            ("janvier\u00a02026", "5,0", 5), ("février\u00a02026", "3,0", 5),
        ]  # fmt: skip
        assert [group.label for group in view.paths] == ["Parcours fictif"]
        assert view.organisations == ()

    def test_the_agency_compares_organisations_and_narrows_to_one(self, advisers):
        world, other = World(), World()
        answers(advisers, world.module, 5, mark=5)
        auditor = factories.a_user("auditor")

        everyone = satisfaction_view(auditor, Asked())
        one = satisfaction_view(auditor, Asked(organisme=str(other.organisation.public_id)))

        found = {group.label: group.mean.words for group in everyone.organisations}
        assert found[world.organisation.name] == "5,0"
        assert found[other.organisation.name] == "moins de 5\u00a0réponses"
        assert (one.here.answers, one.national.text) == (0, "5,0")

    def test_the_rate_says_who_answered_of_those_who_could(self, advisers):
        world = World()
        world.read()
        world.answer()
        world.attend()
        answers(iter([world.adviser]), world.module, 1)

        view = satisfaction_view(factories.a_user("auditor"), Asked(moment="after"))
        both = satisfaction_view(factories.a_user("auditor"), Asked())

        assert modules_of(view)["Tableurs"].rate.words == "100\u00a0% (1 sur 1)"
        assert modules_of(both)["Tableurs"].rate.words == "50\u00a0% (1 sur 2)"

    def test_a_path_narrows_to_its_modules(self, advisers):
        world, _ = World(), World()
        answers(advisers, world.module, 5)

        view = satisfaction_view(factories.a_user("auditor"), Asked(parcours=str(world.path_id)))

        assert [group.url for group in view.modules] == [
            reverse("satisfaction_module", args=[world.module_id])
        ]

    def test_the_number_of_questions_to_the_database_does_not_grow(
        self, advisers, django_assert_max_num_queries
    ):
        for _ in range(3):
            answers(advisers, World().module, 5)

        auditor = factories.a_user("auditor")
        _ = auditor.rights
        with django_assert_max_num_queries(6):
            satisfaction_view(auditor, Asked())


class TestTheScreens:
    @pytest.mark.parametrize(
        "query",
        ["", "?du=2026-13&au=x&moment=jamais&parcours=zzz&organisme=%00", "?moment=during&du=2026-01"],
    )
    def test_any_filter_gives_a_page(self, client_for, query, advisers):
        world = World()
        answers(advisers, world.module, 5)
        client = client_for(factories.a_user("programme_manager"))

        assert client.get(URL + query).status_code == 200
        assert client.get(reverse("satisfaction_module", args=[world.module_id]) + query).status_code == 200

    def test_the_file_holds_the_published_blocks_and_nothing_else(self, client_for, advisers):
        world = World()
        answers(advisers, world.module, 6, mark=4, comment="Confidentiel")
        answers(advisers, world.module, 2, month=FEBRUARY)
        client = client_for(factories.a_user("organisation_manager", world.organisation))

        text = client.get(reverse("satisfaction_csv")).content.decode("utf-8-sig")

        header, line = text.splitlines()
        assert header.startswith("Organisme;Module;Moment;Du mois de;Au mois de;Réponses")
        assert ";Tableurs;À la fin de la formation;2026-01;2026-01;6;4,0;" in line
        assert "Confidentiel" not in text
