"""The page where each person arrives: every role finds its own work, and every figure leads somewhere."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from courses import api
from courses.api import Role
from courses.shared import clock
from lms.reporting.navigation import MENU
from tests import factories
from tests.courses.learning import World
from tests.world import MONDAY, Line, Organisation, at

pytestmark = pytest.mark.django_db
URL = "/accueil/"
STAFF = [role.value for role in Role if role is not Role.ADVISER]


def home_of(client_for, user):
    answer = client_for(user).get(URL)
    assert answer.status_code == 200
    return answer


def extra(role: str) -> dict[str, str]:
    return {"departement_code": "46"} if role == Role.PREFECT else {}


class TestAdviser:
    def test_before_an_enrolment_the_page_teaches(self, client_for):
        answer = home_of(client_for, factories.an_adviser().user)

        assert answer.context["adviser_home"].enrolment is None
        assert "Votre parcours commence ici" in answer.content.decode()

    def test_in_training_he_reads_what_is_missing_and_where_to_resume(self, client_for):
        line = Line(Organisation(), until="enrol")

        home = home_of(client_for, line.adviser.user).context["adviser_home"]

        assert home.total_minutes == 23_100
        assert home.steps[0].state == "current"
        assert any("Leçon à lire" in lack.reason for lack in home.missing)
        assert str(line.enrolment.registration) in home.resume_url
        assert home.resume_label == "Reprendre"

    def test_what_is_missing_is_what_the_decision_finds(self, client_for):
        line = Line(Organisation(), until="train")

        home = home_of(client_for, line.adviser.user).context["adviser_home"]

        wanted = [missing.text for missing in api.path_outcome(line.enrolment).missing]
        assert [lack.reason for lack in home.missing] == wanted[:4]

    def test_resuming_leads_to_the_very_block_left(self, client_for):
        line = Line(Organisation(), until="enrol")
        lesson = line.activities["lesson"].public_id
        api.keep_bookmark(
            enrolment=line.enrolment,
            activity=lesson,
            block="bloc-7",
            actor=line.adviser.user,
            at=factories.NOON,
        )

        home = home_of(client_for, line.adviser.user).context["adviser_home"]

        assert home.resume_url == reverse("lesson", args=[line.enrolment.registration, lesson]) + "#bloc-7"

    def test_once_certified_the_credential_is_there_and_the_hours_still_owed_are_told(self, client_for):
        line = Line(Organisation())

        home = home_of(client_for, line.adviser.user).context["adviser_home"]

        # Five weeks of placement of six are not attested: being certified does not make them done.
        assert home.status.certified
        assert [step.state for step in home.steps] == ["current", "done", "done"]
        assert [credential["code"] for credential in home.credentials] == [line.credential.code]
        assert [lack.reason for lack in home.missing] == [
            "Il manque 175\u00a0h de stage attesté\u00a0: Stage : Stage fictif"
        ]

    def test_the_session_to_come_is_told_in_days_and_goes_into_a_diary(self, client_for):
        line = Line(Organisation(), until="train")
        client = client_for(line.adviser.user)

        with clock.travel(at(MONDAY - timedelta(days=3))):
            home = client.get(URL).context["adviser_home"]

        assert home.next_session.session == line.session
        assert home.next_session.when == "dans 3\u00a0jours"
        diary = client.get(home.next_session.calendar_url)
        assert diary["Content-Type"] == "text/calendar; charset=utf-8"
        lines = diary.content.decode().split("\r\n")
        assert "DTSTART;VALUE=DATE:20260112" in lines
        assert "DTEND;VALUE=DATE:20260117" in lines
        assert all(len(one.encode()) <= 75 for one in lines)
        assert client.get(home.next_session.calendar_url).content == diary.content

    def test_a_session_of_somebody_else_is_not_found(self, client_for):
        organisation = Organisation()
        line, other = Line(organisation, until="train"), Line(organisation, until="train")

        url = reverse("session_calendar", args=[other.session.public_id])

        assert client_for(line.adviser.user).get(url).status_code == 404
        assert "Session fictive" in client_for(line.adviser.user).get(reverse("my_calendar")).content.decode()

    def test_the_path_shown_is_chosen_among_several(self, client_for):
        adviser, enrolments = three_enrolments()
        client = client_for(adviser.user)

        for enrolment in enrolments:
            home = client.get(URL, {"parcours": str(enrolment.registration)}).context["adviser_home"]
            assert home.enrolment.pk == enrolment.pk
            assert [choice.shown for choice in home.choices].count(True) == 1

    @pytest.mark.parametrize("asked", ["n’importe quoi", "00000000-0000-0000-0000-000000000000"])
    def test_a_path_that_is_not_his_is_not_found(self, client_for, asked):
        adviser = factories.an_adviser()

        assert client_for(adviser.user).get(URL, {"parcours": asked}).status_code == 404

    def test_the_enrolment_of_another_is_not_found(self, client_for):
        organisation = Organisation()
        line, other = Line(organisation, until="enrol"), Line(organisation, until="enrol")

        answer = client_for(line.adviser.user).get(URL, {"parcours": str(other.enrolment.registration)})

        assert answer.status_code == 404

    def test_with_three_enrolments_the_page_asks_the_database_eight_times_at_most(
        self, client_for, django_assert_max_num_queries
    ):
        adviser, enrolments = three_enrolments()
        client = client_for(adviser.user)
        # Asked once by each connection to SQLite, never again.
        assert connection.features.supports_json_field

        with django_assert_max_num_queries(8):
            answer = client.get(URL)

        assert len(answer.context["adviser_home"].choices) == len(enrolments)

    def test_certified_with_a_credential_it_asks_no_more(self, client_for, django_assert_max_num_queries):
        client = client_for(Line(Organisation()).adviser.user)

        with django_assert_max_num_queries(8):
            assert client.get(URL).context["adviser_home"].status.certified


def three_enrolments():
    line = Line(Organisation(), until="train")
    worlds = [World(adviser=line.adviser), World(adviser=line.adviser)]
    worlds[0].read()
    worlds[1].attend()
    return line.adviser, [line.enrolment, *(world.enrolment for world in worlds)]


class TestNavigation:
    def test_every_entry_of_the_menu_has_its_route(self):
        for entry in MENU:
            assert entry.route.startswith("/") or reverse(entry.route), entry

    @pytest.mark.parametrize("role", STAFF)
    def test_every_entry_shown_to_a_role_opens_for_it(self, client_for, role):
        client = client_for(factories.a_user(role, **extra(role)))

        menu = client.get(URL).context["navigation"]

        assert menu[0]["label"] == "Accueil"
        assert menu[0]["active"]
        for entry in menu:
            if not entry["url"].startswith("/administration/"):
                assert client.get(entry["url"]).status_code == 200, entry
