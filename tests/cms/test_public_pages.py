"""The public site: home, catalogue, path and module, for anyone."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from cms.api import GuideSpec, SetSpec, settle_groups, write_guides
from courses import api
from courses.models import Activity
from courses.shared import clock
from lms.operations.seed.paths import GUIDES
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

    def test_tells_the_price_its_rule_and_where_it_is_written(self, client_for):
        paid = replace(PATH, title="Sept heures", modules=(replace(MODULE, taught_minutes=420, lessons=()),))
        unpaid = replace(
            PATH, title="Neuf heures", modules=(replace(MODULE, taught_minutes=540, lessons=()),)
        )
        pages = {}
        for spec in (paid, unpaid):
            written = Written(spec)
            written.publish()
            pages[spec.title] = text(client_for(), written.path.url)

        assert "Pris en charge à 100\u00a0% par l’État" in pages["Sept heures"]
        assert "Site public du programme" in pages["Sept heures"]
        assert "règles du programme R3" in pages["Sept heures"]
        assert "n’est pas prise en charge par l’État" in pages["Neuf heures"]

    def test_tells_an_adviser_his_own_right_and_why(self, client_for):
        written = Written()
        written.publish()

        html = text(client_for(factories.an_adviser(in_post=False).user), written.path.url)

        assert "Non pris en charge pour vous" in html
        assert "pas en poste" in html

    def test_tells_who_it_is_for_how_it_is_taught_assessed_and_made_accessible(self, client_for):
        written = Written(
            replace(
                PATH,
                audience="Tout public fictif",
                access_delay="Huit jours",
                methods="En atelier",
                assessment="Une mise en situation",
                disability_access="Rampe et boucle magnétique",
                theme="seniors",
                level="beginner",
            )
        )
        written.publish()
        html = text(client_for(), written.path.url)

        for shown in (
            "Tout public fictif", "Huit jours", "En atelier", "Une mise en situation", "Rampe et boucle magnétique",
            "Séniors et lien social", "Débutant", "Un certificat de réalisation",
        ):  # fmt: skip
            assert shown in html

    def test_says_how_its_modules_combine(self, client_for):
        def module(title, **given):
            return replace(MODULE, title=title, lessons=(), taught_minutes=420, **given)

        choice = SetSpec(
            title="Approfondir",
            items=(module("Tableur"), module("Images"), module("Sons")),
            rule="count",
            need=2,
        )
        chain = SetSpec(
            title="Pour finir",
            items=(module("Projet"), module("Oral", due_days=90)),
            ordered=True,
            optional=True,
        )
        written = Written(
            replace(PATH, modules=(module("Socle"), module("Suite", requires=("Socle",)), choice, chain))
        )
        written.publish()
        html = text(client_for(), written.path.url)

        for shown in (
            "Deux au choix parmi trois",
            "Tout est à suivre, dans l’ordre",
            "facultatif",
            "À terminer dans les 90 jours qui suivent l’inscription",
            "Après « Socle »",
        ):
            assert shown in html

    def test_shows_no_rate_and_no_mark_of_a_handful_and_says_so(self, client_for):
        written = Written()
        written.publish()
        written.enrol()
        html = text(client_for(), written.path.url)

        assert "1</span>" in html.replace(" ", "").replace("\n", "")
        assert "trop peu d’inscrits" in html
        assert "pas encore assez de réponses" in html

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


class TestHelp:
    def test_guides_are_listed_at_home_and_in_contact_and_lead_back(self, client_for):
        writer = factories.a_user("programme_manager")
        settle_groups(writer)
        guide = GuideSpec("Émarger", "emarger", "Prouver sa présence.", "<p>Le code du formateur.</p>")
        above = GuideSpec("Toute l’aide", "aide", "Par où commencer.", below=(guide,))

        assert write_guides([above], user=writer) == 2
        assert write_guides([above], user=writer) == 0

        assert "Toute l’aide" in text(client_for(), "/")
        assert "Toute l’aide" in text(client_for(), "/contact/")
        assert "Prouver sa présence." in text(client_for(), "/aide/")
        html = text(client_for(), "/aide/emarger/")
        assert "Le code du formateur." in html
        assert 'href="/aide/"' in html

    def test_the_guides_of_the_demonstration_are_whole(self):
        given = json.loads(GUIDES.read_text(encoding="utf-8"))["guides"]

        assert len(given) >= 4
        for guide in given:
            assert guide["title"]
            assert guide["lead"]
            assert "<h2>" in "".join(guide["html"])
            assert "'" not in guide["title"] + guide["lead"] + "".join(guide["html"])


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
