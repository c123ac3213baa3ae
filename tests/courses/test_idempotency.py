"""A form sent twice acts once, and answers twice the same (R-30)."""

import re
import threading
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.urls import reverse

from certification.models import FundingRight
from courses.api import content_of
from courses.models import (
    AuditEntry,
    Enrolment,
    IdempotencyKey,
    Module,
    OutboxEntry,
    QuizAttempt,
    QuizVersion,
)
from courses.outbox.idempotency import IdempotencyError, idempotent
from tests import factories
from tests.world import Line, Organisation


@pytest.fixture
def line(db):
    """A learner enrolled, with a quiz that he may hand in as often as he likes."""
    return Line(Organisation(), until="enrol")


@pytest.fixture
def quiz(line):
    activity = next(a for kind, a in line.activities.items() if kind == "quiz")
    return reverse("quiz", args=[line.enrolment.registration, activity.public_id])


def ticked(right: bool) -> dict[str, str]:
    """The one question answered, rightly or not, as the form sends it."""
    question = content_of(QuizVersion.objects.order_by("pk")[0]).questions[0]
    return {f"q-{question.id}": next(choice.id for choice in question.choices if choice.correct is right)}


def hand_in(client, address, key, right=False):
    return client.post(address, ticked(right) | {"idempotency_key": str(key)})


def test_the_same_key_twice_is_one_act_and_the_same_answer(client_for, line, quiz):
    client, key = client_for(line.adviser.user), uuid4()
    traces = AuditEntry.objects.count()

    first, second = hand_in(client, quiz, key), hand_in(client, quiz, key)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert QuizAttempt.objects.count() == 1
    assert AuditEntry.objects.count() == traces + 1


def test_another_key_is_another_act(client_for, line, quiz):
    """The control: nothing but the key makes the difference."""
    client = client_for(line.adviser.user)

    first, second = hand_in(client, quiz, uuid4()), hand_in(client, quiz, uuid4())

    assert first["Location"] != second["Location"]
    assert QuizAttempt.objects.count() == 2


