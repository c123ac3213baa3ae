"""Traces: read in French, a page at a time, filtered as the specification filters, taken away with an audit entry."""

import csv
import io
import json
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses import api as courses
from courses.models import AuditEntry, Statement
from lms.exchange import statements as exported
from lms.reporting.queries.statements import numbers_at
from lms.reporting.sentences import NBSP, sentence
from tests import factories
from tests.factories import NOON

ADL = "http://adlnet.gov/expapi/verbs/"
LESSON = "https://ailleurs.example/lecons/tri-des-dechets"


def a_body(actor=None, verb="completed", thing=LESSON, **extra):
    return {
        "id": str(uuid4()),
        "actor": actor or {"mbox": "mailto:dominique@exemple.invalid"},
        "verb": {"id": verb if ":" in verb else f"{ADL}{verb}"},
        "object": thing if isinstance(thing, dict) else {"id": thing},
        **extra,
    }


def an_account(name, home="https://ailleurs.example"):
    return {"account": {"homePage": home, "name": name}}


class Store:
    """One training organisation with a key, its manager, and what they send."""

    def __init__(self):
        self.organisation = factories.a_training_organisation()
        self.manager = factories.a_user("organisation_manager", self.organisation)
        self.key, _ = courses.create_lrs_key(
            organisation=self.organisation,
            scopes=["statements/write"],
            actor=self.manager,
            at=NOON,
        )

    def send(self, *bodies: dict, at: datetime = NOON) -> list[Statement]:
        ids = courses.ingest(raw=json.dumps(bodies).encode(), credential=self.key, at=at)
        rows = {row.uuid: row for row in Statement.objects.filter(uuid__in=ids)}
        return [rows[pk] for pk in ids]


@pytest.fixture
def store(db):
    return Store()


@pytest.fixture
def auditor(db, client_for):
    return client_for(factories.a_user("auditor"))


def listed(client, **filters):
    """The ids of the traces of a page, in its order."""
    response = client.get(reverse("statements_view"), filters)
    assert response.status_code == 200
    return [line.statement.uuid for line in response.context["page"].lines]


def fault(client, **filters):
    """The sentence at the field at fault; nothing is shown beside it."""
    response = client.get(reverse("statements_view"), filters)
    assert response.status_code == 200
    assert response.context["page"].lines == ()
    ((name, messages),) = response.context["form"].errors.items()
    assert messages[0] in response.content.decode()
    return name, messages[0]


class TestSentence:
    def test_says_who_did_what_with_which_result(self):
        body = a_body(
            thing={"id": LESSON, "definition": {"name": {"en": "Sorting", "fr-FR": "Leçon X"}}},
            result={"score": {"scaled": Decimal("0.85")}, "success": True},
        )

        told = sentence(body, person="Camille Fictif", seconds=2700)

        assert told == (
            f"Camille Fictif a achevé «{NBSP}Leçon X{NBSP}» — réussite, score 85{NBSP}%, durée 45{NBSP}min"
        )

    @pytest.mark.parametrize(
        ("verb", "said"),
        [
            ({"id": f"{ADL}failed"}, "a échoué à"),
            ({"id": "https://x.example/v/voir", "display": {"en": "saw", "fr": "a vu"}}, "a vu"),
            ({"id": "https://x.example/v/voir", "display": {"en-US": "saw"}}, "saw"),
            ({"id": "https://x.example/v/a_voir"}, "a voir"),
        ],
    )
    def test_a_verb_is_ours_or_the_senders_or_the_end_of_its_address(self, verb, said):
        told = sentence({"actor": an_account("x"), "verb": verb, "object": {"id": "https://x.example/a/b"}})

        assert told == f"Le compte x de ailleurs.example {said} «{NBSP}b{NBSP}»"

    def test_the_name_that_a_sender_gives_a_person_is_not_repeated(self):
        body = a_body(actor={"name": "Vrai Nom", **an_account("c-12", settings.LMS_PUBLIC_URL)})

        told = sentence(body, site=settings.LMS_PUBLIC_URL)

        assert told.startswith("Le compte c-12 a achevé")
        assert "Vrai Nom" not in told

    @pytest.mark.parametrize(
        ("thing", "said"),
        [
            ({"objectType": "StatementRef", "id": "abc"}, "la trace abc"),
            ({"objectType": "Agent", "openid": "https://moi.example"}, "l’identité https://moi.example"),
            ({"objectType": "Group", "member": [{}, {}]}, f"un groupe de 2{NBSP}personnes"),
            (
                {"objectType": "SubStatement", **a_body(actor=an_account("b"), verb="attended")},
                f"Le compte b de ailleurs.example a été présent à «{NBSP}tri-des-dechets{NBSP}»",
            ),
        ],
    )
    def test_an_object_may_be_a_trace_an_agent_a_group_or_a_deed(self, thing, said):
        assert sentence(a_body(thing=thing)).endswith(said)

    @pytest.mark.parametrize(
        ("score", "said"),
        [
            ({"raw": 17, "max": 20}, "score 17 sur 20"),
            ({"raw": Decimal("12.50")}, "score 12,5"),
            ({"scaled": Decimal("0.3333333")}, f"score 33,33{NBSP}%"),
            ({"scaled": -1}, f"score \u2212100{NBSP}%"),
        ],
    )
    def test_a_score_is_written_as_french_people_do(self, score, said):
        assert sentence(a_body(result={"score": score})).endswith(f"— {said}")

    def test_nothing_that_a_store_may_hold_breaks_it(self):
        odd = [
            {},
            {"actor": {}, "verb": {}, "object": {}},
            a_body(result={"score": {"scaled": Decimal("1E+400")}}),
            a_body(thing={"id": "urn:x", "definition": {"name": {"fr": " "}}}),
        ]

        assert all(sentence(body) for body in odd)


