"""The catalogue: found by words with their slips, by filters, in an order, as a file; the State's part told to each."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from cms.pages.catalogue.words import Words, asked_words, weighed, words_of
from courses import api
from courses.models import Activity, Departement
from courses.shared import clock
from tests import factories
from tests.cms.world import MODULE, PATH, Written, text

CYBER = replace(
    PATH,
    title="Cybersécurité du quotidien",
    kind="continuing",
    theme="cybersecurity",
    mission="citizen",
    level="intermediate",
    objectives="Reconnaître une arnaque",
    modules=(replace(MODULE, title="Les mots de passe", lessons=(), taught_minutes=420),),
)
SENIORS = replace(
    PATH,
    title="Accompagner les aînés",
    theme="seniors",
    mission="everyday",
    level="beginner",
    modules=(
        replace(MODULE, title="Œuvrer à domicile", lessons=(), taught_minutes=840, mode="remote"),
        replace(MODULE, title="Visioconférence", lessons=(), taught_minutes=4200, mode="on_site"),
    ),
)


class TestWords:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("Œuvrer à l’Été", ["oeuvrer", "a", "l", "ete"]),
            ("CYBERSÉCURITÉ", ["cybersecurite"]),
            ("\x00;--", []),
        ],
    )
    def test_are_read_without_accent_case_or_sign(self, typed, words):
        assert words_of(typed) == words

    def test_that_say_nothing_are_left_out_unless_they_are_all_there_is(self):
        assert asked_words("les démarches de la vie") == ["demarches", "vie"]
        assert asked_words("de la") == ["de", "la"]

    @pytest.mark.parametrize(
        "typed", ["cyberscurité", "cybersecurite", "cibersécurité", "cyber", "cybersécurtié"]
    )
    def test_are_found_in_spite_of_a_slip(self, typed):
        words = Words([weighed([("Cybersécurité du quotidien", 10)]), weighed([("Parentalité", 10)])])

        assert list(words.search(typed).scores) == [0]

    @pytest.mark.parametrize("typed", ["vélo", "zzzzzz", "sql' OR 1=1", "ia"])
    def test_are_not_found_when_they_are_others(self, typed):
        assert not Words([weighed([("Cybersécurité du quotidien", 10)])]).search(typed).scores

    def test_say_what_was_understood(self):
        words = Words([weighed([("Cybersécurité", 10)])])

        assert words.search("cyberscurité").understood == ("cybersecurite",)
        assert words.search("cybersécurité").understood == ()

    def test_rank_the_title_before_the_rest(self):
        words = Words([weighed([("Santé en ligne", 3)]), weighed([("Santé", 10)])])
        scores = words.search("santé").scores

        assert scores[1] > scores[0]


@pytest.mark.django_db
class TestSearch:
    @pytest.fixture(autouse=True)
    def _published(self):
        self.cyber, self.seniors = Written(CYBER), Written(SENIORS)
        self.cyber.publish()
        self.seniors.publish()

    @pytest.mark.parametrize(
        ("query", "shown", "hidden"),
        [
            ("q=cyberscurite", CYBER, SENIORS),
            ("q=oeuvrer", SENIORS, CYBER),
            ("q=arnaques", CYBER, SENIORS),
            ("q=seniors", SENIORS, CYBER),
            ("theme=cybersecurity", CYBER, SENIORS),
            ("mission=everyday", SENIORS, CYBER),
            ("niveau=intermediate", CYBER, SENIORS),
            ("duree=7", CYBER, SENIORS),
            ("duree=plus", SENIORS, CYBER),
            ("modalite=remote", SENIORS, CYBER),
        ],
    )
    def test_finds_by_words_and_filters(self, client_for, query, shown, hidden):
        html = text(client_for(), f"/catalogue/?{query}")

        assert shown.title in html
        assert hidden.title not in html
        assert "1 formation<" in html

    def test_filters_add_up_and_each_can_be_removed(self, client_for):
        html = text(client_for(), "/catalogue/?q=quotidien&theme=cybersecurity&niveau=intermediate")

        assert CYBER.title in html
        assert "?q=quotidien&amp;theme=cybersecurity" in html  # without the level
        assert "?theme=cybersecurity&amp;niveau=intermediate" in html  # without the words
        assert "Aucune formation trouvée" in text(
            client_for(), "/catalogue/?theme=cybersecurity&niveau=beginner"
        )

    @pytest.mark.parametrize(
        "query",
        [
            "q=" + "é" * 10_000,
            "q=" + "mot " * 2_500,
            "q=%00",
            "q=%F0%9F%98%80",
            "theme=autre&mission=%00&niveau=-1&region=Atlantide&modalite=x&nature=y&tri=z",
            "du=demain&au=99999-99-99",
            "du=0000-00-00",
            "page=999999999999999999999",
            "page=-1",
            "page=x",
            "prise-en-charge=oui",
            "q=a&q=b&theme[]=x",
        ],
    )
    def test_answers_anything_with_a_list_or_a_sentence(self, client_for, query):
        for address in ("/catalogue/", "/catalogue/liste.csv"):
            assert client_for().get(f"{address}?{query}").status_code == 200

    def test_what_is_typed_is_never_markup(self, client_for):
        assert "<script>alert" not in text(client_for(), "/catalogue/?q=<script>alert(1)</script>&tri=<b>")

    def test_sorts_by_title_date_or_duration(self, client_for):
        self._open_session(self.seniors, days=5)

        def order(query):
            html = text(client_for(), f"/catalogue/?{query}")
            return html.index(SENIORS.title) < html.index(CYBER.title)

        assert order("tri=titre")
        assert order("tri=date")
        assert not order("tri=duree")

    def test_dates_and_region_are_those_of_one_same_session(self, client_for):
        region = Departement.objects.get(code="46").region_name
        self._open_session(self.cyber, days=10, departement="46")
        self._open_session(self.seniors, days=40, departement="75")
        day = clock.today()

        soon = text(client_for(), f"/catalogue/?au={day + timedelta(days=20)}")
        south = text(client_for(), f"/catalogue/?region={region}")
        neither = text(client_for(), f"/catalogue/?region={region}&du={day + timedelta(days=20)}")

        assert CYBER.title in soon
        assert SENIORS.title not in soon
        assert CYBER.title in south
        assert SENIORS.title not in south
        assert "Aucune formation trouvée" in neither

    def test_a_session_just_opened_and_a_path_just_published_are_seen_at_once(self, client_for):
        assert "Aucune date ouverte" in text(client_for(), "/catalogue/?q=cybersecurite")
        self._open_session(self.cyber, days=3)
        Written(replace(PATH, title="Tout nouveau parcours")).publish()

        assert "Tiers-lieu fictif" in text(client_for(), "/catalogue/?q=cybersecurite")
        assert "Tout nouveau parcours" in text(client_for(), "/catalogue/")

    def test_the_file_holds_what_the_list_shows_and_no_formula(self, client_for):
        Written(replace(PATH, title="=SOMME(A1)")).publish()
        response = client_for().get("/catalogue/liste.csv?tri=titre")
        lines = response.content.decode("utf-8-sig").splitlines()

        assert response["Content-Type"].startswith("text/csv")
        assert len(lines) == 4
        assert any(line.startswith("'=SOMME") for line in lines)
        assert len(client_for().get("/catalogue/liste.csv?q=arnaque").content.splitlines()) == 2

    def test_asks_the_database_no_more_when_there_is_more_to_show(
        self, client_for, django_assert_max_num_queries
    ):
        from django.db import connection

        text(client_for(), "/catalogue/")
        with CaptureQueriesContext(
            connection,
        ) as few:
            text(client_for(), "/catalogue/")
        for number in range(4):
            Written(replace(CYBER, title=f"Encore {number}")).publish()
        text(client_for(), "/catalogue/")
        with CaptureQueriesContext(connection) as many:
            text(client_for(), "/catalogue/")

        assert len(many) == len(few)
        assert len(many) <= 8

    def _open_session(self, written, *, days, departement=None):
        day = clock.today() + timedelta(days=days)
        session = api.open_session(
            organisation=written.organisation,
            activity=Activity.objects.get(public_id=written.module.session_key),
            title="Session fictive",
            mode="on_site",
            place="Tiers-lieu fictif",
            zone="Europe/Paris",
            start=day,
            end=day,
            trainers=[factories.a_user("trainer", written.organisation)],
            actor=factories.root(),
            at=clock.now(),
        )
        if departement:
            type(session).objects.filter(pk=session.pk).update(departement=departement)
        return session


@pytest.mark.django_db
class TestFunding:
    @pytest.fixture(autouse=True)
    def _published(self):
        Written(CYBER).publish()

    def test_a_stranger_reads_that_the_length_is_paid_for_and_is_not_asked_who_he_is(self, client_for):
        html = text(client_for(), "/catalogue/")

        assert "Pris en charge par l’État" in html
        assert "Pris en charge pour moi" not in html

    def test_an_adviser_reads_whether_it_is_for_him_and_why_not(self, client_for):
        outside = factories.an_adviser(in_post=False)
        html = text(client_for(outside.user), "/catalogue/")

        assert "Non pris en charge" in html
        assert "pas en poste" in html
        assert "Aucune formation trouvée" in text(client_for(outside.user), "/catalogue/?prise-en-charge=oui")
        assert CYBER.title in text(client_for(outside.user), "/catalogue/?prise-en-charge=non")

    def test_many_rights_cost_the_queries_of_one(self, client_for):
        from django.db import connection

        client = client_for(factories.an_adviser(in_post=False).user)
        text(client, "/catalogue/")
        with CaptureQueriesContext(connection) as few:
            text(client, "/catalogue/")
        for number in range(4):
            longer = replace(CYBER.modules[0], taught_minutes=420 + 60 * number)
            Written(replace(CYBER, title=f"Encore {number}", modules=(longer,))).publish()
        text(client, "/catalogue/")
        with CaptureQueriesContext(connection) as many:
            text(client, "/catalogue/")

        assert len(many) == len(few)