def test_the_key_may_come_in_the_header(client_for, line, quiz):
    client, key = client_for(line.adviser.user), str(uuid4())

    answers = [client.post(quiz, ticked(True), headers={"Idempotency-Key": key}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert QuizAttempt.objects.count() == 1


def test_the_same_key_with_another_content_is_refused(client_for, line, quiz):
    client, key = client_for(line.adviser.user), uuid4()
    hand_in(client, quiz, key, right=False)

    answer = hand_in(client, quiz, key, right=True)

    assert answer.status_code == 422
    assert "déjà été envoyé avec un autre contenu" in answer.content.decode()
    assert [attempt.passed for attempt in QuizAttempt.objects.all()] == [False]


def test_the_security_token_is_no_part_of_the_content(client_for, line, quiz):
    client, key = client_for(line.adviser.user), str(uuid4())

    for token in ("one", "two"):
        body = ticked(True) | {"idempotency_key": key, "csrfmiddlewaretoken": token}
        assert client.post(quiz, body).status_code == 302

    assert QuizAttempt.objects.count() == 1


@pytest.mark.parametrize("key", ["", "1", "not-a-key"])
def test_without_a_key_nothing_is_done(client_for, line, quiz, key):
    answer = hand_in(client_for(line.adviser.user), quiz, key)

    assert answer.status_code == 422
    assert "rechargez la page" in answer.content.decode()
    assert not QuizAttempt.objects.exists()


def test_a_page_gives_a_new_key_each_time_it_is_drawn(client_for, line, quiz):
    client = client_for(line.adviser.user)

    keys = [
        re.search(r'name="idempotency_key" value="([^"]+)"', client.get(quiz).content.decode())[1]
        for _ in range(2)
    ]

    assert len(set(keys)) == 2


def test_a_refused_act_keeps_no_key_and_may_be_sent_again(client_for, line, quiz):
    # given answers that name a choice that does not exist
    client, key = client_for(line.adviser.user), uuid4()
    unknown = dict.fromkeys(ticked(True), "zzz") | {"idempotency_key": str(key)}
    refused = client.post(quiz, unknown)
    assert refused.status_code == 422
    assert not IdempotencyKey.objects.exists()

    # when the corrected form is sent with the same key
    answer = hand_in(client, quiz, key, right=True)

    # then it acts
    assert answer.status_code == 302
    assert QuizAttempt.objects.count() == 1


def test_the_key_of_one_person_is_not_that_of_another(client_for, line, quiz):
    other = Line(line.organisation, until="enrol")
    key = uuid4()
    theirs = quiz.replace(str(line.enrolment.registration), str(other.enrolment.registration))
    right = ticked(True) | {"idempotency_key": str(key)}

    assert client_for(line.adviser.user).post(quiz, right).status_code == 302
    assert client_for(other.adviser.user).post(theirs, right).status_code == 302

    assert QuizAttempt.objects.count() == 2


def test_an_enrolment_sent_twice_is_one_enrolment(client_for, db):
    # given an adviser who double-clicks
    organisation = Organisation()
    adviser = factories.an_adviser(structure=organisation.structure)
    client, body = (
        client_for(adviser.user),
        {"idempotency_key": str(uuid4()), "keep_unfunded": "on"},
    )
    address = reverse("enrol", args=[organisation.version.pk])

    answers = [client.post(address, body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Enrolment.objects.filter(adviser=adviser).count() == 1
    assert FundingRight.objects.filter(adviser=adviser).count() == 1


class TestTheDecoratorAlone:
    """What no view of the house does today, and any may do tomorrow."""

    @pytest.fixture
    def user(self, db):
        return factories.a_user()

    def request(self, user, key, **body):
        request = RequestFactory().post("/acte/", {"idempotency_key": str(key), **body})
        request.user, request.resolver_match = user, None
        return request

    def test_a_view_that_shows_the_form_again_did_nothing(self, user):
        @idempotent
        def shows_again(request):
            factories.a_user()
            return HttpResponse("encore")

        before = type(user).objects.count()
        assert shows_again(self.request(user, uuid4())).status_code == 200
        assert type(user).objects.count() == before
        assert not IdempotencyKey.objects.exists()

    def test_a_view_that_breaks_leaves_nothing(self, user):
        @idempotent
        def breaks(request):
            factories.a_user()
            raise RuntimeError

        before = type(user).objects.count()
        with pytest.raises(RuntimeError):
            breaks(self.request(user, uuid4()))
        assert type(user).objects.count() == before
        assert not IdempotencyKey.objects.exists()

    def test_files_are_part_of_the_content(self, user):
        @idempotent
        def keeps(request):
            assert request.FILES["file"].read()
            return HttpResponseRedirect("/fait/")

        key = uuid4()
        assert keeps(self.request(user, key, file=SimpleUploadedFile("a.csv", b"un"))).status_code == 302
        assert keeps(self.request(user, key, file=SimpleUploadedFile("a.csv", b"un"))).status_code == 302
        with pytest.raises(IdempotencyError):
            keeps(self.request(user, key, file=SimpleUploadedFile("a.csv", b"deux")))

    def test_reading_needs_no_key(self, user):
        reads = idempotent(lambda request: HttpResponse("lu"))

        assert reads(RequestFactory().get("/acte/")).content == b"lu"

    def test_an_answer_without_address_is_kept_as_well(self, user):
        done = []

        @idempotent
        def acts(request):
            done.append(1)
            return HttpResponse(status=204)

        key = uuid4()
        assert [acts(self.request(user, key)).status_code for _ in range(2)] == [204, 204]
        assert done == [1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    """Two clicks that reach two processes in the same millisecond."""

    def both(self, client_for, user, address, keys):
        barrier, answers = threading.Barrier(len(keys)), []

        def click(key):
            client = client_for(user)
            barrier.wait(10)
            try:
                answers.append(hand_in(client, address, key))
            finally:
                connection.close()

        threads = [threading.Thread(target=click, args=[key]) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return answers

    def test_the_same_key_acts_once(self, client_for, line, quiz):
        key = uuid4()

        answers = self.both(client_for, line.adviser.user, quiz, [key] * 4)

        assert {answer.status_code for answer in answers} == {302}
        assert len({answer["Location"] for answer in answers}) == 1
        assert QuizAttempt.objects.count() == 1

    def test_other_keys_act_each(self, client_for, line, quiz):
        """The control: the race is a real one."""
        answers = self.both(client_for, line.adviser.user, quiz, [uuid4() for _ in range(4)])

        assert {answer.status_code for answer in answers} == {302}
        assert QuizAttempt.objects.count() == 4


def test_a_certificate_asked_for_twice_is_printed_once(client_for, db):
    line = Line(Organisation(), until="train")
    client = client_for(line.organisation.manager)
    module = Module.objects.get(pk=line.module.pk)
    body = {"enrolment": line.enrolment.pk, "module": module.pk, "idempotency_key": str(uuid4())}

    answers = [client.post(reverse("issue_certificates"), body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert OutboxEntry.objects.filter(kind="completion.render").count() == 1