@pytest.mark.django_db
class TestList:
    def test_names_an_adviser_to_those_who_may_see_her_and_shows_an_account_to_others(
        self, store, auditor, client_for
    ):
        adviser = factories.an_adviser()
        actor = an_account(str(adviser.user.public_id), settings.LMS_PUBLIC_URL)
        store.send(a_body(actor=actor))

        national = auditor.get(reverse("statements_view")).content.decode()
        local = client_for(store.manager).get(reverse("statements_view")).content.decode()

        assert f"{adviser} a achevé" in national
        assert str(adviser) not in local
        assert f"Le compte {adviser.user.public_id} a achevé" in local

    def test_an_account_of_another_site_is_nobody_here_even_with_the_id_of_one_of_ours(self, store, auditor):
        adviser = factories.an_adviser()
        store.send(a_body(actor=an_account(str(adviser.user.public_id))))

        assert str(adviser) not in auditor.get(reverse("statements_view")).content.decode()

    def test_a_manager_reads_his_organisation_only(self, store, client_for):
        (mine,) = store.send(a_body())
        other = Store()
        (theirs,) = other.send(a_body())
        client = client_for(store.manager)

        assert listed(client) == [mine.uuid]
        for name in ("statement_view", "statement_json"):
            assert client.get(reverse(name, args=[mine.uuid])).status_code == 200
            assert client.get(reverse(name, args=[theirs.uuid])).status_code == 404
        assert "organisme" not in client.get(reverse("statements_view")).context["form"].fields
        assert fault(client, envoi=other.key.key)[0] == "envoi"

    def test_an_empty_store_says_what_will_be_here(self, auditor):
        assert "Aucune trace pour l’instant" in auditor.get(reverse("statements_view")).content.decode()

    def test_a_page_costs_the_same_whatever_it_holds(self, store, auditor):
        store.send(*(a_body(actor=an_account(f"c{n}"), thing=f"{LESSON}/{n}") for n in range(60)))
        registration = str(uuid4())
        agent = f"{settings.LMS_PUBLIC_URL}|{factories.an_adviser().user.public_id}"
        filters = {"acteur": agent, "verbe": "completed", "activite": LESSON, "inscription": registration}
        store.send(
            a_body(
                actor=an_account(agent.partition("|")[2], settings.LMS_PUBLIC_URL),
                context={"registration": registration},
            )
        )

        for asked in ({}, filters, {**filters, "acteurs_lies": "on", "activites_liees": "on"}):
            with CaptureQueriesContext(connection) as queries:
                assert listed(auditor, **asked)
            own = [q for q in queries if "courses_membership" not in q["sql"] and "session" not in q["sql"]]
            assert len(own) <= 8, "\n".join(q["sql"][:200] for q in own)
            assert not [q for q in queries if "COUNT(" in q["sql"] or "OFFSET" in q["sql"]]


