"""Certified is the fold of decisions that took effect and of an official Pix result; what is signed can be checked."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from django.urls import reverse
from joserfc import jws
from joserfc.jwk import KeySet, OKPKey

from certification import api
from certification.credentials import keys
from certification.credentials.codes import ALPHABET, grouped, new_code
from certification.credentials.documents import TEMPLATE, paper
from certification.credentials.invariants import false_credentials, weak_certifications
from certification.juries.invariants import (
    altered_reports,
    bad_corrections,
    crowded_sittings,
    decisions_out_of_order,
)
from certification.models import Credential, CredentialDocument, PixResult
from courses import api as training
from courses.models import OutboxEntry
from courses.shared import documents, walls
from tests.certification.jury_world import (
    DAY,
    HOUR,
    World,
    a_candidacy,
    a_certified_adviser,
    a_pix_result,
    a_taught_half_day,
    decided,
    ministry,
    validated,
)
from tests.factories import NOON, a_user, an_adviser

pytestmark = pytest.mark.django_db
LATER = NOON + 4 * HOUR


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.LMS_VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def status(adviser, **values):
    return api.certification_status(adviser, **{"as_of": DAY, **values})


def issued(world=None, at=LATER):
    world = world or a_certified_adviser()
    return api.issue_credential(adviser=world.adviser, actor=world.adviser.user, at=at)


class TestCertificationStatus:
    def test_nobody_is_certified_by_doing_nothing(self):
        found = status(an_adviser(in_post=False))

        assert found.state == "not_candidate"
        assert [part.state for part in found.parts] == ["not_candidate", "not_candidate"]

    def test_says_at_each_step_what_is_awaited_and_from_whom(self):
        world = World()
        assert "convocation devant le jury" in status(world.adviser).parts[0].reason

        world.opinions().sign()
        assert "établir puis valider le procès-verbal" in status(world.adviser).parts[0].reason

        report = world.report()
        assert "il reste à valider le procès-verbal" in status(world.adviser).parts[0].reason

        api.validate_report(report=report, actor=ministry(), at=NOON + 3 * HOUR)
        assert status(world.adviser).parts[0].state == "acquired"
        assert status(world.adviser).state == "in_progress"

        a_pix_result(world.adviser)
        assert status(world.adviser).certified

    def test_an_unvalidated_decision_does_not_even_say_which_way_it_went(self):
        texts = {status(decided(outcome).adviser).parts[0].reason for outcome in ("acquired", "not_acquired")}

        assert len(texts) == 1

    def test_is_certified_since_the_last_part_was_acquired(self):
        world = validated()
        a_pix_result(world.adviser, sat_on=DAY - timedelta(days=90))

        assert status(world.adviser).since == DAY

    def test_a_rejected_pix_certifies_nobody_and_gives_the_reason(self):
        world = validated()
        a_pix_result(world.adviser, status="rejected")

        found = status(world.adviser)

        assert found.state == "in_progress"
        assert "rejetée" in found.missing[0].text

    def test_an_unfavourable_decision_that_took_effect_is_refused_and_says_so(self):
        found = status(validated("not_acquired").adviser)

        assert found.parts[0].state == "refused"
        assert "non acquis" in found.parts[0].reason

    def test_every_part_names_its_rule_and_the_sealed_rows_it_rests_on(self):
        world = a_certified_adviser()

        ccp1, pix = status(world.adviser).parts

        assert [proof.kind for proof in ccp1.evidence] == ["candidacy", "decision", "report", "validation"]
        assert ccp1.evidence[1].seal == world.sitting.decisions.get().seal
        assert pix.evidence[-1].seal == PixResult.objects.get().seal
        assert (ccp1.rule, ccp1.rule_version) == ("programme", 3)

    def test_before_the_day_and_before_we_knew_it_was_not_so(self):
        world = a_certified_adviser()
        effect = NOON + 3 * HOUR

        assert status(world.adviser, as_of=DAY - timedelta(days=1)).state == "not_candidate"
        assert not status(world.adviser, known_at=effect - timedelta(seconds=1)).certified
        assert status(world.adviser, known_at=effect).certified

    def test_a_correction_takes_the_right_away_and_leaves_the_past_as_it_was_known(self):
        world = a_certified_adviser()
        api.correct_decision(
            decision=world.sitting.decisions.get(), outcome="not_acquired", reason="erreur de candidat",
            second_author=world.members[1].user, actor=world.members[0].user, at=LATER,
        )  # fmt: skip

        assert not status(world.adviser).certified
        assert status(world.adviser, known_at=LATER - timedelta(seconds=1)).certified

    def test_a_correction_needs_a_new_report_and_leaves_the_other_candidates_alone(self):
        world = World()
        second = world.summon(a_candidacy())
        world.opinions().sign()
        first, world.sitting = world.sitting, second
        world.opinions().sign()
        api.validate_report(report=world.report(), actor=ministry(), at=NOON + 3 * HOUR)
        api.correct_decision(
            decision=first.decisions.get(), outcome="not_acquired", reason="inversion", actor=world.members[0].user,
            second_author=world.members[1].user, at=LATER,
        )  # fmt: skip

        assert status(first.candidacy.adviser).parts[0].state == "awaiting_validation"
        assert status(second.candidacy.adviser).parts[0].state == "acquired"

        again = world.report(at=LATER + HOUR)
        assert status(second.candidacy.adviser).parts[0].state == "acquired"
        api.validate_report(report=again, actor=ministry(), at=LATER + 2 * HOUR)
        assert status(first.candidacy.adviser).parts[0].state == "refused"
        assert status(second.candidacy.adviser).parts[0].on == DAY

    def test_the_whole_nation_is_counted_as_each_person_is(self, django_assert_max_num_queries):
        worlds = [a_certified_adviser(), validated(), decided(), World()]
        instants = [None, *(NOON + n * HOUR for n in range(5))]

        for known_at in instants:
            one_by_one = {
                w.adviser.pk: found.since
                for w in worlds
                if (found := status(w.adviser, known_at=known_at)).certified
            }
            with django_assert_max_num_queries(4):
                assert api.certified_advisers(DAY, known_at) == one_by_one


class TestIssueCredential:
    def test_is_refused_with_the_reasons_until_certified(self):
        world = decided()

        with pytest.raises(
            api.NotCertifiedError, match=r"valider le procès-verbal.*Pix : aucune candidature"
        ):
            issued(world)

    def test_freezes_the_holder_and_the_grounds(self):
        world = a_certified_adviser()
        credential = issued(world)
        world.adviser.user.last_name = "Autrement"
        world.adviser.user.save()

        content = json.loads(credential.payload)

        assert content["holder"] != world.adviser.user.get_full_name()
        assert content["decision"]["seal"] == credential.decision.seal
        assert credential.pix_result.seal in content["evidence"]
        assert content["key_id"] == credential.key_id

    def test_verifies_with_the_published_keys_alone(self, client_for):
        credential = issued()
        published = KeySet.import_key_set(client_for().get("/.well-known/jwks.json").json())

        opened = jws.deserialize_compact(credential.signature, published, algorithms=["Ed25519"])

        assert opened.payload.decode() == credential.payload
        assert opened.headers() == {"alg": "Ed25519", "kid": credential.key_id}

    def test_is_issued_once_for_a_decision(self):
        world = a_certified_adviser()
        issued(world)

        with pytest.raises(api.CredentialExistsError):
            issued(world)

    def test_never_uses_a_code_again_even_after_a_revocation(self):
        world = a_certified_adviser()
        first = issued(world)
        api.revoke_credential(
            credential=first, reason="issued_in_error", actor=a_user("programme_manager"), at=LATER
        )

        second = issued(world, at=LATER + HOUR)

        assert second.code != first.code
        assert api.verify_code(first.code).state == "revoked"
        assert api.verify_code(second.code).state == "valid"

    def test_a_code_holds_128_bits_without_look_alikes(self):
        code = new_code()

        assert len(ALPHABET) ** len(code) > 2**128
        assert not set(code) & set("015AEIOULNSZ")

    def test_keeps_its_key_for_its_own_eyes(self, tmp_path):
        issued()

        (key,) = (tmp_path / "keys").glob("*.pem")
        assert key.stat().st_mode & 0o777 == 0o600

    def test_a_new_key_signs_and_the_former_one_still_verifies(self, tmp_path):
        old = issued()
        (tmp_path / "keys" / "credential-0002.pem").write_bytes(
            OKPKey.generate_key("Ed25519").as_pem(private=True)
        )

        new = issued()

        assert new.key_id != old.key_id
        assert {api.verify_code(one.code).state for one in (old, new)} == {"valid"}

    def test_is_drawn_once_with_its_signed_content_inside_and_always_the_same(self):
        credential = issued()
        assert OutboxEntry.objects.filter(kind="credentials.render", key=str(credential.pk)).count() == 1

        training.drain()
        training.drain()

        document = CredentialDocument.objects.get(credential=credential)
        with documents.open_file(document.file_id) as file:
            pdf = file.read()

        assert pdf.startswith(b"%PDF-")
        assert pdf == documents.render_pdf(TEMPLATE, paper(credential))
        assert b"attestation.jws" in pdf


class TestVerify:
    def test_accepts_spaces_dashes_and_small_letters(self):
        credential = issued()

        for typed in (grouped(credential.code), grouped(credential.code).replace(" ", "-").lower()):
            assert api.verify_code(typed).state == "valid"

    def test_altering_any_byte_of_the_signed_text_is_seen(self):
        credential = issued()
        head, _, tail = credential.signature.split(".")
        signed = credential.payload.encode()
        assert keys.signed_payload(credential.signature, credential.key_id) == credential.payload

        for position in range(len(signed)):
            changed = signed[:position] + bytes([signed[position] ^ 1]) + signed[position + 1 :]
            body = urlsafe_b64encode(changed).rstrip(b"=").decode()
            assert keys.signed_payload(f"{head}.{body}.{tail}", credential.key_id) is None

    @pytest.mark.parametrize("column", ["payload", "signature", "key_id", "seal"])
    def test_altering_the_row_is_seen(self, column):
        credential = issued()
        with walls.down(reason="test"):
            value = getattr(credential, column)
            Credential.objects.filter(pk=credential.pk).update(**{column: value[:-3] + "AAA"})

        assert api.verify_code(credential.code).state == "altered"

    def test_altering_the_decision_behind_it_is_seen(self):
        credential = issued()
        with walls.down(reason="test"):
            type(credential.decision).objects.filter(pk=credential.decision_id).update(outcome="not_acquired")

        assert api.verify_code(credential.code).state == "altered"

    def test_a_corrected_decision_revokes_by_itself(self):
        world = a_certified_adviser()
        credential = issued(world)
        api.correct_decision(
            decision=world.sitting.decisions.get(), outcome="not_acquired", reason="erreur",
            second_author=world.members[1].user, actor=world.members[0].user, at=LATER + HOUR,
        )  # fmt: skip

        answer = api.verify_code(credential.code)

        assert (answer.state, answer.revocation_reason) == ("revoked", "décision de certification corrigée")

    def test_only_the_programme_manager_revokes_and_only_once(self):
        credential, manager = issued(), a_user("programme_manager")
        with pytest.raises(Exception, match="responsable du programme"):
            api.revoke_credential(credential=credential, reason="fraud", actor=a_user("auditor"), at=LATER)

        api.revoke_credential(credential=credential, reason="fraud", actor=manager, at=LATER)

        with pytest.raises(api.RevocationError, match="déjà révoquée"):
            api.revoke_credential(credential=credential, reason="fraud", actor=manager, at=LATER)


class TestVerifyPage:
    def test_anyone_reads_a_plain_answer_and_nothing_private(self, client_for):
        world = a_certified_adviser()
        credential = issued(world)

        response = client_for().get(reverse("verify_code", args=[credential.code]))
        text = response.content.decode()

        assert response.status_code == 200
        assert "Attestation valide" in text
        assert world.adviser.user.get_full_name() in text
        assert response["X-Robots-Tag"].startswith("noindex")
        for private in (
            "512",
            "1990",
            credential.pix_result.certification_number,
            str(credential.decision.public_id),
        ):
            assert private not in text.split("<main")[1].split("</main")[0]

    def test_a_revoked_one_says_since_when_and_why_in_a_word(self, client_for):
        credential = issued()
        api.revoke_credential(
            credential=credential,
            reason="fraud",
            detail="secret",
            actor=a_user("programme_manager"),
            at=LATER,
        )

        text = client_for().get(reverse("verify_code", args=[credential.code])).content.decode()

        assert "Attestation révoquée" in text
        assert "12 mars 2026. Motif : fraude établie" in text.replace("\xa0", " ")
        assert "secret" not in text

    @pytest.mark.parametrize("code", ["ABC", "23" * 14, "x" * 300, "é", "-"])
    def test_an_unknown_code_is_said_unknown(self, client_for, code):
        response = client_for().get(reverse("verify_code", args=[code]))

        assert response.status_code == 404
        assert "Aucun certificat ne correspond à ce code" in response.content.decode()

    def test_the_field_leads_to_the_answer(self, client_for):
        credential = issued()

        response = client_for().get(reverse("verify"), {"code": grouped(credential.code).lower()})

        assert response["Location"] == reverse("verify_code", args=[credential.code])

    def test_security_txt_says_whom_to_tell(self, client_for):
        response = client_for().get("/.well-known/security.txt")

        assert response["Content-Type"].startswith("text/plain")
        assert "Contact: " in response.content.decode()
        assert "Expires: " in response.content.decode()


class TestInvariants:
    def test_hold_on_a_world_made_through_the_services(self):
        issued()

        assert [*weak_certifications(DAY), *false_credentials()] == []
        assert [*decisions_out_of_order(), *bad_corrections(), *crowded_sittings(), *altered_reports()] == []

    def test_name_the_decision_whose_member_turns_out_to_be_a_trainer(self):
        world = a_certified_adviser()
        a_taught_half_day(world.adviser, world.members[0].user)

        ((name, sentence),) = decisions_out_of_order()

        assert name == str(world.sitting.decisions.get().public_id)
        assert "a formé le candidat" in sentence

    def test_name_the_credential_that_was_altered(self):
        credential = issued()
        with walls.down(reason="test"):
            Credential.objects.filter(pk=credential.pk).update(payload="{}")

        assert len(list(false_credentials())) == 1
