"""The figures of the founding documents come out of the rows, by query."""

from django.test import Client, TestCase

from certification import api
from certification.models import LedgerEntry, PostSubsidy
from courses.models import Committee, HostStructure, Post
from tests.factories import NOON, a_user, root

EUROS = {
    "lot": (7, 350_000),
    "metropole-de-lyon": (50, 2_500_000),
    "rhone": (15, 750_000),
    "rhone-and-lyon": (65, 3_250_000),
    "reserved": (185, 9_250_000),
    "not-attributed": (120, 6_000_000),
    "hautes-alpes-march": (11, 550_000),
    "hautes-alpes-april": (7, 350_000),
}


class TestFoundingFigures(TestCase):
    """The founding file, loaded once through the ordinary acts."""

    @classmethod
    def setUpTestData(cls):
        api.load_founding_figures(actor=root(), at=NOON)

    def client_of(self, user) -> Client:
        client = Client(SERVER_NAME="localhost")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_every_figure_is_the_sum_of_its_posts(self):
        figures = {figure.id: (figure.posts, figure.amount_cents) for figure in api.founding_figures()}

        assert figures == {name: (posts, euros * 100) for name, (posts, euros) in EUROS.items()}
        assert all(figure.ok for figure in api.founding_figures())

    def test_a_second_load_changes_nothing(self):
        before = Post.objects.count(), PostSubsidy.objects.count(), HostStructure.objects.count()

        api.load_founding_figures(actor=root(), at=NOON)

        assert (Post.objects.count(), PostSubsidy.objects.count(), HostStructure.objects.count()) == before
        assert before[:2] == (210, 210)

    def test_an_amount_that_changes_breaks_the_figure(self):
        subsidy = PostSubsidy.objects.filter(post__committee__code="lot-2021-04").first()
        subsidy.superseded_at = NOON
        subsidy.save(update_fields=["superseded_at"])

        figure = next(figure for figure in api.founding_figures() if figure.id == "lot")

        assert figure.amount_cents == 30_000_000
        assert not figure.ok

    def test_an_agreement_in_principle_reserves_posts_and_owes_nothing(self):
        committee = Committee.objects.get(code="sept-territoires")

        owed = LedgerEntry.objects.filter(transaction__kind="subsidy", amount_cents__gt=0)

        assert (committee.status, committee.date_is_assumed) == ("in_principle", True)
        assert sum(owed.values_list("amount_cents", flat=True)) == (7 + 11 + 7) * 5_000_000

    def test_money_invariants_hold(self):
        assert {name: found for name, check in api.FUNDING_INVARIANTS.items() if (found := check())} == {}

    def test_the_page_shows_every_figure_and_leads_to_its_posts(self):
        payer = self.client_of(a_user("payer"))

        page = payer.get("/financements/postes/").content.decode()
        posts = payer.get("/financements/postes/liste/?comite=sept-territoires&attribution=non-attribues")

        assert page.count("Conforme") == len(EUROS)
        for euros in ("350\u202f000", "9\u202f250\u202f000", "6\u202f000\u202f000"):
            assert f"{euros}\u00a0€" in page
        assert posts.context["count"] == 120

    def test_a_prefect_sees_only_the_posts_of_his_departement(self):
        prefect = self.client_of(a_user("prefect", departement_code="46"))

        page = prefect.get("/financements/postes/")
        elsewhere = prefect.get("/financements/postes/liste/?departement=05")

        assert page.context["posts"] == 7
        assert page.context["figures"] == []
        assert "Hautes-Alpes" not in page.content.decode()
        assert elsewhere.context["count"] == 0

    def test_a_host_manager_sees_only_the_posts_of_his_structure(self):
        host = HostStructure.objects.get(name="Communauté de communes Cauvaldor")

        page = self.client_of(a_user("host_manager", host)).get("/financements/postes/")

        assert page.context["posts"] == 1
        assert self.client_of(a_user("trainer")).get("/financements/postes/").status_code == 404

    def test_the_table_is_exported_with_its_filters(self):
        answer = self.client_of(a_user("auditor")).get("/financements/postes/export.csv?departement=69")

        lines = answer.content.decode("utf-8-sig").splitlines()
        assert [line.split(";")[2] for line in lines[1:]] == ["Département du Rhône", "Métropole de Lyon"]
        assert "2500000,00" in lines[2]