@pytest.mark.django_db
class TestPages:
    def walk(self, client, first, word):
        """All ids, following « Plus anciennes » or « Plus récentes »."""
        found, url = [], first
        while url:
            page = client.get(url)
            found += [line.statement.uuid for line in page.context["page"].lines]
            url = page.context[word]
            url = url and reverse("statements_view") + url
        return found

    @pytest.mark.parametrize("order", ["", "anciennes"])
    def test_every_trace_once_there_and_back(self, store, auditor, order):
        rows = store.send(*(a_body() for _ in range(120)))
        down = [row.uuid for row in sorted(rows, key=lambda row: -row.seq)]
        url = reverse("statements_view") + (f"?ordre={order}" if order else "")

        if order:
            assert self.walk(auditor, url, "newer_url") == down[::-1]
        else:
            assert self.walk(auditor, url, "older_url") == down
            last = rows[0].seq
            back = self.walk(auditor, f"{url}?apres={last - 1}", "newer_url")
            assert set(back) == set(down)
            assert len(back) == len(down)

    def test_the_ends_offer_no_way_further(self, store, auditor):
        store.send(*(a_body() for _ in range(60)))
        first = auditor.get(reverse("statements_view"))
        second = auditor.get(reverse("statements_view") + first.context["older_url"])

        assert first.context["newer_url"] == ""
        assert second.context["older_url"] == ""
        assert len(second.context["page"].lines) == 10
        third = auditor.get(reverse("statements_view") + second.context["newer_url"])
        assert len(third.context["page"].lines) == 50

    def test_filters_stay_in_the_address_of_every_page(self, store, auditor):
        store.send(*(a_body() for _ in range(60)))

        older = auditor.get(reverse("statements_view"), {"verbe": "completed"}).context["older_url"]

        assert parse_qs(urlsplit(older).query)["verbe"] == ["completed"]

    @pytest.mark.parametrize("number", ["-1", "x", "9" * 30, str(2**63), "²"])
    def test_a_false_number_is_no_number(self, store, auditor, number):
        (row,) = store.send(a_body())

        assert listed(auditor, avant=number) == [row.uuid]

    def test_beyond_the_end_there_is_a_way_back(self, store, auditor):
        (row,) = store.send(a_body())

        page = auditor.get(reverse("statements_view"), {"avant": row.seq})

        assert "Plus rien de ce côté" in page.content.decode()
        assert listed(auditor, **{k: v[0] for k, v in parse_qs(page.context["newer_url"][1:]).items()}) == [
            row.uuid
        ]


