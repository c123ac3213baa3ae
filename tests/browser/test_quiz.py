"""A quiz, one question a screen: nothing is lost on the way, and the result says what to do next."""

import pytest

from courses.models import QuizAttempt
from tests.courses.learning import World


@pytest.mark.django_db(transaction=True)
def test_a_learner_answers_one_question_a_screen_leaves_comes_back_and_hands_in(page_for):
    world = World()
    page = page_for(world.user)
    address = f"/parcours/{world.enrolment.registration}/questionnaire/{world.quiz_id}/"

    page.goto(address)
    assert page.locator("fieldset:visible legend").count() == 1
    page.get_by_label("Un système de design").check(force=True)
    page.get_by_role("button", name="Suivante").click()
    page.get_by_label("Wagtail").check(force=True)

    page.goto(address)  # the page was left: the answers are still there
    assert page.get_by_label("Un système de design").is_checked()
    page.get_by_role("button", name="Suivante").click()
    page.get_by_label("Django").check(force=True)
    page.get_by_role("button", name="Suivante").click()
    assert page.get_by_text("Vous avez répondu à toutes les questions.").is_visible()
    page.get_by_role("button", name="Remettre mes réponses").click()

    page.get_by_role("heading", name="Questionnaire réussi").wait_for()
    assert QuizAttempt.objects.get().score_percent == 100
    page.goto(address)
    assert not page.get_by_label("Un système de design").is_checked()
