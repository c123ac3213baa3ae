"""Quizzes graded by the server."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from courses import api
from courses.assessment import statements
from courses.assessment.errors import NotYourQuizError
from courses.assessment.rules import faults, grade
from courses.models import Evidence, QuizAttempt, Statement
from tests import factories
from tests.courses.learning import RIGHT, WRONG, World, quiz_content
from tests.factories import NOON

LATER = NOON + timedelta(hours=1)


class TestGrade:
    @pytest.mark.parametrize(
        ("answers", "score"),
        [
            (RIGHT, 100),
            ({"un": ["a"], "deux": ["a"]}, 50),
            ({"un": ["a"], "deux": ["a", "b", "c"]}, 50),
            ({"un": ["a"]}, 50),
            ({}, 0),
            ({"un": ["a", "a"]}, 50),
        ],
    )
    def test_a_question_is_right_or_wrong_and_an_unanswered_one_is_wrong(self, answers, score):
        assert grade(quiz_content(), answers, 60).score_percent == score

    def test_the_score_is_a_whole_percent_and_never_rounded_up(self):
        question = quiz_content().questions[0]
        content = api.QuizContent("Trois", tuple(replace(question, id=str(n)) for n in range(3)))

        result = grade(content, {"0": ["a"], "1": ["a"]}, 67)

        assert (result.score_percent, result.passed) == (66, False)

    @pytest.mark.parametrize("answers", [{"trois": ["a"]}, {"un": ["z"]}, {"un": ["a", "b"]}])
    def test_refuses_what_is_not_in_the_quiz(self, answers):
        with pytest.raises(api.AnswersError) as refusal:
            grade(quiz_content(), answers, 60)

        assert refusal.value.status == 422

    @given(st.dictionaries(st.sampled_from(["un", "deux"]), st.lists(st.sampled_from("abc"), max_size=4)))
    def test_gives_a_grade_or_a_refusal_for_any_answers(self, answers):
        try:
            result = grade(quiz_content(), answers, 60)
        except api.AnswersError:
            return

        assert result.score_percent in {0, 50, 100}

    def test_a_quiz_without_a_right_answer_cannot_be_graded(self):
        question = quiz_content().questions[0]
        without = replace(
            question, choices=tuple(replace(choice, correct=False) for choice in question.choices)
        )

        assert list(faults(api.QuizContent("Vide", ()), 60))
        assert list(faults(api.QuizContent("Sans clé", (without,)), 60)) == [
            "Question 1\u00a0: indiquez au moins une bonne réponse."
        ]


@pytest.mark.django_db
class TestFreezeQuiz:
    def _freeze(self, world, **changes):
        values = {"content": quiz_content(), "pass_percent": 60, "covers_minutes": 210, **changes}
        return api.freeze_quiz(
            path_version=world.version,
            activity=world.activity(world.quiz_id),
            actor=factories.root(),
            at=LATER,
            **values,
        )

    def test_frozen_again_it_is_the_same_row(self):
        world = World()

        assert self._freeze(world) == world.quiz

    def test_another_content_is_refused(self):
        with pytest.raises(api.QuizFrozenError):
            self._freeze(World(), content=quiz_content("Autre"))

    def test_covers_exactly_what_the_lessons_announce(self):
        with pytest.raises(api.QuizContentError, match="210"):
            self._freeze(World(), covers_minutes=600)

    def test_the_learner_sees_no_key(self):
        shown = api.quiz_for_learner(World().quiz)

        assert [question.id for question in shown] == ["un", "deux"]
        assert "correct" not in repr(shown)
        assert "habille" not in repr(shown)


@pytest.mark.django_db
class TestGradeAttempt:
    def test_writes_attempt_trace_and_proof_of_class_e1(self):
        world = World()

        attempt = world.answer()

        statement = Statement.objects.get(uuid=attempt.public_id)
        proof = Evidence.objects.get(enrolment=world.enrolment)
        assert (attempt.score_percent, attempt.passed) == (100, True)
        assert (statement.evidence_class, statement.success, statement.score_millionths) == (
            "E1",
            True,
            1_000_000,
        )
        assert (proof.evidence_class, proof.minutes, proof.statement) == ("E1", 210, statement)

    def test_a_failure_proves_no_minute(self):
        world = World()

        world.answer(WRONG)

        assert Evidence.objects.get(enrolment=world.enrolment).minutes == 0
        assert "seuil" in world.outcome().missing[1].text

    def test_minutes_are_proved_once_however_often_the_quiz_is_passed(self):
        world = World()

        world.answer()
        world.answer(at=LATER)

        minutes = (
            Evidence.objects.filter(enrolment=world.enrolment)
            .order_by("pk")
            .values_list("minutes", flat=True)
        )
        assert list(minutes) == [210, 0]
        assert world.outcome().remote_minutes == 210

    def test_a_failure_after_a_success_takes_nothing_back(self):
        world = World()
        world.answer()

        world.answer(WRONG, at=LATER)

        assert world.outcome().remote_minutes == 210

    def test_refuses_another_person(self):
        world = World()

        with pytest.raises(NotYourQuizError, match="Seul le conseiller inscrit"):
            api.grade_attempt(
                enrolment=world.enrolment,
                quiz_version=world.quiz,
                answers=RIGHT,
                actor=factories.a_user(),
                at=NOON,
            )
        assert not QuizAttempt.objects.exists()

    def test_refuses_the_quiz_of_another_path(self):
        world, other = World(), World()

        with pytest.raises(api.QuizNotInPathError):
            api.grade_attempt(
                enrolment=world.enrolment, quiz_version=other.quiz, answers=RIGHT, actor=world.user, at=NOON
            )

    def test_is_re_emitted_from_the_attempts_alone(self):
        world = World()
        world.answer(WRONG)
        world.answer(at=LATER)

        emitted = {fact.source_key: fact for fact in statements.emit()}

        for proof in Evidence.objects.all():
            assert api.EvidenceFact.of(proof) == emitted[proof.source_key]


def _post(client, world, answers=None, key=None):
    data = {f"q-{question}": ticked for question, ticked in (RIGHT if answers is None else answers).items()}
    return client.post(_url(world), data | {"idempotency_key": str(key or uuid4())})


def _url(world, activity: UUID | None = None):
    return reverse("quiz", args=[world.enrolment.registration, activity or world.quiz_id])


@pytest.mark.django_db
class TestQuizScreen:
    def test_shows_one_fieldset_for_each_question_and_never_the_key(self, client_for):
        world = World()

        page = client_for(world.user).get(_url(world)).content.decode()

        assert page.count("<fieldset") >= 2
        assert "Que veut dire DSFR" in page
        assert "Le DSFR habille" not in page

    def test_handing_in_leads_to_the_result_with_the_feedback_of_each_question(self, client_for):
        world = World()
        client = client_for(world.user)

        page = client.post(
            _url(world), {"q-un": "a", "q-deux": ["a"], "idempotency_key": str(uuid4())}, follow=True
        ).content.decode()

        assert "Pas encore réussi" in page
        assert "Le DSFR habille" in page
        assert "À revoir" in page
        assert "Recommencer le questionnaire" in page

    def test_a_success_says_what_is_still_missing(self, client_for):
        world = World()
        client = client_for(world.user)

        page = client.get(_post(client, world)["Location"]).content.decode()

        assert "Questionnaire réussi" in page
        assert "de présence émargée" in page

    def test_the_same_form_sent_twice_is_one_attempt(self, client_for):
        world, key = World(), uuid4()
        client = client_for(world.user)

        first, second = _post(client, world, key=key), _post(client, world, key=key)

        assert first["Location"] == second["Location"]
        assert QuizAttempt.objects.count() == 1
        assert Statement.objects.count() == 1

    def test_unknown_answers_are_refused_and_nothing_is_kept(self, client_for):
        world = World()

        response = _post(client_for(world.user), world, {"un": ["z"]})

        assert response.status_code == 422
        assert "n’est pas proposée" in response.content.decode()
        assert not QuizAttempt.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_the_enrolment_of_someone_else_does_not_exist(self, client_for, method):
        world, other = World(), World()

        response = getattr(client_for(other.user), method)(_url(world), {"idempotency_key": str(uuid4())})

        assert response.status_code == 404

    def test_a_quiz_of_another_version_does_not_exist(self, client_for):
        world, other = World(), World()

        assert client_for(world.user).get(_url(world, other.quiz_id)).status_code == 404

    def test_a_manager_of_the_organisation_reads_the_result_but_does_not_answer(self, client_for):
        world = World()
        attempt = world.answer()
        manager = client_for(factories.a_user("organisation_manager", world.organisation))
        stranger = client_for(factories.a_user("organisation_manager"))
        result = reverse("quiz_result", args=[world.enrolment.registration, world.quiz_id, attempt.public_id])

        assert manager.get(_url(world)).status_code == 404
        assert manager.get(result).status_code == 200
        assert stranger.get(result).status_code == 404

    def test_nobody_answers_without_signing_in(self, client_for):
        response = client_for().get(_url(World()))

        assert response.status_code == 302
        assert "connexion" in response["Location"]


@pytest.mark.django_db
def test_the_trace_says_the_score_as_xapi_does():
    attempt = World().answer({"un": ["a"]})

    body = json.loads(Statement.objects.get(uuid=attempt.public_id).raw)

    assert body["verb"]["id"] == api.VERBS["failed"].iri
    assert body["result"]["score"] == {"scaled": 0.5, "raw": 50, "min": 0, "max": 100}
    assert body["authority"]["account"]["name"] == "system/assessment"
