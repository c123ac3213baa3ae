"""The page where each person arrives: every role finds its own work, and every figure leads somewhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification import api as certification
from courses import api
from courses.api import Role
from lms.reporting.navigation import MENU
from tests import factories
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


class TestDesks:
    @pytest.mark.parametrize("role", STAFF)
    def test_each_role_finds_its_desk_and_its_figures_open(self, client_for, role):
        user = factories.a_user(role, **extra(role))

        answer = home_of(client_for, user)

        [desk] = answer.context["desks"]
        assert desk.role == Role(role).label
        assert desk.question.endswith("?")
        client = client_for(user)
        urls = {figure.url for figure in desk.figures} | {desk.action_url}
        for url in (url for url in urls if url and not url.startswith("/administration/")):
            assert client.get(url).status_code == 200, url

    @pytest.mark.parametrize("role", STAFF)
    def test_a_desk_asks_few_questions_of_the_database(self, client_for, role):
        client = client_for(factories.a_user(role, **extra(role)))

        with CaptureQueriesContext(connection) as queries:
            client.get(URL)

        assert len(queries) <= 24, [query["sql"][:80] for query in queries]

    def test_a_person_with_two_roles_has_two_desks(self, client_for):
        user = factories.a_user("trainer")
        api.grant_role(user=user, role="jury_member", organisation=None, start=factories.START, actor=factories.root(),
                       at=factories.NOON)  # fmt: skip

        assert [desk.role for desk in home_of(client_for, user).context["desks"]] == [
            Role.TRAINER.label, Role.JURY_MEMBER.label,
        ]  # fmt: skip

    def test_a_person_without_a_role_is_told_whom_to_ask(self, client_for):
        assert "Aucun rôle" in home_of(client_for, factories.a_user()).content.decode()

    def test_a_visitor_is_sent_to_sign_in(self, client_for):
        assert client_for().get(URL).status_code == 302


class TestAdviser:
    def test_before_an_enrolment_the_page_teaches(self, client_for):
        answer = home_of(client_for, factories.an_adviser().user)

        assert answer.context["adviser_home"].enrolment is None
        assert "Votre parcours commence ici" in answer.content.decode()

    def test_in_training_he_reads_what_is_missing_and_where_to_resume(self, client_for):
        organisation = Organisation()
        adviser = factories.an_adviser(structure=organisation.structure)
        enrolment = certification.enrol_adviser(
            adviser=adviser,
            path_version=organisation.version,
            source="self",
            actor=adviser.user,
            at=at(MONDAY, 6),
        )

        home = home_of(client_for, adviser.user).context["adviser_home"]

        assert home.total_minutes == 23_100
        assert home.steps[0].state == "current"
        assert any("Leçon à lire" in lack.reason for lack in home.missing)
        assert str(enrolment.registration) in home.resume_url

    def test_once_certified_the_credential_is_there_and_the_hours_still_owed_are_told(self, client_for):
        line = Line(Organisation())

        home = home_of(client_for, line.adviser.user).context["adviser_home"]

        # Five weeks of placement of six are not attested: being certified does not make them done.
        assert home.status.certified
        assert [step.state for step in home.steps] == ["current", "done", "done"]
        assert [credential["code"] for credential in home.credentials] == [line.credential.code]
        assert [lack.detail for lack in home.missing] == ["Stage fictif"]


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
