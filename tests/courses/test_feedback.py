"""Surveys: asked at the right moment, answered once, tied to nobody, published by five at least."""

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from courses import api
from courses.feedback.queries import published_blocks, published_comments
from courses.feedback.questionnaire import surveys
from courses.feedback.rules import Sheaf, blocks, moment_of, summed
from courses.models import AuditEntry, IdempotencyKey, Module, Statement, SurveyAnswer, SurveyParticipation
from courses.shared import clock
from tests import factories
from tests.courses.learning import World
from tests.factories import NOON

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))
GOOD = {question.code: 4 for question in surveys().current.questions}


def where(state="in_progress", proved=0, required=420, on_site=0):
    return SimpleNamespace(
        state=state, proved_minutes=proved, required_minutes=required, on_site_minutes=on_site
    )


def sheaf(month, count, mark=4, moment="after", module=1):
    return Sheaf(module, moment, month, {"overall": mark}, count)


def answer(module, *, month=JANUARY, mark=4, comment="", moment="after", adviser=None):
    api.answer_survey(
        adviser=adviser or factories.an_adviser(in_post=False),
        module=module,
        moment=moment,
        marks=dict.fromkeys(GOOD, mark),
        comment=comment,
        at=datetime(month.year, month.month, 12, 9, tzinfo=UTC),
    )


class TestMoment:
    @pytest.mark.parametrize(
        ("followed", "moment"),
        [
            (where("todo"), None),
            (where(proved=209), None),
            (where(proved=210), "during"),
            (where(on_site=30), "during"),
            (where("done", proved=420), "after"),
            (where(required=0), None),
        ],
    )
    def test_an_opinion_is_asked_from_half_the_hours_or_the_first_presence_then_at_the_end(
        self, followed, moment
    ):
        assert moment_of(followed) == moment


class TestBlocks:
    def test_months_are_joined_until_five_answers_and_the_rest_waits(self):
        out = blocks([sheaf(JANUARY, 3), sheaf(FEBRUARY, 3), sheaf(MARCH, 4)], this_month=APRIL, threshold=5)

        assert [(b.first_month, b.last_month, b.answers) for b in out] == [(JANUARY, FEBRUARY, 6)]

    def test_the_month_under_way_waits(self):
        assert blocks([sheaf(MARCH, 9)], this_month=MARCH, threshold=5) == []

    def test_a_block_never_changes_once_it_is_out(self):
        early = blocks([sheaf(JANUARY, 5), sheaf(FEBRUARY, 2)], this_month=MARCH, threshold=5)
        later = blocks(
            [sheaf(JANUARY, 5), sheaf(FEBRUARY, 2), sheaf(MARCH, 3)], this_month=APRIL, threshold=5
        )

        assert later[: len(early)] == early
        assert [b.answers for b in later] == [5, 5]

    def test_two_modules_or_two_moments_never_share_a_block(self):
        mixed = [sheaf(JANUARY, 4), sheaf(JANUARY, 4, moment="during"), sheaf(JANUARY, 4, module=2)]

        assert blocks(mixed, this_month=APRIL, threshold=5) == []

    def test_a_mean_is_in_tenths_to_the_nearest(self):
        marks = summed(blocks([sheaf(JANUARY, 4, 5), sheaf(JANUARY, 2, 4)], this_month=APRIL, threshold=5))

        assert (marks.answers, marks.tenths) == (6, 47)
        assert marks.of("unknown") is None
        assert summed([]).tenths is None


@pytest.mark.django_db
class TestAnswering:
    def test_an_answer_is_taken_once_for_each_moment(self):
        world = World()
        answer(world.module, adviser=world.adviser)

        with pytest.raises(api.AlreadyAnsweredError):
            answer(world.module, adviser=world.adviser)
        answer(world.module, adviser=world.adviser, moment="during")

        assert SurveyParticipation.objects.count() == SurveyAnswer.objects.count() == 2

    @pytest.mark.parametrize(
        "marks", [{}, GOOD | {"other": 3}, GOOD | {"pace": 6}, GOOD | {"pace": 0}, GOOD | {"pace": True}]
    )
    def test_marks_that_are_not_those_of_the_questionnaire_are_refused(self, marks):
        world = World()

        with pytest.raises(api.SurveyMarksError):
            api.answer_survey(
                adviser=world.adviser, module=world.module, moment="after", marks=marks, comment="", at=NOON
            )
        assert not SurveyParticipation.objects.exists()

    def test_nothing_leads_from_the_person_to_the_answer(self):
        world = World()
        audited, traced = AuditEntry.objects.count(), Statement.objects.count()

        answer(world.module, adviser=world.adviser, comment="Merci")

        row = SurveyAnswer.objects.get()
        names = {field.name for field in SurveyAnswer._meta.get_fields()}
        assert names == {"id", "module", "moment", "questionnaire", "month", "marks", "comment"}
        assert (row.month, json.loads(row.marks)) == (JANUARY, GOOD)
        assert (AuditEntry.objects.count(), Statement.objects.count()) == (audited, traced)
        said = {str(row.pk), row.pk.hex, "Merci"}
        for model in apps.get_app_config("courses").get_models():
            if model is not SurveyAnswer:
                for values in model._default_manager.values_list():
                    assert not said & {str(value) for value in values}, model

    def test_the_order_of_writing_is_not_that_of_the_file(self):
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL keeps a place of writing: told in courses/feedback")
        module, written = World().module, []
        for _ in range(12):
            before = set(SurveyAnswer.objects.values_list("pk", flat=True))
            answer(module)
            written += [pk.hex for pk in set(SurveyAnswer.objects.values_list("pk", flat=True)) - before]

        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM courses_surveyanswer ORDER BY rowid")
            kept = [row[0] for row in cursor.fetchall()]

        assert sorted(kept) == sorted(written)
        assert kept != written

    def test_who_may_answer_what_now_is_one_question_to_the_database(self, django_assert_num_queries):
        world = World()
        asked = [(world.module_id, where("done")), (world.path_id, where("todo"))]

        with django_assert_num_queries(1):
            assert [(d.module, d.moment) for d in api.due_surveys(world.adviser, asked)] == [
                (world.module_id, "after")
            ]
        answer(world.module, adviser=world.adviser)
        assert api.due_surveys(world.adviser, asked) == []


