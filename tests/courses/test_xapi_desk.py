"""The keys of the record store and the names that it does not know: services and screens."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses import api
from courses.catalogue.enums import ActivityKind
from courses.models import (
    Activity,
    AuditEntry,
    IdempotencyKey,
    LrsKey,
    Module,
    QuarantineEntry,
    Statement,
    StatementActivity,
    StatementActor,
    XapiActivity,
    XapiActor,
    XapiVerb,
)
from courses.shared import canonical, clock
from courses.shared.errors import AccessDeniedError, ConflictError
from courses.xapi import quarantine
from courses.xapi.keys import create_lrs_key, revoke_lrs_key
from courses.xapi.quarantine import QuarantineError, find_adviser, note_unknown
from tests import factories
from tests.factories import NOON

HOME = "account:https://of.example|"


def an_actor(ifi=None):
    return XapiActor.objects.create(ifi=ifi or f"{HOME}{uuid4()}")


def an_activity(iri=None):
    return XapiActivity.objects.create(iri=iri or f"https://of.example/module/{uuid4()}")


def an_entry(organisation, **values):
    if "activity" not in values:
        values.setdefault("actor", an_actor())
    return QuarantineEntry.objects.create(organisation=organisation, first_seen_at=NOON, **values)


def a_catalogue_activity(organisation, iri=None):
    module = Module.objects.create(public_id=uuid4(), organisation=organisation, title="Module fictif")
    return Activity.objects.create(
        public_id=uuid4(), module=module, kind=ActivityKind.LESSON, title="Leçon fictive",
        iri=iri or f"https://lms.example/activites/{uuid4()}",
    )  # fmt: skip


def a_statement(organisation, *, actor=None, activity=None, raw="{}", at=NOON):
    verb, _ = XapiVerb.objects.get_or_create(iri="http://adlnet.gov/expapi/verbs/completed")
    authority, _ = XapiActor.objects.get_or_create(ifi="account:autorité|org/fictive")
    return Statement.objects.create(
        stored=at, timestamp=at, actor=actor or an_actor(), verb=verb, activity=activity or an_activity(),
        authority=authority, organisation=organisation, evidence_class="E4", version="1.0.3", raw=raw,
        received_hash="0" * 64,
    )  # fmt: skip


@pytest.fixture
def organisation(db):
    return factories.a_training_organisation()


@pytest.fixture
def manager(organisation):
    return factories.a_user("organisation_manager", organisation)


def sent(client, url, **data):
    return client.post(url, {"idempotency_key": str(uuid4()), **data})


class TestKeys:
    def test_a_key_keeps_what_it_is_for(self, organisation, manager):
        key, _ = create_lrs_key(
            organisation=organisation, scopes=[], actor=manager, at=NOON, name="Plateforme du soir"
        )

        assert LrsKey.objects.get(pk=key.pk).name == "Plateforme du soir"

    def test_the_door_opens_on_the_same_acts(self):
        assert (api.create_lrs_key, api.revoke_lrs_key) == (create_lrs_key, revoke_lrs_key)

    def test_the_command_line_still_makes_a_key(self, organisation, capsys):
        call_command("lrs_key", "create", "--organisation", str(organisation.pk), "--json")

        assert LrsKey.objects.get().organisation_id == organisation.pk


def key_values(organisation, **values):
    return {
        "name": "Plateforme du soir", "organisation": organisation.pk, "scopes": ["statements/write"],
        "lifetime": "1y", **values,
    }  # fmt: skip


class TestKeysScreen:
    def test_an_empty_list_says_what_a_key_is_for_and_how_to_make_one(self, manager, client_for):
        page = client_for(manager).get(reverse("lrs_keys")).content.decode()

        assert "Aucune clé" in page
        assert reverse("lrs_key_new") in page
        assert f"{settings.LMS_PUBLIC_URL}/xapi/1.0.3/" in page

    def test_each_key_tells_its_state_in_a_word(self, organisation, manager, client_for):
        now = clock.now()
        made = {"organisation": organisation, "scopes": ["all"], "actor": manager}
        create_lrs_key(**made, at=now, name="Vivante")
        create_lrs_key(**made, at=now - timedelta(days=9), lifetime=timedelta(days=2), name="Passée")
        revoked, _ = create_lrs_key(**made, at=now, name="Close")
        revoke_lrs_key(key=revoked, actor=manager, at=now)

        client = client_for(manager)
        page = client.get(reverse("lrs_keys")).content.decode()
        assert all(word in page for word in ("Active", "Expirée", "Révoquée", "y compris annuler des traces"))
        for state, name in (("valid", "Vivante"), ("expired", "Passée"), ("revoked", "Close")):
            answer = client.get(reverse("lrs_keys"), {"etat": state})
            assert [line.key.name for line in answer.context["lines"]] == [name]

    def test_a_national_reader_reads_and_makes_nothing(self, organisation, manager, client_for):
        key, _ = create_lrs_key(organisation=organisation, scopes=[], actor=manager, at=NOON)
        auditor = client_for(factories.a_user("auditor"))

        assert key.key in auditor.get(reverse("lrs_keys")).content.decode()
        assert reverse("lrs_key_new") not in auditor.get(reverse("lrs_keys")).content.decode()
        assert "Révoquer" not in auditor.get(reverse("lrs_key", args=[key.key])).content.decode()
        assert sent(auditor, reverse("lrs_key_revoke", args=[key.key])).status_code == 403

    def test_the_key_of_another_organisation_does_not_exist(self, manager, client_for):
        key, _ = create_lrs_key(
            organisation=factories.a_training_organisation(), scopes=[], actor=None, at=NOON
        )
        client = client_for(manager)

        assert client.get(reverse("lrs_key", args=[key.key])).status_code == 404
        assert sent(client, reverse("lrs_key_revoke", args=[key.key])).status_code == 404

    def test_the_list_goes_out_as_a_file_without_any_formula(self, organisation, manager, client_for):
        create_lrs_key(organisation=organisation, scopes=[], actor=manager, at=NOON, name="=1+1")

        answer = client_for(manager).get(reverse("lrs_keys_csv"))

        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[1][0] == "'=1+1"
        assert rows[1][-1] == "Active"


class TestMakingAKey:
    def test_shows_the_secret_once_and_keeps_it_nowhere(self, organisation, manager, client_for):
        client = client_for(manager)

        answer = sent(client, reverse("lrs_key_new"), **key_values(organisation))

        key, secret = LrsKey.objects.get(), answer.context["secret"]
        assert answer.status_code == 201
        assert answer["Cache-Control"] == "no-store"
        assert secret in answer.content.decode()
        assert key.secret_hash == canonical.sha256(secret)
        assert (key.expires_at - key.created_at).days == 365
        assert secret not in str(list(IdempotencyKey.objects.values()))
        assert secret not in str(list(AuditEntry.objects.values()))
        assert secret not in str(dict(client.session))
        assert secret not in client.get(reverse("lrs_key", args=[key.key])).content.decode()

    def test_the_same_form_sent_again_makes_no_second_key_and_says_that_the_secret_was_shown(
        self, organisation, manager, client_for
    ):
        client, values = client_for(manager), key_values(organisation, idempotency_key=str(uuid4()))
        first = client.post(reverse("lrs_key_new"), values)

        again = client.post(reverse("lrs_key_new"), values, follow=True)

        assert LrsKey.objects.count() == 1
        assert again.status_code == 200
        assert "montré une seule fois" in again.content.decode()
        assert first.context["secret"] not in again.content.decode()

    def test_without_end_and_with_several_scopes(self, organisation, manager, client_for):
        values = key_values(organisation, lifetime="none", scopes=["state", "statements/read"])

        sent(client_for(manager), reverse("lrs_key_new"), **values)

        key = LrsKey.objects.get()
        assert (key.scopes, key.expires_at) == ("state statements/read", None)

    @pytest.mark.parametrize(
        "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["lune"]}, {"lifetime": "9y"}]
    )
    def test_an_incomplete_form_is_shown_again_and_makes_nothing(
        self, organisation, manager, client_for, wrong
    ):
        answer = sent(client_for(manager), reverse("lrs_key_new"), **key_values(organisation, **wrong))

        assert answer.status_code == 422
        assert not LrsKey.objects.exists()

    def test_another_organisation_cannot_be_chosen(self, manager, client_for):
        stranger = factories.a_training_organisation()

        answer = sent(client_for(manager), reverse("lrs_key_new"), **key_values(stranger))

        assert answer.status_code == 422
        assert not LrsKey.objects.exists()

    def test_revoking_asks_first_then_closes_at_once(self, organisation, manager, client_for):
        key, _ = create_lrs_key(organisation=organisation, scopes=[], actor=manager, at=NOON, name="Soir")
        client = client_for(manager)

        asked = client.get(reverse("lrs_key_revoke", args=[key.key]))
        done = sent(client, reverse("lrs_key_revoke", args=[key.key]))

        assert "Ce qui va se passer" in asked.content.decode()
        assert done["Location"] == reverse("lrs_keys")
        assert LrsKey.objects.get().revoked_at is not None


class TestNoteUnknown:
    def test_notes_strangers_and_leaves_aside_those_whom_the_house_knows(self, organisation):
        user, other = factories.a_user(), uuid4()
        own, site = f"account:{settings.LMS_PUBLIC_URL}|", settings.LMS_PUBLIC_URL
        actors = [
            an_actor(ifi).ifi
            for ifi in (f"{own}{user.public_id}", f"{own}{other}", f"{own}org/cle", f"{HOME}42", "group:0a1b")
        ]
        lesson = a_catalogue_activity(organisation)
        iris = [lesson.iri, f"{site}/xapi/etat", "https://of.example/module/1"]
        activities = {iri: an_activity(iri).pk for iri in iris}

        note_unknown(
            organisation_id=organisation.pk,
            actors=dict(XapiActor.objects.filter(ifi__in=actors).values_list("ifi", "pk")),
            activities=activities,
            at=NOON,
        )

        entries = QuarantineEntry.objects.all()
        assert {entry.actor.ifi for entry in entries if entry.actor} == {f"{own}{other}", f"{HOME}42"}
        assert [entry.activity.iri for entry in entries if entry.activity] == [iris[2]]
        assert {(entry.state, entry.first_seen_at) for entry in entries} == {("open", NOON)}

    def test_a_name_noted_or_decided_before_stays_as_it_is(self, organisation, manager):
        entry = an_entry(organisation)
        quarantine.ignore(entry_id=entry.pk, actor=manager, at=NOON)
        given = {"actors": {entry.actor.ifi: entry.actor_id}, "activities": {}, "at": NOON}

        note_unknown(organisation_id=organisation.pk, **given)
        note_unknown(organisation_id=factories.a_training_organisation().pk, **given)

        assert sorted(QuarantineEntry.objects.values_list("state", flat=True)) == ["ignored", "open"]

    def test_asks_three_times_whatever_the_number_of_names(self, organisation):
        own = f"account:{settings.LMS_PUBLIC_URL}|"
        actors = [an_actor(f"{own}{uuid4()}") for _ in range(30)]
        activities = [an_activity() for _ in range(30)]

        with CaptureQueriesContext(
            connection,
        ) as asked:
            note_unknown(
                organisation_id=organisation.pk,
                actors={actor.ifi: actor.pk for actor in actors},
                activities={activity.iri: activity.pk for activity in activities},
                at=NOON,
            )

        said = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
        assert len(said) == 3
        assert QuarantineEntry.objects.count() == 60


@pytest.mark.django_db
class TestFindAdviser:
    def test_finds_by_public_identifier_and_by_exact_address(self):
        user = factories.an_adviser(in_post=False).user
        user.email = "camille@exemple.invalid"
        user.save()

        assert find_adviser(f" {user.public_id} ") == user
        assert find_adviser("Camille@exemple.invalid") == user

    def test_gives_one_and_the_same_answer_for_whoever_cannot_be_named(self):
        stranger, left = factories.a_user(), factories.an_adviser(in_post=False).user
        twins = [factories.an_adviser(in_post=False).user for _ in range(2)]
        left.is_active = False
        left.save()
        for twin in twins:
            twin.email = "jumeaux@exemple.invalid"
            twin.save()

        for typed in (
            "", "personne@exemple.invalid", "camille", str(uuid4()), str(stranger.public_id),
            str(left.public_id), "jumeaux@exemple.invalid",
        ):  # fmt: skip
            with pytest.raises(QuarantineError, match="Aucun conseiller ne correspond"):
                find_adviser(typed)


class TestDecisions:
    def test_attaching_an_actor_says_who_decided_when_and_why(self, organisation, manager):
        entry, adviser = an_entry(organisation), factories.an_adviser(in_post=False)

        quarantine.attach_actor(
            entry_id=entry.pk, user=adviser.user, actor=manager, at=NOON, reason="Confirmé par lui."
        )

        entry.refresh_from_db()
        assert (entry.state, entry.user, entry.decided_by) == ("attached", adviser.user, manager)
        audited = AuditEntry.objects.get(action="xapi.quarantine.attach")
        assert (audited.chain, audited.reason) == ("access", "Confirmé par lui.")
        assert str(adviser.user.public_id) in audited.after

    def test_attaching_an_activity_of_the_organisation(self, organisation, manager):
        entry = an_entry(organisation, activity=an_activity())
        lesson = a_catalogue_activity(organisation)

        quarantine.attach_activity(
            entry_id=entry.pk, known_activity=lesson, actor=manager, at=NOON, reason="Ancienne adresse."
        )

        entry.refresh_from_db()
        assert (entry.state, entry.known_activity) == ("attached", lesson)

    def test_an_activity_of_another_organisation_is_refused(self, organisation, manager):
        entry = an_entry(organisation, activity=an_activity())
        lesson = a_catalogue_activity(factories.a_training_organisation())

        with pytest.raises(QuarantineError, match="pas de votre organisme"):
            quarantine.attach_activity(
                entry_id=entry.pk, known_activity=lesson, actor=manager, at=NOON, reason="Essai."
            )

    def test_an_actor_is_no_activity_and_an_activity_nobody(self, organisation, manager):
        actor, activity = an_entry(organisation), an_entry(organisation, activity=an_activity())
        lesson, user = a_catalogue_activity(organisation), factories.an_adviser(in_post=False).user
        common = {"actor": manager, "at": NOON, "reason": "Essai."}

        with pytest.raises(QuarantineError, match="désigne une activité"):
            quarantine.attach_actor(entry_id=activity.pk, user=user, **common)
        with pytest.raises(QuarantineError, match="désigne un acteur"):
            quarantine.attach_activity(entry_id=actor.pk, known_activity=lesson, **common)

    def test_who_is_no_adviser_is_refused(self, organisation, manager):
        with pytest.raises(QuarantineError, match="Aucun conseiller"):
            quarantine.attach_actor(
                entry_id=an_entry(organisation).pk, user=factories.a_user(), actor=manager, at=NOON,
                reason="Essai.",
            )  # fmt: skip

    def test_a_decision_without_its_ground_is_refused(self, organisation, manager):
        with pytest.raises(QuarantineError, match="repose"):
            quarantine.attach_actor(
                entry_id=an_entry(organisation).pk, user=factories.an_adviser(in_post=False).user,
                actor=manager, at=NOON, reason=" ",
            )  # fmt: skip

    def test_what_is_decided_is_not_decided_again_but_reopened(self, organisation, manager):
        entry, user = an_entry(organisation), factories.an_adviser(in_post=False).user
        common = {"entry_id": entry.pk, "actor": manager, "at": NOON, "reason": "Essai."}
        quarantine.attach_actor(user=user, **common)

        with pytest.raises(ConflictError, match="Rattaché"):
            quarantine.ignore(**common)
        quarantine.reopen(**common)

        entry.refresh_from_db()
        assert (entry.state, entry.user, entry.decided_by, entry.decided_at) == ("open", None, None, None)
        with pytest.raises(ConflictError, match="À examiner"):
            quarantine.reopen(**common)

    def test_only_the_managers_of_its_organisation_decide(self, organisation):
        entry = an_entry(organisation)
        for outsider in (factories.a_user("organisation_manager"), factories.a_user("auditor")):
            with pytest.raises(AccessDeniedError):
                quarantine.ignore(entry_id=entry.pk, actor=outsider, at=NOON)


class TestQuarantineScreen:
    def test_an_empty_list_says_when_names_come(self, manager, client_for):
        page = client_for(manager).get(reverse("quarantine")).content.decode()

        assert "Aucun nom inconnu" in page

    def test_a_list_without_anything_left_says_so(self, organisation, manager, client_for):
        quarantine.ignore(entry_id=an_entry(organisation).pk, actor=manager, at=NOON)

        assert "Rien à examiner" in client_for(manager).get(reverse("quarantine")).content.decode()

    def test_filters_by_state_nature_and_text(self, organisation, manager, client_for):
        person, other = an_entry(organisation), an_entry(organisation, actor=an_actor("mbox:a@b.example"))
        thing = an_entry(organisation, activity=an_activity())
        quarantine.ignore(entry_id=other.pk, actor=manager, at=NOON)
        client = client_for(manager)

        def found(**asked):
            answer = client.get(reverse("quarantine"), asked)
            return {line.entry.pk for line in answer.context["lines"]}

        assert found() == {person.pk, thing.pk}
        assert found(etat="tous") == {person.pk, other.pk, thing.pk}
        assert found(etat="tous", nature="acteur") == {person.pk, other.pk}
        assert found(nature="activite") == {thing.pk}
        assert found(etat="ignored", q="A@B.example") == {other.pk}
        assert found(etat="lune", nature="lune") == {person.pk, thing.pk}

    def test_counts_the_statements_of_the_organisation_each_once(self, organisation, manager, client_for):
        entry, thing = an_entry(organisation), an_entry(organisation, activity=an_activity())
        as_actor = a_statement(organisation, actor=entry.actor, activity=thing.activity)
        as_team = a_statement(organisation)
        a_statement(factories.a_training_organisation(), actor=entry.actor)
        for statement, roles in ((as_actor, ("actor", "team")), (as_team, ("team", "instructor"))):
            for role in roles:
                StatementActor.objects.create(statement=statement, actor=entry.actor, role=role)
        StatementActivity.objects.create(statement=as_team, activity=thing.activity, role="parent")

        lines = client_for(manager).get(reverse("quarantine")).context["lines"]

        assert {line.entry.pk: line.statements for line in lines} == {entry.pk: 2, thing.pk: 2}

    def test_asks_as_often_for_thirty_names_as_for_two(self, organisation, manager, client_for):
        client = client_for(manager)

        def asked():
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("quarantine"))
            return len(queries)

        an_entry(organisation), an_entry(organisation, activity=an_activity())
        asked()
        few = asked()
        for _ in range(28):
            a_statement(organisation, actor=an_entry(organisation).actor)

        assert asked() == few

    def test_the_list_goes_out_as_a_file(self, organisation, manager, client_for):
        entry = an_entry(organisation, actor=an_actor("=cmd|'/c calc'!A1"))
        a_statement(organisation, actor=entry.actor)

        answer = client_for(manager).get(reverse("quarantine_csv"))

        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[1][0] == "'=cmd|'/c calc'!A1"
        assert rows[1][4:6] == ["1", "À examiner"]

    def test_the_names_of_another_organisation_do_not_exist(self, manager, client_for):
        entry, client = an_entry(factories.a_training_organisation()), client_for(manager)

        assert client.get(reverse("quarantine_entry", args=[entry.pk])).status_code == 404
        assert sent(client, reverse("quarantine_ignore", args=[entry.pk])).status_code == 404


class TestQuarantinePage:
    def test_shows_the_ten_last_statements_as_they_are_kept(self, organisation, manager, client_for):
        entry = an_entry(organisation)
        for number in range(12):
            a_statement(organisation, actor=entry.actor, raw=f'{{"id": "n{number}"}}')
        linked = a_statement(organisation, raw='{"id": "équipe"}')
        StatementActor.objects.create(statement=linked, actor=entry.actor, role="team")

        answer = client_for(manager).get(reverse("quarantine_entry", args=[entry.pk]))

        shown = [statement.raw for statement in answer.context["statements"]]
        assert shown == ['{"id": "équipe"}', *[f'{{"id": "n{number}"}}' for number in range(11, 2, -1)]]
        assert "{&quot;id&quot;: &quot;équipe&quot;}" in answer.content.decode()
        assert "12\u00a0mars\u00a02026" in answer.content.decode()

    def test_attaches_a_person_by_address_then_shows_him(self, organisation, manager, client_for):
        entry, user = an_entry(organisation), factories.an_adviser(in_post=False).user
        user.email = "camille@exemple.invalid"
        user.save()
        client, url = client_for(manager), reverse("quarantine_attach", args=[entry.pk])

        done = sent(client, url, person="camille@exemple.invalid", reason="Confirmé par lui.")

        assert done["Location"] == reverse("quarantine_entry", args=[entry.pk])
        assert str(user) in client.get(done["Location"]).content.decode()
        assert QuarantineEntry.objects.get().user == user

    def test_a_person_who_is_not_found_leaves_the_form_as_typed(self, organisation, manager, client_for):
        entry = an_entry(organisation)

        answer = sent(
            client_for(manager), reverse("quarantine_attach", args=[entry.pk]),
            person="absent@exemple.invalid", reason="Essai.",
        )  # fmt: skip

        assert answer.status_code == 422
        assert "Aucun conseiller ne correspond" in answer.content.decode()
        assert "absent@exemple.invalid" in answer.content.decode()

    def test_attaches_an_activity_of_the_organisation_only(self, organisation, manager, client_for):
        entry = an_entry(organisation, activity=an_activity())
        lesson = a_catalogue_activity(organisation)
        stranger = a_catalogue_activity(factories.a_training_organisation())
        client, url = client_for(manager), reverse("quarantine_attach", args=[entry.pk])

        refused = sent(client, url, known_activity=stranger.pk, reason="Essai.")
        done = sent(client, url, known_activity=lesson.pk, reason="Ancienne adresse.")

        assert (refused.status_code, done.status_code) == (422, 302)
        assert QuarantineEntry.objects.get().known_activity == lesson

    def test_ignores_then_reopens(self, organisation, manager, client_for):
        entry, client = an_entry(organisation), client_for(manager)

        sent(client, reverse("quarantine_ignore", args=[entry.pk]), reason="")
        again = sent(client, reverse("quarantine_ignore", args=[entry.pk]), reason="")
        without = sent(client, reverse("quarantine_reopen", args=[entry.pk]), reason="")
        done = sent(client, reverse("quarantine_reopen", args=[entry.pk]), reason="Une erreur.")

        assert (again.status_code, without.status_code, done.status_code) == (409, 422, 302)
        assert QuarantineEntry.objects.get().state == "open"

    def test_a_national_reader_is_offered_no_decision(self, organisation, client_for):
        entry, client = an_entry(organisation), client_for(factories.a_user("programme_manager"))

        page = client.get(reverse("quarantine_entry", args=[entry.pk])).content.decode()

        assert '<form method="post"' not in page.partition("<main")[2].partition("</main")[0]
        assert sent(client, reverse("quarantine_ignore", args=[entry.pk])).status_code == 404

    def test_the_menu_and_the_tabs_say_where_one_is(self, manager, client_for):
        answer = client_for(manager).get(reverse("quarantine"))

        assert [entry["label"] for entry in answer.context["navigation"] if entry["active"]] == ["Traces"]
        assert f'href="{reverse("lrs_keys")}"' in answer.content.decode()
