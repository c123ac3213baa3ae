"""The workbench: each figure is its list, each list leads to the person, each person to the proof."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from certification import api as certification
from certification.models import JuryDecision, ReportValidation
from courses.models import Adviser, Departement, Evidence, PostAssignment
from lms.reporting.queries.national import national_view
from lms.reporting.queries.situation import Filters, situation
from lms.reporting.rules import Moment, end_of_day, instant_text, read_moment
from tests import factories
from tests.factories import DAY, NOON
from tests.world import Line, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation():
    """Two organisations, three learners at different steps, one adviser elsewhere who did nothing."""
    first, second = Organisation(), Organisation()
    lines = [Line(first), Line(first, until="prove"), Line(second, until="train")]
    idle = factories.an_adviser(structure=factories.a_host_structure(departement_code="05"))
    return lines, idle


class TestMoment:
    def test_a_day_means_its_end_in_paris_and_is_written_back_as_that_day(self):
        assert instant_text(end_of_day(DAY)) == DAY.isoformat()

    def test_a_future_knowledge_and_a_false_date_are_told_in_french(self):
        read = read_moment({"au": "2026-02-30", "connu_le": "2027-01-01"}, today=DAY, now=NOON)

        assert set(read.errors) == {"au", "connu_le"}
        assert read.moment == Moment(DAY)


class TestNationalView:
    def test_the_figures_equal_a_naive_recount(self, nation):
        day = max(ReportValidation.objects.values_list("valid_on", flat=True)) + timedelta(days=400)
        auditor = factories.a_user("auditor")

        view = national_view(user=auditor, moment=Moment(day), filters=Filters())

        everyone = Adviser.objects.all()
        certified = [a for a in everyone if certification.certification_status(a, as_of=day).certified]
        assert view.certified.count == len(certified) == 1
        assert view.in_post.count == PostAssignment.objects.as_of(day).count() == 4
        assert [row["count"] for row in view.funnel][:2] == [4, 3]
        assert sum(row.in_post.count for row in view.departements) == 4
        assert {row.code for row in view.departements} == {"05", "46"}
        assert sorted(row.enrolled.count for row in view.organisations) == [1, 2]

    def test_every_figure_is_the_length_of_the_list_it_leads_to(self, nation, client_for):
        client = client_for(factories.a_user("auditor"))
        view = client.get(reverse("national")).context["view"]

        links = [(row["count"], row["url"]) for row in view.funnel]
        links += [(c.count, c.url) for row in (*view.departements, *view.organisations)
                  for c in (row.in_post, row.enrolled, row.completed, row.candidates, row.certified)]  # fmt: skip
        for count, url in {*links, (view.certified.count, view.certified.url)}:
            assert client.get(url).context["total"] == count, url

    def test_the_day_and_the_knowledge_move_the_figure(self, nation):
        validation = ReportValidation.objects.get()
        day = validation.valid_on + timedelta(days=400)
        before = Moment(day, validation.known_at - timedelta(seconds=1))

        assert sum(row.certified for row in situation(Moment(day))) == 1
        assert sum(row.certified for row in situation(before)) == 0
        assert sum(row.certified for row in situation(Moment(validation.valid_on - timedelta(days=1)))) == 0

    def test_a_prefect_sees_his_departement_only_and_others_are_not_found(self, nation, client_for):
        lines, idle = nation
        client = client_for(factories.a_user("prefect", departement_code="05"))

        view = client.get(reverse("national")).context["view"]

        assert view.in_post.count == 1
        assert {row.code for row in view.departements} == {"05"}
        assert client.get(reverse("person", args=[idle.number])).status_code == 200
        assert client.get(reverse("person", args=[lines[0].adviser.number])).status_code == 404
        proof = Evidence.objects.filter(enrolment=lines[0].enrolment).first()
        assert client.get(reverse("fact", args=["courses.evidence", proof.pk])).status_code == 404

    def test_the_number_of_queries_does_not_grow_with_the_advisers(
        self, nation, client_for, django_assert_max_num_queries
    ):
        client = client_for(factories.a_user("auditor"))
        with django_assert_max_num_queries(15):
            client.get(reverse("national"))
        for _ in range(4):
            factories.an_adviser()
        with django_assert_max_num_queries(15):
            client.get(reverse("national"))

    @pytest.mark.parametrize("role", ["trainer", "organisation_manager", "payer", "host_manager", None])
    def test_others_do_not_find_it(self, client_for, role):
        client = client_for(factories.a_user(role))

        for name in ("national", "persons", "persons_csv", "audit_pack"):
            assert client.get(reverse(name)).status_code == 404


class TestPersonAndFact:
    def test_the_person_leads_to_every_proof_and_each_opens(self, nation, client_for):
        client = client_for(factories.a_user("auditor"))
        adviser = nation[0][0].adviser

        view = client.get(reverse("person", args=[adviser.number])).context["view"]

        assert view.status.certified
        assert {item.kind for item in view.items} == {"fact", "decision", "evidence", "money"}
        for item in view.items:
            answer = client.get(item.url)
            assert answer.status_code == 200, item.url
            assert answer.context["view"].seal_holds is True

    def test_a_kind_filters_the_timeline(self, nation, client_for):
        client = client_for(factories.a_user("auditor"))
        url = reverse("person", args=[nation[0][0].adviser.number])

        items = client.get(url, {"type": "money"}).context["view"].items

        assert items
        assert {item.kind for item in items} == {"money"}

    def test_a_presence_shows_its_statement_and_who_closed_the_sheet(self, nation, client_for):
        client = client_for(factories.a_user("auditor"))
        presence = Evidence.objects.filter(kind="presence").first()

        view = client.get(reverse("fact", args=["courses.evidence", presence.pk])).context["view"]

        assert str(view.statement.uuid) in view.raw
        assert "Feuille d’émargement clôturée" in {entry.action for entry in view.trail}
        assert all(entry.intact and entry.seal_matches and entry.actor_name for entry in view.trail)

    def test_a_decision_shows_its_rule_and_its_statement(self, nation, client_for):
        client = client_for(factories.a_user("auditor"))
        decision = JuryDecision.objects.first()

        view = client.get(reverse("fact", args=["certification.jurydecision", decision.pk])).context["view"]

        assert view.rule == decision.rule
        assert str(decision.public_id) in view.raw

    def test_an_unknown_kind_or_row_is_not_found(self, client_for):
        client = client_for(factories.a_user("auditor"))

        assert client.get(reverse("fact", args=["courses.user", 1])).status_code == 404
        assert client.get(reverse("fact", args=["courses.evidence", 999_999])).status_code == 404

    def test_an_auditor_writes_nothing(self, nation, client_for):
        client = client_for(factories.a_user("auditor"))
        adviser = nation[0][0].adviser

        for url in (reverse("national"), reverse("home"), reverse("person", args=[adviser.number]),
                    reverse("audit_pack"), reverse("audit_pack_prepare")):  # fmt: skip
            assert client.post(url).status_code == 403, url


class TestCsv:
    def test_a_name_that_a_spreadsheet_would_run_is_neutralised(self, client_for):
        structure = factories.a_host_structure(name="=HYPERLINK(1)", departement_code="05")
        adviser = factories.an_adviser(structure=structure)

        body = client_for(factories.a_user("auditor")).get(reverse("persons_csv")).content.decode("utf-8-sig")

        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=";"))
        row = next(row for row in rows if row[0] == str(adviser.number))
        assert row[5] == "'=HYPERLINK(1)"
        assert Departement.objects.get(pk="05").name in row
