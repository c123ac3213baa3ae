"""The figures of the founding documents come out of the rows, by query."""


import pytest

from certification import api
from certification.models import LedgerEntry, PostSubsidy
from courses.models import Committee, HostStructure, Post
from tests.factories import NOON, root

pytestmark = pytest.mark.django_db

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


@pytest.fixture
def founding() -> None:
    api.load_founding_figures(actor=root(), at=NOON)


@pytest.mark.usefixtures("founding")
class TestFoundingFigures:
    @pytest.mark.parametrize("name", EUROS)
    def test_every_figure_is_the_sum_of_its_posts(self, name):
        posts, euros = EUROS[name]

        figure = next(figure for figure in api.founding_figures() if figure.id == name)

        assert (figure.posts, figure.amount_cents) == (posts, euros * 100)
        assert figure.ok

    def test_the_figures_are_the_documents_and_no_other(self):
        assert {figure.id for figure in api.founding_figures()} == set(EUROS)

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

        assert committee.status == "in_principle"
        assert committee.date_is_assumed
        assert sum(owed.values_list("amount_cents", flat=True)) == (7 + 11 + 7) * 5_000_000

    def test_money_invariants_hold(self):
        assert {name: check() for name, check in api.FUNDING_INVARIANTS.items() if check()} == {}
