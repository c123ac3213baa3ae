"""Learners read what was frozen, and only what is theirs."""

from uuid import uuid4

import pytest
from django.urls import reverse

from cms.api import next_step
from courses.models import Evidence, Statement
from tests import factories
from tests.cms.world import LESSON, MODULE, Written, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Written:
    written = Written()
    written.publish()
    return written


def lesson_url(enrolment, page) -> str:
    return reverse("lesson", args=[enrolment.registration, page.key])


class TestLesson:
    def test_the_learner_reads_the_lesson_with_its_blocks_and_its_quiz_without_the_key(
        self, client_for, written
    ):
        enrolment = written.enrol()

        html = text(client_for(enrolment.adviser.user), lesson_url(enrolment, written.lesson))

        for shown in [
            "La première version du texte.",
            "Ne prenez jamais la souris",
            'alt="Une salle d’atelier avec deux participants devant un écran"',
            "https://video.exemple.fr/accueil",
            "Bonjour et bienvenue.",
            "Fiche de l’atelier",
            "Vérifiez vos acquis",
            "2 questions",
            "J’ai lu cette leçon",
            "1 sur 3",
        ]:
            assert shown in html
        assert "Bonne réponse" not in html
        assert "Prendre la souris" not in html

    def test_the_enrolled_reads_the_former_text_and_the_newcomer_the_new_one(self, client_for, written):
        former = written.enrol()
        written.rewrite_lesson("<p>La seconde version du texte.</p>")
        written.publish()
        newcomer = written.enrol()

        before = text(client_for(former.adviser.user), lesson_url(former, written.lesson))
        after = text(client_for(newcomer.adviser.user), lesson_url(newcomer, written.lesson))

        assert "La première version du texte." in before
        assert "La seconde version" not in before
        assert "La seconde version du texte." in after

    def test_publishing_a_lesson_alone_changes_nothing_for_new_entrants(self, client_for, written):
        written.rewrite_lesson("<p>Pas encore publié avec le parcours.</p>")
        enrolment = written.enrol()

        html = text(client_for(enrolment.adviser.user), lesson_url(enrolment, written.lesson))

        assert "La première version du texte." in html

    def test_a_withdrawn_path_is_still_read_by_those_enrolled(self, client_for, written):
        enrolment = written.enrol()
        written.lesson.unpublish()
        written.path.unpublish()

        assert "La première version" in text(
            client_for(enrolment.adviser.user), lesson_url(enrolment, written.lesson)
        )

    def test_saying_it_is_read_leaves_one_proof_and_goes_on(self, client_for, written):
        enrolment = written.enrol()
        client = client_for(enrolment.adviser.user)
        url = lesson_url(enrolment, written.lesson)
        key = str(uuid4())

        first = client.post(url, {"idempotency_key": key})
        again = client.post(url, {"idempotency_key": key})
        client.post(url, {"idempotency_key": str(uuid4())})

        assert (first.status_code, again.status_code) == (302, 302)
        evidence = Evidence.objects.get(enrolment=enrolment)
        assert (evidence.evidence_class, evidence.minutes, evidence.activity.public_id) == (
            "E0", 0, written.lesson.key,
        )  # fmt: skip
        assert Statement.objects.count() == 1
        assert "est notée comme lue" in text(client, url)

    def test_staff_who_see_the_enrolment_read_and_cannot_act(self, client_for, written):
        enrolment = written.enrol()
        manager = factories.a_user("organisation_manager", written.organisation)
        client = client_for(manager)
        url = lesson_url(enrolment, written.lesson)

        html = text(client, url)
        answer = client.post(url, {"idempotency_key": str(uuid4())})

        assert "J’ai lu cette leçon" not in html
        assert "telle qu’elle a été publiée" in html
        assert answer.status_code == 403
        assert not Evidence.objects.exists()

    def test_nobody_else_knows_that_the_lesson_exists(self, client_for, written):
        enrolment = written.enrol()
        url = lesson_url(enrolment, written.lesson)
        other = factories.an_adviser(in_post=False).user
        elsewhere = factories.a_user("organisation_manager")

        assert client_for(other).get(url).status_code == 404
        assert client_for(elsewhere).get(url).status_code == 404
        assert client_for().get(url).status_code == 302

    def test_a_lesson_of_another_path_is_not_found(self, client_for, written):
        other = Written()
        other.publish()
        enrolment = written.enrol()

        answer = client_for(enrolment.adviser.user).get(lesson_url(enrolment, other.lesson))

        assert answer.status_code == 404


class TestPath:
    def test_the_path_page_says_where_one_is_what_is_missing_and_what_is_next(self, client_for, written):
        enrolment = written.enrol()

        html = text(client_for(enrolment.adviser.user), reverse("enrolment", args=[enrolment.registration]))

        assert "Reprendre" in html
        assert MODULE.title in html
        assert LESSON.title in html
        assert "Ce qu’il manque" in html
        assert lesson_url(enrolment, written.lesson) in html

    def test_resuming_leads_to_the_first_thing_not_done(self, client_for, written):
        enrolment = written.enrol()
        assert next_step(enrolment).activity == written.lesson.key

        client_for(enrolment.adviser.user).post(
            lesson_url(enrolment, written.lesson), {"idempotency_key": str(uuid4())}
        )

        assert next_step(enrolment).kind == "quiz"

    def test_only_those_who_see_the_enrolment_see_the_path(self, client_for, written):
        enrolment = written.enrol()
        url = reverse("enrolment", args=[enrolment.registration])

        assert client_for(factories.a_user("auditor")).get(url).status_code == 200
        assert client_for(factories.a_user("payer")).get(url).status_code == 404
        assert client_for(factories.an_adviser(in_post=False).user).get(url).status_code == 404

    def test_a_lesson_costs_few_queries(self, client_for, written, django_assert_max_num_queries):
        enrolment = written.enrol()
        client = client_for(enrolment.adviser.user)
        text(client, lesson_url(enrolment, written.lesson))

        with django_assert_max_num_queries(20):
            client.get(lesson_url(enrolment, written.lesson))
