"""Persons, roles and posts: who is where, since when, and what is refused."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction

from courses import api
from courses.audit.queries import verify
from courses.models import HostStructure, Membership, Post, PostAssignment
from courses.shared import walls
from courses.shared.refusals import from_integrity_error
from tests import factories
from tests.factories import DAY, NOON, START

pytestmark = pytest.mark.django_db

HEADER = "departement;structure;siret;statut_juridique;postes\n"
DEPARTEMENTS = frozenset({"05", "46"})


class TestIdentifiers:
    @pytest.mark.parametrize("siret", ["73282932000075", "35600000049838", "1234", "7328293200007A"])
    def test_a_wrong_siret_is_refused_with_its_field(self, siret):
        with pytest.raises(api.IdentityError, match="SIRET") as refusal:
            factories.a_training_organisation(siret=siret)
        assert refusal.value.field == "siret"

    @pytest.mark.parametrize("siret", ["73282932000074", "35600000009075", "18133713000023"])
    def test_a_right_siret_is_kept_la_poste_included(self, siret):
        assert factories.a_training_organisation(siret=siret).siret == siret


class TestPosts:
    def test_an_adviser_already_on_another_post_is_refused_and_the_post_is_named(self):
        adviser = factories.an_adviser()
        held = PostAssignment.objects.get(adviser=adviser)

        with pytest.raises(api.PostConflictError, match=held.post.number):
            factories.an_assignment(adviser)

    def test_the_database_itself_refuses_two_posts_at_once(self):
        adviser = factories.an_adviser()
        post = factories.a_post()

        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            PostAssignment.objects.create(post=post, adviser=adviser, start=DAY, known_at=NOON)

        assert from_integrity_error(refusal.value) == "Ce conseiller occupe déjà un autre poste à ces dates."

    def test_a_released_post_is_still_told_as_it_was_known_before(self):
        adviser = factories.an_adviser()
        held = PostAssignment.objects.get(adviser=adviser)
        later = NOON.replace(month=6)

        api.release_post(assignment_id=held.pk, end=date(2026, 2, 1), actor=factories.root(), at=later)

        assert api.adviser_in_post(adviser, DAY) is None
        assert api.adviser_in_post(adviser, DAY, known_at=NOON) is not None

    def test_a_period_row_is_never_rewritten(self):
        adviser = factories.an_adviser()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PostAssignment.objects.filter(adviser=adviser).update(start=date(2020, 1, 1))

    def test_a_superseded_row_is_superseded_once(self):
        adviser = factories.an_adviser()
        held = PostAssignment.objects.get(adviser=adviser)
        api.release_post(assignment_id=held.pk, end=DAY, actor=factories.root(), at=NOON)

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PostAssignment.objects.filter(pk=held.pk).update(superseded_at=None)


class TestCommitteeFile:
    def test_posts_are_made_and_attached(self):
        lines = api.read_committee_file(
            (
                HEADER
                + "46;Commune fictive du Lot;;publique;4\n05;Association fictive;73282932000074;privée;1\n"
            ).encode(),
            departements=DEPARTEMENTS,
        )

        api.import_committee(
            lines=lines, code="c1", wave="1", source="fictive", held_on=START, actor=factories.root(), at=NOON
        )

        assert Post.objects.count() == 5
        assert HostStructure.objects.get(siret="73282932000074").attachments.count() == 1

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("46;Commune;;publique;quatre", "« quatre » n’est pas un nombre de postes"),
            ("46;Commune;;publique;-1", "nombre de postes"),
            ("46;Commune;;publique;²", "nombre de postes"),
            ("20;Commune;;publique;1", "n’est pas un département"),
            ("46;Commune;73282932000075;publique;1", "clé de ce numéro SIRET"),
            ("46;;;publique;1", "le nom manque"),
            ("46;Commune;publique;1", "nombre de colonnes"),
        ],
    )
    def test_a_bad_line_is_refused_with_line_column_and_reason_and_nothing_is_recorded(self, line, reason):
        raw = (HEADER + "46;Bonne commune;;publique;2\n" + line + "\n").encode()

        with pytest.raises(api.CommitteeFileError, match=reason) as refusal:
            api.read_committee_file(raw, departements=DEPARTEMENTS)

        assert refusal.value.message.startswith("Ligne 3")
        assert Post.objects.count() == 0


class TestCommitteeScreens:
    def test_a_reserved_post_without_a_structure_is_not_counted_as_attached(self, client_for):
        api.record_committee(
            code="sept-territoires",
            wave="fictive",
            status="in_principle",
            source="document fictif",
            held_on=START,
            awards=[api.Award(factories.a_host_structure(), 2)],
            unattributed_posts=3,
            actor=factories.root(),
            at=NOON,
        )

        response = client_for(factories.a_user("auditor")).get("/comites/")

        row = response.context["committees"].get()
        assert (row.reserved, row.attributed) == (5, 2)

    def test_a_bad_file_is_refused_on_its_field_and_nothing_is_recorded(self, client_for):
        client = client_for(factories.a_user("programme_manager"))
        file = SimpleUploadedFile("comite.csv", (HEADER + "46;Commune fictive;;publique;quatre\n").encode())

        response = client.post(
            "/comites/nouveau/",
            {
                "idempotency_key": str(uuid4()),
                "code": "c1",
                "wave": "1",
                "held_on": "2026-01-05",
                "status": "granted",
                "source": "fictive",
                "file": file,
            },
        )

        assert response.status_code == 422
        assert "« quatre » n’est pas un nombre de postes" in response.content.decode()
        assert Post.objects.count() == 0


class TestRoles:
    def test_a_role_ended_is_refused_at_the_next_request(self):
        manager = factories.a_user("organisation_manager")
        membership = Membership.objects.get(user=manager)
        assert manager.rights.has("organisation_manager")

        api.end_role(membership_id=membership.pk, end=START, actor=factories.root(), at=NOON)

        assert not type(manager).objects.get(pk=manager.pk).rights.has("organisation_manager")

    def test_a_role_is_held_only_where_it_exists(self):
        with pytest.raises(api.RoleError, match="nature"):
            api.grant_role(
                user=factories.a_user(),
                role="payer",
                organisation=factories.a_training_organisation(),
                start=START,
                actor=factories.root(),
                at=NOON,
            )


class TestAudit:
    def test_the_chains_verify_from_genesis(self):
        factories.an_adviser()

        assert verify() == []

    def test_an_altered_audit_row_is_found_and_named(self):
        factories.an_adviser()
        with walls.down(reason="test"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE courses_auditentry SET reason = 'x' WHERE chain = 'access' AND sequence = 3"
            )

        assert [(b.chain, b.sequence) for b in verify()] == [("access", 3)]

    def test_an_altered_fact_is_found_and_named(self):
        adviser = factories.an_adviser()
        held = PostAssignment.objects.get(adviser=adviser)
        with walls.down(reason="test"), connection.cursor() as cursor:
            cursor.execute("UPDATE courses_postassignment SET start = '2020-01-01' WHERE id = %s", [held.pk])

        breaches = verify()

        assert [b.object for b in breaches] == [f"courses.postassignment {held.pk}"]

    def test_a_fact_that_vanished_is_found_and_named(self):
        adviser = factories.an_adviser()
        held = PostAssignment.objects.get(adviser=adviser)
        with walls.down(reason="test"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM courses_postassignment WHERE id = %s", [held.pk])

        assert "a disparu" in verify()[0].message

    def test_a_past_head_must_be_a_prefix(self):
        factories.an_adviser()
        head = api.heads()
        factories.an_adviser()

        assert verify(head) == []
        assert verify({"access": {"sequence": 2, "hash": "0" * 64}})[0].sequence == 2
