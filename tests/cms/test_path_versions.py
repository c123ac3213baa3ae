"""Sets of modules are published as written; an editor sees whom a draft would touch; a learner accepts or stays."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from cms.api import LessonSpec, ModuleSpec, SetSpec, settle_groups
from cms.models import ModulePage
from cms.publishing.queries import read_path
from courses import api
from courses.models import AuditEntry, VersionAdoption
from courses.shared import clock
from tests import factories
from tests.cms.world import PATH, Written, text

pytestmark = pytest.mark.django_db


def taught(title: str, hours: int = 1, **values) -> ModuleSpec:
    lesson = LessonSpec(title=f"Lire {title}", html=f"<p>Le texte de {title}.</p>")
    return ModuleSpec(
        title=title, objectives="Savoir", competences="Compétence", lessons=(lesson,),
        taught_minutes=hours * 60, contact="Équipe fictive", **values,
    )  # fmt: skip


def a_written(*items, **values) -> Written:
    return Written(spec=replace(PATH, modules=items, **values))


class TestReadPath:
    def test_sets_are_read_as_they_are_nested(self):
        written = a_written(
            taught("A"),
            SetSpec("Au choix", (taught("B"), taught("C", 2)), rule="count", need=1, ordered=True, due_days=9),
            SetSpec("Approfondir", (SetSpec("Encore", (taught("D", 3),)),), rule="minutes", need=2, optional=True),
            due_days=90,
        )  # fmt: skip
        written.publish()

        structure = read_path(written.path).structure

        a, choice, deeper = structure.root.items
        assert structure.module(a).title == "A"
        assert (choice.title, choice.rule, choice.need, choice.ordered, choice.due_days) == (
            "Au choix", "count", 1, True, 9,
        )  # fmt: skip
        assert [structure.module(item).title for item in choice.items] == ["B", "C"]
        assert (deeper.rule, deeper.need, deeper.optional) == ("minutes", 120, True)
        assert [structure.module(item).title for item in deeper.items[0].items] == ["D"]
        assert (structure.minutes, structure.due_days) == (60 + 60, 90)
        assert [module.title for module in structure.modules] == ["A", "B", "C", "D"]

    def test_what_is_asked_of_modules_is_read(self):
        written = a_written(taught("A"), taught("B", requires=("A",), optional=True, due_days=5))
        written.publish()

        a, b = read_path(written.path).structure.modules

        assert (b.requires, b.optional, b.due_days) == ((a.public_id,), True, 5)

    def test_a_path_without_sets_says_nothing_of_its_arrangement(self):
        written = a_written(taught("A"), taught("B"))
        version = written.publish()

        assert read_path(written.path).structure.arrangement is None
        assert "arrangement" not in version.structure

    def test_the_draft_holds_what_is_not_published_yet_and_not_what_was_withdrawn(self):
        written = a_written(taught("A"), taught("B"), taught("C"))
        written.publish()
        pages = {page.title: page for page in ModulePage.objects.all()}
        pages["C"].unpublish()
        pages["B"].title = "B revu"
        pages["B"].save_revision(user=written.author)

        draft = read_path(written.path, draft=True).structure

        assert [module.title for module in draft.modules] == ["A", "B revu"]
        assert [module.title for module in read_path(written.path).structure.modules] == ["A", "B"]

    def test_a_draft_never_published_may_be_read_whole(self):
        written = a_written(taught("A"), SetSpec("S", (taught("B"),)))

        assert [module.title for module in read_path(written.path, draft=True).structure.modules] == [
            "A",
            "B",
        ]


def impact_url(written: Written) -> str:
    return reverse("path_impact", args=[written.path.pk])


def shortened(written: Written, title: str, minutes: int) -> None:
    """The author changes how long a module is taught, without publishing."""
    page = ModulePage.objects.get(title=title)
    page.taught_minutes = page.minutes = minutes
    page.save_revision(user=written.author)


class TestImpactPage:
    def test_says_that_nobody_is_enrolled(self, client_for):
        written = a_written(taught("A"))
        written.publish()

        assert "Personne n’est encore inscrit" in text(client_for(written.manager), impact_url(written))

    def test_counts_before_anything_is_published(self, client_for):
        written = a_written(taught("A", 2), taught("B"))
        written.publish()
        enrolment = written.enrol()
        shortened(written, "B", 180)

        html = text(client_for(written.manager), impact_url(written))

        assert "1 personne concernée, sur 1 inscrite" in html
        assert str(enrolment.adviser) in html
        assert api.pending_offer(enrolment) is None

    def test_an_author_reads_the_counts_and_not_the_names(self, client_for):
        written = a_written(taught("A", 2), taught("B"))
        written.publish()
        enrolment = written.enrol()
        shortened(written, "B", 180)

        html = text(client_for(written.author), impact_url(written))

        assert "1 personne concernée" in html
        assert str(enrolment.adviser) not in html
        assert "Noms réservés" in html

    def test_says_why_the_drafts_cannot_be_published(self, client_for):
        written = a_written(taught("A"), taught("B"))
        written.publish()
        written.enrol()
        page = ModulePage.objects.get(title="B")
        page.requires = [str(page.key)]
        page.save_revision(user=written.author)

        html = text(client_for(written.manager), impact_url(written))

        assert "Ce parcours ne peut pas encore être publié" in html
        assert "il ne peut pas être son propre prérequis" in html

    def test_leads_back_to_the_page_of_the_path(self, client_for):
        written = a_written(taught("A"))

        html = text(client_for(written.author), impact_url(written))

        assert reverse("wagtailadmin_pages:edit", args=[written.path.pk]) in html

    def test_the_page_of_the_path_leads_to_it(self, client_for):
        written = a_written(taught("A"))

        html = text(client_for(written.author), reverse("wagtailadmin_pages:edit", args=[written.path.pk]))

        assert impact_url(written) in html

    def test_the_path_of_another_organisation_does_not_exist(self, client_for):
        written, other = a_written(taught("A")), a_written(taught("X"))
        for person in (other.author, other.manager):
            settle_groups(person)
            assert client_for(person).get(impact_url(written)).status_code == 404

    def test_what_is_no_path_is_not_found(self, client_for):
        written = a_written(taught("A"))
        module = ModulePage.objects.get(title="A")

        assert client_for(written.manager).get(reverse("path_impact", args=[module.pk])).status_code == 404

    def test_only_reads(self, client_for):
        written = a_written(taught("A"))

        assert client_for(written.manager).post(impact_url(written)).status_code == 405

    def test_a_learner_does_not_enter(self, client_for):
        written = a_written(taught("A"))
        adviser = factories.an_adviser()

        assert client_for(adviser.user).get(impact_url(written)).status_code == 404


@pytest.fixture
def offered():
    """A learner of the first version, to whom a second one is proposed."""
    written = a_written(taught("A"), taught("B"))
    written.publish()
    enrolment = written.enrol()
    shortened(written, "B", 180)
    version = written.publish()
    api.offer_version(path_version=version, impact="{}", actor=written.manager, at=clock.now())
    return enrolment


def form(version: str = "2") -> dict[str, str]:
    return {"version": version, "idempotency_key": str(uuid4())}


def offer_url(enrolment) -> str:
    return reverse("version_offer", args=[enrolment.registration])


class TestVersionOffer:
    def test_tells_what_it_changes_for_me_and_what_it_does_not(self, client_for, offered):
        html = text(client_for(offered.adviser.user), offer_url(offered))

        for shown in (
            "Vous suivez la version 1.", "À faire en plus", "Il vous restera 4\u00a0h à suivre, au lieu de 2\u00a0h.",
            "Les modules que vous avez obtenus le restent", "Accepter la nouvelle version", "Rester sur ma version",
        ):  # fmt: skip
            assert shown in html

    def test_accepting_it_makes_it_mine(self, client_for, offered):
        client = client_for(offered.adviser.user)

        answer = client.post(offer_url(offered), form(), follow=True)

        assert "Vous suivez maintenant la version 2." in answer.content.decode()
        assert VersionAdoption.objects.get().enrolment == offered
        assert AuditEntry.objects.filter(action="pathways.version.adopt").count() == 1
        assert "Aucune nouvelle version" in text(client, offer_url(offered))

    def test_what_was_read_must_be_what_is_accepted(self, client_for, offered):
        answer = client_for(offered.adviser.user).post(offer_url(offered), form("1"))

        assert answer.status_code == 409
        assert "relisez ce qui change" in answer.content.decode()
        assert not VersionAdoption.objects.exists()

    def test_sent_twice_it_is_accepted_once(self, client_for, offered):
        client = client_for(offered.adviser.user)
        filled = form()

        first, second = client.post(offer_url(offered), filled), client.post(offer_url(offered), filled)

        assert first.status_code == second.status_code == 302
        assert VersionAdoption.objects.count() == 1

    def test_nobody_else_sees_it(self, client_for, offered):
        other = factories.an_adviser()

        assert client_for(other.user).get(offer_url(offered)).status_code == 404
        assert client_for(other.user).post(offer_url(offered), form()).status_code == 404

    def test_without_an_offer_it_says_so(self, client_for):
        written = a_written(taught("A"))
        written.publish()
        enrolment = written.enrol()

        assert "Aucune nouvelle version" in text(client_for(enrolment.adviser.user), offer_url(enrolment))
