"""A certificate rests on closed sheets and graded evidence, and on nothing else."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.db.models import Max

from certification.completion.errors import AlteredContextError, CertificateExistsError, NotProvedError
from certification.completion.queries import certificate_faults
from certification.completion.rules import declaration
from certification.completion.services import issue_certificate, render_document
from certification.models import CompletionCertificate, CompletionDocument
from courses import api
from courses.models import AuditEntry
from courses.shared import canonical, documents, walls
from tests import factories
from tests.courses.learning import World
from tests.factories import DAY, NOON


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def a_world() -> World:
    return World(adviser=factories.an_adviser())


def prove(world: World, key: str = "1") -> World:
    """210 minutes on a closed sheet, and 210 announced minutes proved by the graded quiz."""
    world.attend(key=f"sheet:{world.enrolment.pk}:{key}")
    api.record_evidence(
        enrolment=world.enrolment,
        activity=world.activity(world.quiz_id),
        kind="quiz_graded",
        evidence_class="E1",
        minutes=210,
        success=True,
        score_percent=80,
        source_key=f"attempt:{world.enrolment.pk}:{key}",
        statement=None,
        valid_on=DAY + timedelta(days=1),
        at=NOON,
    )
    return world


def issue(world: World) -> CompletionCertificate:
    return issue_certificate(
        enrolment=world.enrolment, module=world.module, actor=factories.root(), at=NOON + timedelta(days=2)
    )


class TestDeclaration:
    @pytest.mark.parametrize(
        ("region", "words"),
        [
            ("Île-de-France", "région d’Île-de-France"),
            ("Occitanie", "région d’Occitanie"),
            ("Bretagne", "région de Bretagne"),
            ("Grand Est", "région du Grand Est"),
            ("Hauts-de-France", "région des Hauts-de-France"),
        ],
    )
    def test_names_the_prefect_of_the_region(self, region, words):
        assert words in declaration("11750000001", region)


@pytest.mark.django_db
class TestIssueCertificate:
    def test_freezes_who_what_when_how_long_and_on_which_evidence(self):
        world = prove(a_world())

        certificate = issue(world)

        frozen = json.loads(certificate.context)
        assert frozen["minutes"] == {"on_site": 210, "remote": 210, "placement": 0, "total": 420}
        assert (frozen["start"], frozen["end"]) == ("2026-03-12", "2026-03-13")
        assert frozen["organisation"]["siret"] == world.organisation.siret
        assert world.organisation.nda in frozen["organisation"]["declaration"]
        assert frozen["beneficiary"]["employer"].startswith("Commune fictive")
        assert [line["class"] for line in frozen["evidence"]] == ["E2", "E1"]
        assert [line["seal"] for line in frozen["evidence"]] == [
            link.evidence.seal for link in certificate.evidence_links.order_by("evidence__valid_on")
        ]
        assert certificate.context_hash == canonical.sha256(certificate.context)
        assert AuditEntry.objects.filter(object_seal=certificate.seal).exists()

    def test_refuses_and_lists_what_is_missing(self):
        with pytest.raises(NotProvedError) as told:
            issue(a_world())

        assert "Questionnaire à réussir" in told.value.message
        assert "présence émargée" in told.value.message
        assert told.value.status == 422

    def test_reading_alone_never_gives_a_certificate(self):
        world = a_world()
        world.read()

        with pytest.raises(NotProvedError, match="présence émargée"):
            issue(world)

        assert not CompletionCertificate.objects.exists()

    def test_reading_alone_gives_none_even_when_the_module_is_made_of_reading_only(self):
        world = OnlyReading(adviser=factories.an_adviser())
        world.read()

        assert world.outcome().done
        with pytest.raises(NotProvedError, match="lire ne suffit pas"):
            issue(world)

    def test_quotes_neither_what_was_read_nor_what_was_failed(self):
        world = a_world()
        world.read()
        api.record_evidence(
            enrolment=world.enrolment, activity=world.activity(world.quiz_id), kind="quiz_graded",
            evidence_class="E1", minutes=0, success=False, score_percent=10, source_key="attempt:failed",
            statement=None, valid_on=DAY, at=NOON,
        )  # fmt: skip
        prove(world)

        frozen = json.loads(issue(world).context)

        assert len(frozen["evidence"]) == 2

    def test_refuses_a_second_one_and_names_the_first(self):
        world = prove(a_world())
        first = issue(world)

        with pytest.raises(CertificateExistsError, match=first.number) as told:
            issue(world)

        assert told.value.status == 409

    def test_numbers_follow_each_other_by_year(self):
        numbers = [issue(prove(a_world())).number for _ in range(3)]

        assert numbers == ["CR-2026-000001", "CR-2026-000002", "CR-2026-000003"]

    def test_a_refused_one_leaves_no_gap(self):
        issue(prove(a_world()))
        with pytest.raises(NotProvedError):
            issue(a_world())

        assert issue(prove(a_world())).number == "CR-2026-000002"

    def test_later_changes_of_names_do_not_reach_it(self):
        world = prove(a_world())
        certificate = issue(world)
        world.module.__class__.objects.filter(pk=world.module.pk).update(title="Autre titre")

        certificate.refresh_from_db()

        assert json.loads(certificate.context)["title"] == "Tableurs"


class OnlyReading(World):
    """A module that is one lesson, which nothing evaluates."""

    def structure(self) -> api.PathStructure:
        lesson = api.ActivityStructure(self.lesson_id, "lesson", "Lire un tableau")
        evaluated = api.ActivityStructure(uuid4(), "lesson", "Autre", 210, evaluated_by=self.quiz_id)
        quiz = api.ActivityStructure(self.quiz_id, "quiz", "Vérifier ses acquis")
        read = api.ModuleStructure(self.module_id, "Lecture", 0, activities=(lesson,))
        other = api.ModuleStructure(self.session_id, "Autre", 210, activities=(evaluated, quiz))
        return api.PathStructure("Parcours fictif", "continuing", (), 210, (read, other))


@pytest.mark.django_db
class TestRenderDocument:
    def test_draws_the_paper_once(self):
        certificate = issue(prove(a_world()))

        first = render_document(certificate_id=certificate.pk, at=NOON)
        second = render_document(certificate_id=certificate.pk, at=NOON)

        assert first.pk == second.pk
        with documents.open_file(first.file_id) as pdf:
            assert pdf.read().startswith(b"%PDF")

    def test_is_drawn_by_the_outbox(self, django_capture_on_commit_callbacks):
        certificate = issue(prove(a_world()))

        api.drain()

        assert CompletionDocument.objects.filter(certificate=certificate).exists()

    def test_nothing_is_drawn_from_altered_words(self):
        certificate = issue(prove(a_world()))
        alter(certificate)

        with pytest.raises(AlteredContextError):
            render_document(certificate_id=certificate.pk, at=NOON)


def alter(certificate: CompletionCertificate) -> None:
    with walls.down(reason="test"):
        CompletionCertificate.objects.filter(pk=certificate.pk).update(
            context=certificate.context.replace('"total":420', '"total":840')
        )


@pytest.mark.django_db
class TestFaults:
    def test_a_sound_certificate_has_none(self):
        issue(prove(a_world()))

        assert not list(certificate_faults())

    def test_altered_words_are_found_by_the_seal_and_named(self):
        certificate = issue(prove(a_world()))
        alter(certificate)
        certificate.refresh_from_db()

        assert certificate.computed_seal() != certificate.seal
        assert list(certificate_faults()) == [f"Certificat {certificate.number}\u00a0: contenu figé altéré."]

    def test_the_database_refuses_to_change_one(self):
        certificate = issue(prove(a_world()))

        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            alter_without_lowering_the_wall(certificate)


def alter_without_lowering_the_wall(certificate: CompletionCertificate) -> None:
    CompletionCertificate.objects.filter(pk=certificate.pk).update(minutes=1)


def at_the_same_time(*acts):
    """Run each act in its own thread and connection; returns what each gave or raised."""
    given = [None] * len(acts)
    together = threading.Barrier(len(acts))

    def run(index, act):
        together.wait(timeout=10)
        try:
            given[index] = act()
        except Exception as error:  # noqa: BLE001
            given[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return given


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_issues_of_one_module_give_one_certificate(self):
        world = prove(a_world())

        given = at_the_same_time(lambda: issue(world), lambda: issue(world))

        assert CompletionCertificate.objects.count() == 1
        assert sorted(type(one).__name__ for one in given) == [
            "CertificateExistsError",
            "CompletionCertificate",
        ]

    def test_issues_of_several_learners_give_numbers_without_gap_or_double(self):
        worlds = [prove(a_world()) for _ in range(4)]

        given = at_the_same_time(*[lambda world=world: issue(world) for world in worlds])

        assert sorted(one.number for one in given) == [f"CR-2026-{n:06d}" for n in range(1, 5)]

    def test_control_without_the_lock_two_would_take_the_same_number(self):
        issue(prove(a_world()))
        read_both = threading.Barrier(2)

        def next_number_unlocked():
            with transaction.atomic():
                last = CompletionCertificate.objects.aggregate(last=Max("number"))["last"]
                read_both.wait(timeout=10)
                return int(last.rsplit("-", 1)[1]) + 1

        assert connection.vendor == "postgresql"
        assert at_the_same_time(next_number_unlocked, next_number_unlocked) == [2, 2]


@pytest.mark.django_db
class TestScreens:
    def test_the_learner_reads_and_downloads_his_own(self, client_for):
        world = prove(a_world())
        certificate = issue(world)
        render_document(certificate_id=certificate.pk, at=NOON)
        browser = client_for(world.user)

        answer = browser.get(f"/certificats/{certificate.public_id}/document/")

        assert certificate.number in browser.get("/certificats/").content.decode()
        assert (
            "3\u00a0h\u00a030 à distance"
            in browser.get(f"/certificats/{certificate.public_id}/").content.decode()
        )
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF")

    def test_another_learner_finds_nothing(self, client_for):
        certificate = issue(prove(a_world()))
        browser = client_for(factories.an_adviser().user)

        assert browser.get(f"/certificats/{certificate.public_id}/").status_code == 404
        assert browser.get(f"/certificats/{certificate.public_id}/document/").status_code == 404
        assert certificate.number not in browser.get("/certificats/").content.decode()

    def test_the_organisation_issues_what_is_proved_and_sees_why_the_rest_waits(self, client_for, a_key):
        world = prove(a_world())
        waiting = World(organisation=world.organisation, adviser=factories.an_adviser())
        manager = factories.a_user("organisation_manager", world.organisation)
        browser = client_for(manager)

        page = browser.get("/certificats/emettre/").content.decode()
        form = {"idempotency_key": a_key, "enrolment": world.enrolment.pk, "module": world.module.pk}
        answers = [browser.post("/certificats/emettre/", form) for _ in range(2)]

        assert "1 certificat" in page
        assert "Questionnaire à réussir" in page
        assert [answer.status_code for answer in answers] == [302, 302]
        assert CompletionCertificate.objects.get().enrolment == world.enrolment
        assert waiting.enrolment.certificates.count() == 0

    def test_another_organisation_cannot_issue_it(self, client_for, a_key):
        world = prove(a_world())
        browser = client_for(factories.a_user("organisation_manager"))
        form = {"idempotency_key": a_key, "enrolment": world.enrolment.pk, "module": world.module.pk}

        assert browser.post("/certificats/emettre/", form).status_code == 404
        assert not CompletionCertificate.objects.exists()

    def test_a_module_that_is_not_proved_is_refused_in_french(self, client_for, a_key):
        world = a_world()
        browser = client_for(factories.a_user("organisation_manager", world.organisation))
        form = {"idempotency_key": a_key, "enrolment": world.enrolment.pk, "module": world.module.pk}

        answer = browser.post("/certificats/emettre/", form)

        assert answer.status_code == 422
        assert "n’est pas encore prouvé" in answer.content.decode()