@pytest.mark.django_db
class TestFilters:
    def test_an_agent_is_found_however_it_is_typed(self, store, auditor):
        public_id = str(factories.an_adviser().user.public_id)
        ours, mail, moodle, digest, openid = store.send(
            a_body(actor=an_account(public_id, settings.LMS_PUBLIC_URL)),
            a_body(actor={"mbox": "mailto:dominique@exemple.invalid"}),
            a_body(actor=an_account("jdupont", "https://moodle.example")),
            a_body(actor={"mbox_sha1sum": "a" * 40}),
            a_body(actor={"openid": "https://moi.example/id"}),
        )

        for typed, found in {
            public_id: ours,
            "dominique@exemple.invalid": mail,
            "mailto:dominique@exemple.invalid": mail,
            " https://moodle.example|jdupont ": moodle,
            "a" * 40: digest,
            "https://moi.example/id": openid,
        }.items():
            assert listed(auditor, acteur=typed) == [found.uuid], typed

    def test_an_agent_is_found_as_object_and_as_member_and_elsewhere_only_when_asked(self, store, auditor):
        agent = {"mbox": "mailto:dominique@exemple.invalid"}
        other = an_account("autre")
        acted, suffered, grouped, taught = store.send(
            a_body(actor=agent),
            a_body(actor=other, thing={"objectType": "Agent", **agent}),
            a_body(actor={"objectType": "Group", "member": [agent]}),
            a_body(actor=other, context={"instructor": {"objectType": "Agent", **agent}}),
        )
        asked = {"acteur": "dominique@exemple.invalid", "ordre": "anciennes"}

        assert listed(auditor, **asked) == [acted.uuid, suffered.uuid, grouped.uuid]
        assert listed(auditor, **asked, acteurs_lies="on") == [
            acted.uuid, suffered.uuid, grouped.uuid, taught.uuid,
        ]  # fmt: skip

    def test_an_activity_is_found_in_the_context_only_when_asked(self, store, auditor):
        path = "https://ailleurs.example/parcours"
        parent = {"contextActivities": {"parent": [{"id": path}]}}
        direct, within = store.send(a_body(thing=path), a_body(context=parent))

        assert listed(auditor, activite=path) == [direct.uuid]
        assert set(listed(auditor, activite=path, activites_liees="on")) == {direct.uuid, within.uuid}

    def test_by_verb_class_sender_organisation_registration_and_voiding(self, store, auditor):
        registration = str(uuid4())
        (mine,) = store.send(
            a_body(actor=an_account("x"), verb="https://x.example/v", context={"registration": registration})
        )
        other = Store()
        (theirs,) = other.send(a_body())
        ours = courses.record_statement(
            verb="passed",
            actor=factories.a_user(),
            object_iri="https://ici.example/q",
            object_name="Questionnaire",
            registration=None,
            evidence_class="E1",
            authority=courses.Authority.assessment(),
            at=NOON,
        )
        Statement.objects.filter(pk=theirs.pk).update(voided_at=NOON)

        everything = [ours.uuid, theirs.uuid, mine.uuid]
        for asked, found in [
            ({}, everything),
            ({"autre_verbe": "https://x.example/v"}, [mine.uuid]),
            ({"verbe": "passed"}, [ours.uuid]),
            ({"classe": "E1"}, [ours.uuid]),
            ({"envoi": "site"}, [ours.uuid]),
            ({"envoi": other.key.key}, [theirs.uuid]),
            ({"organisme": str(store.organisation.public_id)}, [mine.uuid]),
            ({"inscription": registration}, [mine.uuid]),
            ({"annulees": "oui"}, [theirs.uuid]),
            ({"annulees": "non"}, [ours.uuid, mine.uuid]),
        ]:
            assert listed(auditor, **asked) == found, asked

    def test_reception_is_after_one_instant_and_until_another_included(self, store, auditor):
        sent = [store.send(a_body(), at=NOON + timedelta(minutes=n))[0].uuid for n in range(6)]

        def paris(minute):  # noon in UTC is 13 h in Paris in March
            return f"2026-03-12T13:{minute:02d}"

        assert listed(auditor, depuis=paris(2), ordre="anciennes") == sent[3:]
        assert listed(auditor, jusqu_au=paris(2), ordre="anciennes") == sent[:3]
        assert listed(auditor, depuis=paris(0), jusqu_au=paris(3)) == sent[3:0:-1]
        assert listed(auditor, depuis="2026-03-11", jusqu_au="2026-03-12") == sent[::-1]
        assert listed(auditor, jusqu_au="2026-03-11") == []

    def test_the_number_of_an_instant_is_the_last_one_stored_by_then(self, store):
        rows = [store.send(a_body(), at=NOON + timedelta(minutes=n // 3))[0] for n in range(20)]

        for minutes in range(-1, 8):
            instant = NOON + timedelta(minutes=minutes)
            naive = max((row.seq for row in rows if row.stored <= instant), default=0)
            assert numbers_at({"since": instant})["since"] == naive, minutes

    @pytest.mark.parametrize(
        ("name", "typed", "said"),
        [
            ("acteur", "n’importe qui", "n’est pas lisible"),
            ("acteur", "ftp://x|y", "n’est pas lisible"),
            ("acteur", "https://moodle.example|", "n’est pas lisible"),
            ("activite", "une leçon", "n’en est pas une"),
            ("autre_verbe", "achever", "n’en est pas une"),
            ("verbe", "flown", "n’existe pas"),
            ("inscription", "123", "n’en est pas un"),
            ("classe", "E9", "n’existe pas"),
            ("organisme", "x", "n’existe pas"),
            ("envoi", "x", "n’existe pas"),
            ("depuis", "hier", "n’existe pas"),
            ("depuis", "0001-01-01", "hors de portée"),
            ("jusqu_au", "9999-12-31T23:59", "hors de portée"),
            ("depuis", "2026-03-29T02:30", "2026"),
        ],
    )
    def test_a_false_filter_is_told_at_its_field(self, auditor, name, typed, said):
        where, message = fault(auditor, **{name: typed})

        assert where == name
        assert said in message

    def test_a_nul_sign_and_two_verbs_and_crossed_dates_are_told_too(self, auditor):
        assert fault(auditor, acteur="a\x00b")[0] == "acteur"
        assert fault(auditor, verbe="passed", autre_verbe="https://x.example/v")[0] == "autre_verbe"
        assert fault(auditor, depuis="2026-03-12", jusqu_au="2026-03-11")[0] == "jusqu_au"

    def test_a_name_that_no_trace_bears_is_said_so(self, store, auditor):
        store.send(a_body())

        page = auditor.get(reverse("statements_view"), {"activite": "https://inconnue.example"})

        assert "Aucune trace ne nomme cette activité." in page.content.decode()


@pytest.mark.django_db
class TestOne:
    def test_shows_the_sentence_the_facts_and_the_text(self, store, auditor):
        registration = str(uuid4())
        (row,) = store.send(
            a_body(
                result={"score": {"scaled": 0.5}, "completion": True, "duration": "PT90S"},
                context={"registration": registration},
            )
        )

        page = auditor.get(reverse("statement_view", args=[row.uuid])).content.decode()

        for text in (
            registration,
            str(row.uuid),
            row.received_hash,
            f"50{NBSP}%",
            f"1{NBSP}min",
            "PT90S",
            LESSON,
        ):
            assert text in page, text
        assert "Annuler cette trace" not in page

    def test_gives_the_text_to_the_letter(self, store, auditor):
        (row,) = store.send(a_body())

        answer = auditor.get(reverse("statement_json", args=[row.uuid]))

        assert answer.content.decode() == row.raw
        assert f'filename="trace-{row.uuid}.json"' in answer["Content-Disposition"]

    def test_says_which_attachments_came_and_which_did_not(self, store, auditor):
        said = {
            "usageType": "https://x.example/usage/attestation",
            "display": {"fr": "Attestation scannée"},
            "contentType": "application/pdf",
            "length": 12,
            "sha2": "b" * 64,
            "fileUrl": "https://x.example/f.pdf",
        }
        (row,) = store.send(a_body(attachments=[said]))

        page = auditor.get(reverse("statement_view", args=[row.uuid])).content.decode()

        assert "Attestation scannée" in page
        assert "laissée à l’adresse https://x.example/f.pdf" in page


@pytest.mark.django_db
class TestVoid:
    def post(self, client, uuid, reason="Envoyée deux fois par erreur."):
        return client.post(
            reverse("statement_void", args=[uuid]), {"reason": reason, "idempotency_key": str(uuid4())}
        )

    def test_a_manager_voids_what_a_key_sent_and_both_traces_lead_to_each_other(self, store, client_for):
        (row,) = store.send(a_body())
        client = client_for(store.manager)
        here = reverse("statement_view", args=[row.uuid])
        void = reverse("statement_void", args=[row.uuid])
        assert void in client.get(here).content.decode()
        assert "Une annulation ne s’annule pas" in client.get(void).content.decode()

        assert self.post(client, row.uuid).status_code == 302

        row.refresh_from_db()
        assert row.voided_at is not None
        voiding = Statement.objects.get(target=row.uuid)
        page = client.get(here).content.decode()
        assert "Cette trace est annulée depuis" in page
        assert "Envoyée deux fois par erreur." in page
        assert reverse("statement_view", args=[voiding.uuid]) in page
        assert void not in page
        assert here in client.get(reverse("statement_view", args=[voiding.uuid])).content.decode()
        assert client.get(void).status_code == 302
        assert self.post(client, row.uuid).status_code == 409
        assert client.get(reverse("statement_void", args=[voiding.uuid])).status_code == 404

    def test_a_reason_is_asked(self, store, client_for):
        (row,) = store.send(a_body())

        answer = self.post(client_for(store.manager), row.uuid, reason="non")

        assert answer.status_code == 200
        assert "Expliquez en une phrase" in answer.content.decode()
        row.refresh_from_db()
        assert row.voided_at is None

    def test_others_organisations_and_our_own_facts_are_out_of_reach(self, store, client_for, auditor):
        (row,) = store.send(a_body())
        ours = courses.record_statement(
            verb="passed",
            actor=factories.a_user(),
            object_iri="https://ici.example/q",
            object_name="Questionnaire",
            registration=None,
            evidence_class="E1",
            authority=courses.Authority.assessment(),
            at=NOON,
            organisation=store.organisation,
        )

        assert self.post(client_for(Store().manager), row.uuid).status_code == 404
        assert self.post(client_for(store.manager), ours.uuid).status_code == 404
        assert self.post(auditor, row.uuid).status_code == 403
        assert auditor.get(reverse("statement_void", args=[row.uuid])).status_code == 404


def taken(client, **filters):
    """The bytes of an export."""
    response = client.get(reverse("statements_export"), filters)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.mark.django_db
class TestExport:
    @pytest.fixture(autouse=True)
    def small_slices(self, monkeypatch):
        monkeypatch.setattr(exported, "SLICE", 7)
        monkeypatch.setattr(exported, "TEXTS", 3)

    def test_json_lines_are_the_texts_in_their_order(self, store, auditor):
        rows = store.send(*(a_body() for _ in range(30)))

        lines = taken(auditor, format="jsonl").decode().splitlines()

        assert [json.loads(line)["id"] for line in lines] == [str(row.uuid) for row in rows]
        assert lines == [" ".join(row.raw.splitlines()) for row in rows]

    def test_a_text_received_on_several_lines_takes_one(self, store, auditor):
        courses.ingest(raw=json.dumps(a_body(), indent=2).encode(), credential=store.key, at=NOON)

        (line,) = taken(auditor, format="jsonl").decode().splitlines()

        assert json.loads(line) == json.loads(Statement.objects.get().raw)

    def test_csv_is_safe_and_says_each_column(self, store, auditor):
        (row,) = store.send(
            a_body(
                actor=an_account("=1+1", "https://x.example"),
                thing="urn:x",
                result={
                    "score": {"scaled": 0.875},
                    "success": True,
                    "completion": False,
                    "duration": "PT45M",
                },
            )
        )
        agent = {"objectType": "Agent", "mbox": "mailto:objet@exemple.invalid"}
        store.send(a_body(thing=agent), a_body(verb="asked", result={"score": {"scaled": 1}}))

        data = taken(auditor, format="csv")

        assert data.startswith("\ufeffseq;id;".encode())
        assert b"\r\n" in data
        first, second, third = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
        assert tuple(first) == exported.COLUMNS
        assert first["id"] == str(row.uuid)
        assert first["stored"] == "2026-03-12T12:00:00.000000Z"
        assert first["acteur"] == "account:https://x.example|=1+1"
        assert (first["objet"], first["verbe"]) == ("urn:x", f"{ADL}completed")
        assert (first["reussite"], first["achevement"]) == ("oui", "non")
        assert (first["score_pourcent"], first["duree_secondes"]) == ("87,5", "2700")
        assert (first["classe"], first["organisme"]) == ("E4", store.organisation.name)
        assert second["objet"] == "mbox:mailto:objet@exemple.invalid"
        assert third["score_pourcent"] == "100"

    def test_the_filters_are_those_of_the_list_two_ways_included(self, store, auditor):
        agent = {"mbox": "mailto:dominique@exemple.invalid"}
        bodies = [
            a_body(actor=agent)
            if n % 3 == 0
            else a_body(actor=an_account("x"), thing={"objectType": "Agent", **agent})
            if n % 3 == 1
            else a_body(actor=an_account("x"))
            for n in range(45)
        ]
        rows = store.send(*bodies)

        lines = taken(auditor, format="jsonl", acteur="dominique@exemple.invalid").splitlines()

        wanted = [str(row.uuid) for n, row in enumerate(rows) if n % 3 != 2]
        assert [json.loads(line)["id"] for line in lines] == wanted

    def test_what_is_taken_away_is_audited_by_ids_only(self, store, auditor, client_for):
        (mine,) = store.send(a_body(actor={"mbox": "mailto:dominique@exemple.invalid"}))
        Store().send(a_body())

        lines = taken(client_for(store.manager), format="jsonl", acteur="dominique@exemple.invalid")

        assert json.loads(lines)["id"] == str(mine.uuid)
        entry = AuditEntry.objects.get(action="reporting.statements.export")
        assert entry.actor == str(store.manager.public_id)
        assert json.loads(entry.after)["agent"] == mine.actor_id
        assert "dominique" not in entry.after

    def test_a_false_filter_or_another_site_or_no_format_takes_nothing(self, store, auditor):
        url = reverse("statements_export")

        for answer in (
            auditor.get(url, {"format": "jsonl", "acteur": "?"}),
            auditor.get(url, {"format": "pdf"}),
            auditor.get(url, {"format": "csv"}, headers={"Sec-Fetch-Site": "cross-site"}),
        ):
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("statements_view"))
        assert not AuditEntry.objects.filter(action="reporting.statements.export").exists()


@pytest.mark.django_db
def test_a_person_leads_to_her_traces(auditor, client_for):
    adviser = factories.an_adviser()
    link = f"{reverse('statements_view')}?acteur={adviser.user.public_id}"

    assert link in auditor.get(reverse("person", args=[adviser.number])).content.decode()
    prefect = client_for(factories.a_user("prefect", departement_code="46"))
    assert link not in prefect.get(reverse("person", args=[adviser.number])).content.decode()
