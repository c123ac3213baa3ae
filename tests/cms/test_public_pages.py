"""The public site: home, catalogue, path and module, for anyone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from courses import api
from courses.models import Activity
from courses.shared import clock
from tests import factories
from tests.cms.world import MODULE, PATH, Written, text
from tests.responses import let_go

pytestmark = pytest.mark.django_db
LONG = replace(
    PATH,
    title="Parcours initial de 105 heures",
    kind="initial",
    modules=(
        replace(MODULE, title="Tableurs", taught_minutes=6240, competences="Calculer", objectives="Calculer"),
    ),
)


class TestCatalogue:
    @pytest.fixture(autouse=True)
    def _published(self):
        Written().publish()
        Written(LONG).publish()
        Written(replace(PATH, title="Encore un brouillon"))

    def test_shows_published_paths_to_anyone(self, client_for):
        html = text(client_for(), "/catalogue/")

        assert PATH.title in html
        assert LONG.title in html
        assert "Encore un brouillon" not in html
        assert "2 formations" in html

    @pytest.mark.parametrize(
        ("query", "shown", "hidden"),
        [
            ("q=premiers pas", PATH.title, LONG.title),
            ("q=tableurs", LONG.title, PATH.title),
            ("nature=initial", LONG.title, PATH.title),
            ("duree=7", PATH.title, LONG.title),
            ("duree=plus", LONG.title, PATH.title),
        ],
    )
    def test_finds_by_words_kind_and_duration(self, client_for, query, shown, hidden):
        html = text(client_for(), f"/catalogue/?{query}")

        assert shown in html
        assert hidden not in html

    @pytest.mark.parametrize("query", ["q=" + "é" * 10_000, "nature=autre", "duree=-1", "q=%00", "q=zzz"])
    def test_answers_any_search_with_a_sentence(self, client_for, query):
        html = text(client_for(), f"/catalogue/?{query}")

        assert "formation" in html

    def test_home_leads_to_the_catalogue(self, client_for):
        html = text(client_for(), "/")

        assert "Se former" in html
        assert "/catalogue/" in html


class TestPathPage:
    def test_tells_objectives_programme_duration_organisation_and_how_to_enrol(self, client_for):
        written = Written()
        version = written.publish()

        html = text(client_for(), written.path.url)

        for shown in [
            "Mettre une personne en confiance",
            MODULE.title,
            written.organisation.name,
            PATH.contact,
        ]:
            assert shown in html
        assert reverse("enrol", args=[version.pk]) in html
        assert "La connexion vous sera demandée" in html

    def test_offers_to_resume_to_who_is_enrolled(self, client_for):
        written = Written()
        written.publish()
        enrolment = written.enrol()

        html = text(client_for(enrolment.adviser.user), written.path.url)

        assert reverse("enrolment", args=[enrolment.registration]) in html
        assert "S’inscrire" not in html

    def test_shows_the_sessions_to_come(self, client_for):
        written = Written()
        written.publish()
        trainer = factories.a_user("trainer", written.organisation)
        day = clock.today() + timedelta(days=10)
        api.open_session(
            organisation=written.organisation,
            activity=Activity.objects.get(public_id=written.module.session_key),
            title="Session de printemps",
            mode="on_site",
            place="Tiers-lieu fictif",
            zone="Europe/Paris",
            start=day,
            end=day,
            trainers=[trainer],
            actor=factories.root(),
            at=clock.now(),
        )

        assert "Session de printemps" in text(client_for(), written.path.url)
        assert "Tiers-lieu fictif" in text(client_for(), written.module.url)

    def test_a_module_has_its_page_and_a_lesson_leads_to_it(self, client_for):
        written = Written()
        written.publish()

        html = text(client_for(), written.module.url)
        lesson = client_for().get(written.lesson.url)

        assert "Accompagner un public éloigné du numérique" in html
        assert (lesson.status_code, lesson["Location"]) == (302, written.module.url)
        assert "La première version du texte" not in html

    def test_a_draft_is_not_found(self, client_for):
        written = Written()

        assert client_for().get(written.path.url).status_code == 404


class TestFiles:
    def test_a_document_is_given_once_published_and_not_before(self, client_for):
        from wagtail.documents import get_document_model

        written = Written()
        document = get_document_model().objects.get()
        stranger = factories.a_user("author")
        assert client_for().get(document.url).status_code == 404
        assert client_for(stranger).get(document.url).status_code == 404

        written.publish()

        assert let_go(client_for().get(document.url)).status_code == 200
