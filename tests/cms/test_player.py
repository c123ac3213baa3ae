"""Learners read what was frozen, and only what is theirs."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from cms.api import LessonSpec, ModuleSpec, SetSpec, next_step
from courses import api
from courses.models import Activity, Evidence, Statement
from tests import factories
from tests.cms.world import LESSON, MODULE, PATH, Written, text

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
        assert "Ce qu’il vous manque" in html
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

    def test_sets_are_told_as_they_are(self, client_for):
        chosen = SetSpec(
            "Au choix", tuple(a_module(f"Choix {n}") for n in range(1, 5)), rule="count", need=2, due_days=30
        )
        extra = a_module("Pour aller plus loin", optional=True)
        written = Written(replace(PATH, modules=(a_module("Premier pas"), chosen, extra)))
        written.publish()
        enrolment = written.enrol()

        html = text(client_for(enrolment.adviser.user), path_page(enrolment))

        assert "2\u00a0modules au choix parmi 4." in html
        assert "À terminer avant le" in html
        assert "facultatif" in html
        for n in range(1, 5):
            assert f"Choix {n}" in html

    def test_an_equivalence_is_told(self, client_for):
        first = Written(replace(PATH, modules=(a_module("Déjà vu"),)))
        first.publish()
        adviser = factories.an_adviser(in_post=False)
        done = first.enrol(adviser)
        finish(done, "Déjà vu")
        other = replace(a_module("La même chose"), equivalents=(first.module.key,))
        second = Written(replace(PATH, title="Second parcours", modules=(other,)))
        second.publish()

        html = text(client_for(adviser.user), path_page(second.enrol(adviser)))

        assert "Acquis par équivalence" in html
        assert "Déjà vu" in html


def path_page(enrolment) -> str:
    return reverse("enrolment", args=[enrolment.registration])


def a_module(title: str, **extra) -> ModuleSpec:
    lesson = LessonSpec(title=f"Leçon de {title}", html=f"<p>Le texte de {title}.</p>")
    values = {
        "objectives": "Apprendre.",
        "competences": "C1",
        "lessons": (lesson,),
        "taught_minutes": 60,
        **extra,
    }
    return ModuleSpec(title=title, **values)


def finish(enrolment, title: str) -> None:
    """Read its lessons, attend its session."""
    structure = api.structure_of(enrolment.version)
    [module] = [module for module in structure.modules if module.title == title]
    for activity in module.activities:
        if activity.kind == "lesson":
            api.read_lesson(
                enrolment=enrolment, activity_public_id=activity.public_id, actor=enrolment.adviser.user,
                at=factories.NOON,
            )  # fmt: skip
        else:
            api.record_evidence(
                enrolment=enrolment, activity=Activity.objects.get(public_id=activity.public_id), kind="presence",
                evidence_class="E2", minutes=60, source_key=f"sheet:{activity.public_id}", valid_on=factories.DAY,
                at=factories.NOON,
            )  # fmt: skip


class TestLocked:
    @pytest.fixture
    def ordered(self) -> Written:
        steps = SetSpec("Dans l’ordre", (a_module("Premier"), a_module("Second")), ordered=True)
        written = Written(replace(PATH, modules=(steps,)))
        written.publish()
        return written

    def lesson_of(self, enrolment, title: str) -> str:
        structure = api.structure_of(enrolment.version)
        [module] = [module for module in structure.modules if module.title == title]
        return reverse("lesson", args=[enrolment.registration, module.activities[0].public_id])

    def test_a_locked_lesson_is_refused_with_its_reason_and_opens_in_its_turn(self, client_for, ordered):
        enrolment = ordered.enrol()
        client = client_for(enrolment.adviser.user)
        second = self.lesson_of(enrolment, "Second")

        refused = client.get(second)
        finish(enrolment, "Premier")

        assert refused.status_code == 403
        assert "Terminez d’abord «\u00a0Premier\u00a0»" in refused.content.decode()
        assert client.get(second).status_code == 200

    def test_the_path_page_says_why_and_gives_no_way_in(self, client_for, ordered):
        enrolment = ordered.enrol()

        html = text(client_for(enrolment.adviser.user), path_page(enrolment))

        assert "Pas encore ouvert" in html
        assert "dans l’ordre" in html
        assert self.lesson_of(enrolment, "Second") not in html


class TestPlace:
    def test_the_block_on_screen_is_where_one_resumes(self, client_for, written):
        enrolment = written.enrol()
        client = client_for(enrolment.adviser.user)
        url = reverse("lesson_place", args=[enrolment.registration, written.lesson.key])

        answers = [client.post(url, {"bloc": block}) for block in ("un", "un", "deux-3")]

        assert [answer.status_code for answer in answers] == [204, 204, 204]
        assert f"{lesson_url(enrolment, written.lesson)}#deux-3" in text(client, path_page(enrolment))
        assert not Evidence.objects.exists()
        assert not Statement.objects.exists()

    def test_a_finished_lesson_leads_on(self, client_for, written):
        enrolment = written.enrol()
        client = client_for(enrolment.adviser.user)
        client.post(
            reverse("lesson_place", args=[enrolment.registration, written.lesson.key]), {"bloc": "un"}
        )
        client.post(lesson_url(enrolment, written.lesson), {"idempotency_key": str(uuid4())})
        quiz = next_step(enrolment)
        api.keep_bookmark(
            enrolment=enrolment,
            activity=quiz.activity,
            block="",
            actor=enrolment.adviser.user,
            at=factories.NOON,
        )

        assert f'href="{quiz.url}"' in text(client, path_page(enrolment))

    @pytest.mark.parametrize("block", ["<script>", "é", "x" * 65, "a b"])
    def test_what_is_no_block_is_refused(self, client_for, written, block):
        enrolment = written.enrol()
        url = reverse("lesson_place", args=[enrolment.registration, written.lesson.key])

        assert client_for(enrolment.adviser.user).post(url, {"bloc": block}).status_code == 404

    def test_a_lesson_of_no_version_of_his_is_refused(self, client_for, written):
        enrolment = written.enrol()
        url = reverse("lesson_place", args=[enrolment.registration, uuid4()])

        assert client_for(enrolment.adviser.user).post(url, {"bloc": "un"}).status_code == 404

    def test_nobody_else_moves_his_place(self, client_for, written):
        enrolment = written.enrol()
        url = reverse("lesson_place", args=[enrolment.registration, written.lesson.key])
        manager = factories.a_user("organisation_manager", written.organisation)

        assert client_for(manager).post(url, {"bloc": "un"}).status_code == 404
        assert (
            client_for(factories.an_adviser(in_post=False).user).post(url, {"bloc": "un"}).status_code == 404
        )
        assert client_for(enrolment.adviser.user).get(url).status_code == 405
        assert api.bookmark_of(enrolment) is None


class TestPaper:
    def test_a_whole_module_is_on_one_page(self, client_for, written):
        enrolment = written.enrol()

        html = text(
            client_for(enrolment.adviser.user),
            reverse("print_module", args=[enrolment.registration, written.module.key]),
        )

        assert "La première version du texte." in html
        assert "Lectures." in html
        assert "Prendre la souris" not in html

    def test_a_module_of_another_path_is_not_found(self, client_for, written):
        enrolment = written.enrol()
        url = reverse("print_module", args=[enrolment.registration, uuid4()])

        assert client_for(enrolment.adviser.user).get(url).status_code == 404


class TestCost:
    def test_a_lesson_asks_the_database_eight_times_at_most(
        self, client_for, written, django_assert_max_num_queries
    ):
        enrolment = written.enrol()
        client = client_for(enrolment.adviser.user)
        text(client, lesson_url(enrolment, written.lesson))

        with django_assert_max_num_queries(8):
            client.get(lesson_url(enrolment, written.lesson))

    def test_so_does_one_that_nobody_has_opened_yet(self, client_for, written, django_assert_max_num_queries):
        enrolment = written.enrol()
        client = client_for(enrolment.adviser.user)
        plain = written.lesson.get_next_sibling().specific
        # Asked once by each connection to SQLite, never again.
        assert connection.features.supports_json_field

        with django_assert_max_num_queries(8):
            assert "Lectures." in client.get(lesson_url(enrolment, plain)).content.decode()
