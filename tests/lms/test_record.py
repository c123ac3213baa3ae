"""« Mon parcours »: facts as sentences, hours by year, and three files that say when and as known when."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.urls import reverse

from lms.reporting.queries.record import YearHours, hours_by_year, record_of
from lms.reporting.rules import Moment
from tests import factories
from tests.world import MONDAY, Line, Organisation, at

pytestmark = pytest.mark.django_db
URL = "/mon-parcours/"


@dataclass
class Proof:
    """As much of a row of evidence as the hours look at."""

    kind: str
    minutes: int
    valid_on: date
    evidence_class: str = "E2"
    activity_id: int = 1
    enrolment_id: int = 1
    success: bool | None = None


def html_of(client_for, user, **asked) -> str:
    answer = client_for(user).get(URL, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def export(client_for, line, name, **asked):
    return client_for(line.adviser.user).get(reverse("record_export"), {"format": name, **asked})


class TestHours:
    def test_each_year_has_its_hours_by_nature_and_an_empty_year_is_told(self):
        hours = hours_by_year(
            [
                Proof("presence", 210, date(2024, 3, 1)),
                Proof("placement", 60, date(2026, 3, 1)),
                Proof("quiz_graded", 45, date(2024, 5, 1), "E1", success=True),
            ]
        )

        assert hours == (YearHours(2024, 210, 45, 0), YearHours(2025), YearHours(2026, 0, 0, 60))

    def test_what_is_read_failed_or_passed_again_adds_nothing(self):
        day = date(2026, 1, 1)
        hours = hours_by_year(
            [
                Proof("lesson_read", 0, day, "E0"),
                Proof("quiz_graded", 45, day, "E1", success=False),
                Proof("quiz_graded", 45, day, "E1", success=True),
                Proof("quiz_graded", 0, day + timedelta(days=400), "E1", success=True),
                Proof("presence", 30, day, "E4"),
            ]
        )

        assert [(year.year, year.minutes) for year in hours] == [(2026, 45)]

    def test_without_a_proof_there_is_no_year(self):
        assert hours_by_year([]) == ()


class TestPage:
    def test_everything_he_did_and_obtained_is_there(self, client_for):
        line = Line(Organisation())

        html = html_of(client_for, line.adviser.user)

        for told in (
            "Parcours fictif",
            "Module fictif",
            line.certificate.number,
            line.credential.code,
            "QR code qui ouvre la page de vérification",
            "« Leçon fictive »".replace("« ", "«\u00a0").replace(" »", "\u00a0»"),
            f"{line.adviser} a lu",
            "Inscription au parcours",
            "Décision du jury, CCP1",
            "Mes droits à formation financée",
            "programme v3",
        ):
            assert told in html, told

    def test_a_new_adviser_is_told_what_will_be_here(self, client_for):
        html = html_of(client_for, factories.an_adviser(in_post=False).user)

        assert "Aucune heure prouvée" in html
        assert "Aucun parcours" in html

    def test_the_address_filters_by_kind_and_by_year(self, client_for):
        line = Line(Organisation())
        client = client_for(line.adviser.user)

        decided = client.get(URL, {"type": "certification"}).context["events"]
        nothing = client.get(URL, {"annee": "2019"}).context["events"]
        unknown = client.get(URL, {"type": "inconnu", "annee": "l’an dernier"}).context["events"]

        assert {event.theme for event in decided} == {"certification"}
        assert nothing == []
        assert len(unknown) > len(decided)

    def test_a_decision_not_validated_yet_is_not_told(self, client_for):
        line = Line(Organisation())
        day = line.exam_day + timedelta(days=1)

        before = client_for(line.adviser.user).get(URL, {"au": day.isoformat()}).context["events"]

        assert not [event for event in before if event.title.startswith("Décision")]

    def test_the_record_of_a_past_day_holds_only_what_was_true_then(self):
        line = Line(Organisation())

        record = record_of(line.adviser, Moment(MONDAY))

        assert [year.minutes for year in record.years] == [210 + 10_290]
        assert record.certificates == record.credentials == ()
        assert not record.status.certified

    @pytest.mark.parametrize(
        "asked", [{"au": "31/12/2025"}, {"connu_le": "demain"}, {"connu_le": "2999-01-01"}]
    )
    def test_a_broken_date_is_told_and_today_is_shown(self, client_for, asked):
        answer = client_for(factories.an_adviser().user).get(URL, asked)

        assert answer.status_code == 200
        assert answer.context["errors"]

    def test_the_menu_leads_there(self, client_for):
        menu = client_for(factories.an_adviser().user).get(URL).context["navigation"]

        assert [entry["label"] for entry in menu if entry["active"]] == ["Mon parcours"]

    def test_the_page_asks_few_questions(self, client_for, django_assert_max_num_queries):
        client = client_for(Line(Organisation()).adviser.user)

        with django_assert_max_num_queries(20):
            client.get(URL)


class TestExports:
    def test_the_data_names_the_person_what_he_did_and_where_it_is_checked(self, client_for):
        line = Line(Organisation())

        answer = export(client_for, line, "jsonld", au="2026-03-01")

        assert answer["Content-Type"] == "application/ld+json"
        data = json.loads(answer.content)
        assert data["@context"][0] == "https://schema.org"
        by_type = {}
        for node in data["@graph"]:
            by_type.setdefault(node["@type"], []).append(node)
        assert by_type["DigitalDocument"][0]["asOf"] == "2026-03-01"
        assert by_type["DigitalDocument"][0]["knownAt"]
        [person] = by_type["Person"]
        assert person["@id"] == f"urn:uuid:{line.adviser.user.public_id}"
        [certified] = [n for n in by_type["EducationalOccupationalCredential"] if "url" in n]
        assert person["hasCredential"] == [{"@id": certified["@id"]}]
        assert certified["url"].endswith(reverse("verify_code", args=[line.credential.code]))
        module = next(n for n in by_type["LearnAction"] if n["object"]["name"] == "Module fictif")
        assert module["result"]["value"] == 10_500
        assert module["actionStatus"] == "https://schema.org/CompletedActionStatus"
        assert {n["agent"]["@id"] for n in by_type["LearnAction"]} == {person["@id"]}
        assert "birthDate" not in answer.content.decode()

    def test_the_table_is_safe_in_a_spreadsheet_and_says_both_dates(self, client_for):
        line = Line(Organisation(), until="train")
        line.adviser.user.first_name = "=1+1"
        line.adviser.user.save()

        text = export(client_for, line, "csv", au="2026-03-01").content.decode("utf-8-sig")

        header, *rows = text.splitlines()
        assert header.startswith("Date;Nature;Fait")
        assert all(row.endswith(";2026-03-01") for row in rows)
        assert "'=1+1" in text
        assert ";=1+1" not in text

    @pytest.mark.parametrize("name", ["pdf", "csv", "jsonld"])
    def test_the_same_facts_give_the_same_bytes(self, client_for, name):
        line = Line(Organisation())

        first, again = (export(client_for, line, name, au="2026-03-01") for _ in range(2))

        assert first.status_code == 200
        assert first.content == again.content
        assert f'filename="parcours-2026-03-01.{name}"' in first["Content-Disposition"]

    def test_the_paper_is_archival(self, client_for):
        paper = export(client_for, Line(Organisation()), "pdf").content

        assert paper.startswith(b"%PDF-1.7")
        assert b"pdfaid" in paper

    def test_an_empty_record_has_its_files_too(self, client_for):
        client = client_for(factories.an_adviser(in_post=False).user)

        for name in ("pdf", "csv", "jsonld"):
            assert client.get(reverse("record_export"), {"format": name}).status_code == 200

    @pytest.mark.parametrize(
        "asked", [{"format": "exe"}, {"format": "csv", "au": "hier"}, {"format": "pdf", "connu_le": "x"}]
    )
    def test_what_cannot_be_read_is_refused_in_a_sentence(self, client_for, asked):
        answer = client_for(factories.an_adviser().user).get(reverse("record_export"), asked)

        assert answer.status_code == 422
        assert "fr-" in answer.content.decode()

    def test_what_was_learnt_later_is_not_in_the_file_of_then(self, client_for):
        line = Line(Organisation())

        then = export(client_for, line, "csv", connu_le=at(MONDAY, 12).isoformat()).content.decode()

        assert "Inscription au parcours" in then
        assert "Attestation de certification" not in then


class TestAnotherOne:
    def test_only_advisers_have_a_record_and_only_their_own(self, client_for):
        organisation = Organisation()
        line, other = Line(organisation, until="enrol"), Line(organisation, until="enrol")

        assert str(other.adviser) not in html_of(client_for, line.adviser.user)
        assert client_for(organisation.manager).get(URL).status_code == 404
        assert client_for().get(URL).status_code == 302
