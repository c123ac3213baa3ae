"""Who aims at what; and Pix results that say where they come from."""

from datetime import date, timedelta

import pytest

from certification.candidacies.errors import (
    CandidacyError,
    CandidacyExistsError,
    PixResultError,
    PixResultExistsError,
)
from certification.candidacies.services import open_candidacy, record_pix_result
from certification.models import Candidacy, PixResult
from certification.qualifications.queries import block
from certification.qualifications.services import load_qualifications
from courses.models import AuditEntry
from tests import factories
from tests.courses.learning import World
from tests.factories import DAY, NOON

RESULT = {
    "status": "validated",
    "score": 512,
    "max_reachable": 895,
    "certification_number": "100200",
    "origin": "session_file",
    "origin_reference": "resultats_session_4242.csv",
    "verification_code": "",
    "sat_on": DAY,
}


@pytest.fixture(autouse=True)
def reference(db):
    load_qualifications()


def open_one(adviser=None, code="CCP1", route="vae", day=DAY, **more):
    adviser = adviser or factories.an_adviser()
    return open_candidacy(
        adviser=adviser, block=block(code, day), route=route, actor=adviser.user, at=NOON, **more
    )


def record(candidacy, **values):
    return record_pix_result(
        candidacy=candidacy, **{**RESULT, **values}, actor=factories.a_user("programme_manager"), at=NOON
    )


class TestOpenCandidacy:
    def test_by_training_it_quotes_the_enrolment(self):
        world = World()

        candidacy = open_one(world.adviser, route="training", enrolment=world.enrolment)

        assert candidacy.enrolment == world.enrolment
        assert candidacy.block.qualification.code == "RNCP40695"
        assert AuditEntry.objects.filter(object_seal=candidacy.seal).exists()

    def test_by_experience_it_quotes_none(self):
        world = World()

        assert open_one(world.adviser, route="vae", enrolment=world.enrolment).enrolment is None

    def test_by_training_without_enrolment_is_refused(self):
        with pytest.raises(CandidacyError, match="indiquez l’inscription") as told:
            open_one(route="training")

        assert told.value.field == "enrolment"

    def test_the_enrolment_of_someone_else_is_refused(self):
        with pytest.raises(CandidacyError, match="n’est pas celle de ce conseiller"):
            open_one(route="training", enrolment=World().enrolment)

    def test_a_title_that_is_no_longer_in_force_is_refused(self):
        with pytest.raises(CandidacyError, match="n’est pas en vigueur le 12/03/2026"):
            open_one(day=date(2025, 1, 1))

    def test_a_second_one_to_the_same_block_is_refused(self):
        adviser = factories.an_adviser()
        open_one(adviser)

        with pytest.raises(CandidacyExistsError, match="déjà ouverte depuis le 12/03/2026"):
            open_one(adviser)

    def test_ccp1_and_pix_go_side_by_side(self):
        adviser = factories.an_adviser()

        open_one(adviser)
        open_one(adviser, "PIX")

        assert Candidacy.objects.filter(adviser=adviser).count() == 2


class TestRecordPixResult:
    def test_keeps_the_score_its_ceiling_and_its_origin(self):
        result = record(open_one(code="PIX"))

        assert (result.score, result.max_reachable, result.valid_on) == (512, 895, DAY)
        assert result.origin == "session_file"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"origin": ""}, "origin"),
            ({"origin": "declared"}, "origin"),
            ({"origin_reference": "  "}, "origin_reference"),
            ({"origin": "certificate"}, "verification_code"),
            ({"origin": "certificate", "verification_code": "P-AEIOU015"}, "verification_code"),
            ({"verification_code": "P-2346789"}, "verification_code"),
            ({"status": "passed"}, "status"),
            ({"score": 896}, "score"),
            ({"score": -1}, "score"),
            ({"status": "rejected"}, "score"),
            ({"max_reachable": 1025}, "max_reachable"),
            ({"certification_number": " "}, "certification_number"),
            ({"sat_on": DAY + timedelta(days=1)}, "sat_on"),
        ],
    )
    def test_refuses_what_is_incomplete_or_contradicts_itself(self, values, field):
        candidacy = open_one(code="PIX")

        with pytest.raises(PixResultError) as told:
            record(candidacy, **values)

        assert told.value.field == field
        assert not PixResult.objects.exists()

    def test_a_certificate_comes_with_its_code(self):
        result = record(open_one(code="PIX"), origin="certificate", verification_code="P-23CDFGHJ")

        assert result.verification_code == "P-23CDFGHJ"

    def test_refuses_a_number_recorded_already(self):
        record(open_one(code="PIX"))

        with pytest.raises(PixResultExistsError, match="100200"):
            record(open_one(code="PIX"))

    def test_refuses_a_candidacy_to_something_else(self):
        with pytest.raises(PixResultError, match="ne vise pas Pix"):
            record(open_one())

    def test_nobody_records_his_own(self):
        candidacy = open_one(code="PIX")

        with pytest.raises(PixResultError, match="son propre résultat"):
            record_pix_result(candidacy=candidacy, **RESULT, actor=candidacy.adviser.user, at=NOON)


