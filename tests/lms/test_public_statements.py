"""What the site says of itself: accessibility by its 106 criteria, contact, plan."""

from collections import Counter

import pytest
from django.conf import settings

from lms.operations import rgaa
from tests import factories
from tests.cms.world import Written, text

# How many criteria each theme has, in the reference.
THEMES = {
    "Images": 9, "Cadres": 2, "Couleurs": 3, "Multimédia": 13, "Tableaux": 8, "Liens": 2, "Scripts": 5,
    "Éléments obligatoires": 10, "Structuration de l’information": 4, "Présentation de l’information": 14,
    "Formulaires": 13, "Navigation": 11, "Consultation": 12,
}  # fmt: skip


class TestCriteria:
    def test_are_the_106_of_the_reference_each_once(self):
        criteria = rgaa.criteria()

        assert len(criteria) == len({one.number for one in criteria}) == 106
        assert Counter(one.theme for one in criteria) == THEMES
        assert all(one.text.endswith(("\u202f?", "\u00a0?")) for one in criteria)

    def test_have_a_state_and_a_reason_when_they_are_not_met(self):
        criteria = rgaa.criteria()

        assert {one.state for one in criteria} <= set(rgaa.STATES)
        assert [one.number for one in criteria if one.state == rgaa.NOT_MET and not one.note] == []
        assert [one.number for one in criteria if one.state == rgaa.NOT_APPLICABLE and not one.note] == []

    def test_add_up(self):
        state = rgaa.conformity()

        assert state.met + state.not_met + state.not_applicable == 106
        assert state.percent == 100 * state.met // (state.met + state.not_met)

    @pytest.mark.parametrize(
        ("met", "not_met", "words"),
        [
            (75, 0, "totalement conforme"),
            (74, 1, "partiellement conforme"),
            (50, 50, "partiellement conforme"),
            (49, 51, "non conforme"),
            (0, 0, "non conforme"),
        ],
    )
    def test_give_the_words_of_the_law(self, met, not_met, words):
        assert rgaa.Conformity(met, not_met, 0).words == words


@pytest.mark.django_db
class TestPages:
    def test_the_statement_and_the_foot_of_every_page_say_the_same(self, client_for):
        state = rgaa.conformity()
        statement = text(client_for(), "/accessibilite/")

        assert f"{state.words} au RGAA 4.1.2" in statement
        assert f"{state.met} des {state.applicable} critères" in statement
        assert statement.count('<th scope="row">') == 106
        for path in ("/", "/catalogue/", "/connexion/"):
            assert f"Accessibilité&nbsp;: {state.words}" in text(client_for(), path)

    def test_the_statement_tells_what_is_not_met_whom_to_tell_and_where_to_appeal(self, client_for):
        html = text(client_for(), "/accessibilite/")

        for one in rgaa.criteria():
            if one.state == rgaa.NOT_MET:
                assert one.note in html
        assert "Défenseur des droits" in html
        assert "auto-évaluation" in html

    def test_contact_names_each_organisation_that_teaches(self, client_for):
        written = Written()
        assert written.organisation.name not in text(client_for(), "/contact/")
        written.publish()

        html = text(client_for(), "/contact/")
        assert written.organisation.name in html
        assert written.path.contact in html

    def test_contact_gives_the_address_of_the_site_when_it_has_one(self, client_for, settings):
        settings.LMS_CONTACT_EMAIL = "site@exemple.fr"

        assert "mailto:site@exemple.fr" in text(client_for(), "/contact/")
        assert "mailto:site@exemple.fr" in text(client_for(), "/accessibilite/")

    def test_the_plan_leads_to_every_public_page_and_to_no_draft(self, client_for):
        written = Written()
        assert written.path.title not in text(client_for(), "/plan/")
        written.publish()

        html = text(client_for(), "/plan/")
        for page in (written.path, written.module, written.path.get_parent()):
            assert f'href="{page.url}"' in html
            assert client_for().get(page.url).status_code == 200
        assert written.lesson.url not in html

    def test_the_plan_shows_the_reader_his_own_screens_only(self, client_for):
        stranger, adviser = text(client_for(), "/plan/"), factories.an_adviser(in_post=False)

        assert "Votre espace" not in stranger
        html = text(client_for(adviser.user), "/plan/")
        assert "Votre espace" in html
        assert "Vue nationale" not in html

    def test_every_page_leads_to_the_plan_the_search_and_the_contact(self, client_for):
        html = text(client_for(), "/connexion/")

        for path in ("/plan/", "/catalogue/", "/contact/", "/accessibilite/"):
            assert f'href="{path}"' in html


def test_the_status_of_the_settings_is_computed():
    assert rgaa.conformity().words == settings.LMS_ACCESSIBILITY_STATUS