@pytest.mark.django_db
class TestPublished:
    def test_four_answers_say_nothing_and_five_do(self, django_assert_num_queries):
        world = World()
        for _ in range(4):
            answer(world.module, mark=5)
        assert api.satisfaction_of([world.module_id])[world.module_id] == api.Satisfaction(
            0, None, None, None
        )

        answer(world.module, mark=2)

        with django_assert_num_queries(2):
            found = api.satisfaction_of([world.module_id])[world.module_id]
        assert found == api.Satisfaction(5, 44, JANUARY, JANUARY)

    def test_comments_need_five_answers_and_a_second_comment(self):
        module = World().module
        for rank in range(4):
            answer(module, comment="Trop long" if rank == 0 else "")
        assert published_comments(module) == []
        answer(module)
        assert published_comments(module) == []
        answer(module, comment="Très clair")
        assert set(published_comments(module)) == {"Trop long", "Très clair"}

    def test_a_comment_of_what_is_not_published_yet_is_not_shown(self):
        module = World().module
        for _ in range(5):
            answer(module, comment="Ancien")
        answer(module, month=FEBRUARY, comment="Récent")

        assert published_comments(module) == ["Ancien"] * 5

    def test_what_is_written_this_month_waits_for_its_end(self):
        module = World().module
        this = clock.today().replace(day=1)
        for _ in range(6):
            answer(module, month=this)

        assert published_blocks(Module.objects.all()) == []
        assert len(published_blocks(Module.objects.all(), today=date(this.year + 1, 1, 1))) == 1


@pytest.mark.django_db
class TestResultsOfAPath:
    def test_a_rate_needs_five_persons(self):
        world = World()
        world.read()
        world.answer()
        world.attend()

        first = api.path_results([world.path_id])[world.path_id]
        for _ in range(4):
            api.enrol(
                adviser=factories.an_adviser(in_post=False), path_version=world.version, source="self",
                actor=factories.root(), at=NOON,
            )  # fmt: skip

        assert first == api.PathResults(1, 1, None, factories.DAY)
        assert api.path_results([world.path_id])[world.path_id] == api.PathResults(5, 1, 20, factories.DAY)

    def test_a_path_that_nobody_followed_has_figures_all_the_same(self):
        unknown = World().module_id

        assert api.path_results([unknown])[unknown] == api.PathResults(0, 0, None, None)


@pytest.mark.django_db
class TestTheScreen:
    def test_it_is_too_early_before_the_first_presence(self, client_for):
        world = World()
        url = reverse("survey", args=[world.enrolment.registration, world.module_id])
        client = client_for(world.user)

        assert "un peu tôt" in client.get(url).content.decode()
        assert client.post(url, GOOD).status_code == 409
        assert not SurveyAnswer.objects.exists()

    def test_what_was_typed_stays_when_a_mark_is_missing(self, client_for):
        world = World()
        world.attend()
        url = reverse("survey", args=[world.enrolment.registration, world.module_id])

        page = client_for(world.user).post(url, {"pace": "2", "use": "9", "comment": "À garder"})

        text = page.content.decode()
        assert page.status_code == 422
        assert "Choisissez une note de 1 à 5." in text
        assert "À garder" in text
        assert (
            'value="2" required id="id_pace_1" checked' in text or 'id="id_pace_1" required checked' in text
        )
        assert 'href="#id_use_0"' in text

    def test_the_opinion_is_sent_thanked_and_not_asked_again(self, client_for):
        world = World()
        world.attend()
        client = client_for(world.user)
        url = reverse("survey", args=[world.enrolment.registration, world.module_id])

        sent = client.post(url, {**GOOD, "comment": " Merci "}, follow=True)
        again = client.post(url, {**GOOD, "comment": "Encore"}, follow=True)

        assert "merci" in sent.content.decode()
        assert "Votre avis est enregistré" in again.content.decode()
        assert [row.comment for row in SurveyAnswer.objects.all()] == ["Merci"]
        assert not IdempotencyKey.objects.exists()

    def test_nobody_answers_for_another(self, client_for):
        world, other = World(), factories.an_adviser(in_post=False)
        url = reverse("survey", args=[world.enrolment.registration, world.module_id])

        assert client_for(other.user).get(url).status_code == 404
        assert client_for(factories.a_user("auditor")).get(url).status_code == 404