class TestScreens:
    def test_an_adviser_opens_one_for_himself(self, client_for, a_key):
        world = World()
        browser = client_for(world.user)
        form = {
            "idempotency_key": a_key,
            "adviser": world.adviser.pk,
            "block": block("PIX", date(2026, 11, 1)).pk,
            "route": "training",
            "enrolment": world.enrolment.pk,
        }

        answer = browser.post("/candidatures/ouvrir/", form)

        assert answer.status_code == 302
        assert "En attente du résultat Pix" in browser.get("/candidatures/").content.decode()

    def test_a_missing_enrolment_is_told_on_its_field(self, client_for, a_key):
        world = World()
        form = {
            "idempotency_key": a_key,
            "adviser": world.adviser.pk,
            "block": block("PIX", date(2026, 11, 1)).pk,
            "route": "training",
        }

        page = client_for(world.user).post("/candidatures/ouvrir/", form).content.decode()

        assert "indiquez l’inscription suivie" in page
        assert not Candidacy.objects.exists()

    def test_nobody_opens_one_for_another_adviser(self, client_for, a_key):
        world, other = World(), factories.an_adviser()
        form = {
            "idempotency_key": a_key,
            "adviser": other.pk,
            "block": block("PIX", date(2026, 11, 1)).pk,
            "route": "vae",
        }

        client_for(world.user).post("/candidatures/ouvrir/", form)

        assert not Candidacy.objects.exists()

    def test_an_organisation_opens_one_for_its_learner(self, client_for, a_key):
        world = World()
        manager = factories.a_user("organisation_manager", world.organisation)
        form = {
            "idempotency_key": a_key,
            "adviser": world.adviser.pk,
            "block": block("CCP1", date(2026, 11, 1)).pk,
            "route": "training",
            "enrolment": world.enrolment.pk,
        }

        answer = client_for(manager).post("/candidatures/ouvrir/", form)

        assert answer.status_code == 302
        assert Candidacy.objects.get().adviser == world.adviser

    def test_the_programme_manager_records_a_result(self, client_for, a_key):
        candidacy = open_one(code="PIX")
        browser = client_for(factories.a_user("programme_manager"))
        form = {**RESULT, "idempotency_key": a_key, "candidacy": candidacy.pk, "sat_on": "2026-03-12"}

        answer = browser.post("/pix/enregistrer/", form)

        assert answer.status_code == 302
        page = browser.get("/pix/?statut=validated&q=100200").content.decode()
        assert "resultats_session_4242.csv" in page
        assert "Aucun résultat ne correspond" in browser.get("/pix/?statut=rejected").content.decode()

    def test_a_wrong_code_is_told_on_its_field(self, client_for, a_key):
        candidacy = open_one(code="PIX")
        form = {
            **RESULT, "idempotency_key": a_key, "candidacy": candidacy.pk, "sat_on": "2026-03-12",
            "verification_code": "P-00000000",
        }  # fmt: skip

        answer = client_for(factories.a_user("programme_manager")).post("/pix/enregistrer/", form)

        assert answer.status_code == 200
        assert "sans voyelle" in answer.content.decode()

    def test_only_the_programme_manager_records(self, client_for):
        for role in ("auditor", "organisation_manager", "jury_member"):
            assert client_for(factories.a_user(role)).get("/pix/enregistrer/").status_code == 404
