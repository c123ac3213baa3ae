"""Publishing a path freezes it; what is frozen is never deleted."""

import json
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from cms.api import FrozenMediaError, FrozenPageError, LessonSpec, SetSpec, UnfinishedPageError
from cms.models import LessonPage, PathPage, PublishedMedia, PublishedRevision
from courses.api import structure_of
from courses.models import Enrolment, PathVersion, QuizVersion, VersionOffer
from tests.cms.world import LESSON, MODULE, PATH, Written

pytestmark = pytest.mark.django_db


class TestPublishing:
    def test_publishing_a_path_freezes_its_modules_lessons_quiz_and_sessions(self):
        written = Written()

        version = written.publish()

        structure = structure_of(version)
        (module,) = structure.modules
        assert (structure.title, structure.minutes, module.minutes) == (PATH.title, 420, 420)
        assert [(a.kind, a.minutes) for a in module.activities] == [
            ("lesson", 60), ("quiz", 0), ("lesson", 0), ("session", 360),
        ]  # fmt: skip
        lesson, quiz = module.activities[:2]
        assert lesson.evaluated_by == quiz.public_id
        frozen = QuizVersion.objects.get(path_version=version)
        assert (frozen.activity.public_id, frozen.pass_percent, frozen.covers_minutes) == (
            quiz.public_id,
            70,
            60,
        )

    def test_each_page_of_the_path_is_tied_to_the_revision_that_was_read(self):
        written = Written()

        version = written.publish()

        tied = PublishedRevision.objects.filter(path_version=version)
        assert {row.page_id for row in tied} == {
            page.pk for page in written.path.get_descendants(inclusive=True)
        }
        assert all(row.revision_id == row.page.live_revision_id for row in tied)

    def test_publishing_again_without_a_change_gives_the_same_version(self):
        written = Written()
        first = written.publish()

        second = written.publish()

        assert (second, PathVersion.objects.count()) == (first, 1)

    def test_a_word_changed_in_a_lesson_makes_a_new_version_once_the_path_is_published(self):
        written = Written()
        first = written.publish()

        written.rewrite_lesson("<p>La seconde version.</p>")
        assert PathVersion.objects.count() == 1
        second = written.publish()

        assert second.number == first.number + 1

    def test_coming_back_to_a_former_text_comes_back_to_its_version(self):
        written = Written()
        first = written.publish()
        written.rewrite_lesson("<p>La seconde version.</p>")
        written.publish()

        written.rewrite_lesson(LESSON.html)
        third = written.publish()

        assert third == first
        assert PathPage.objects.get(pk=written.path.pk).version == first

    def test_a_page_keeps_its_key_across_revisions_and_a_copy_gets_another(self):
        written = Written()
        written.publish()
        key = written.path.key

        copy = written.path.copy(
            recursive=True,
            keep_live=False,
            update_attrs={"title": "Copie", "slug": "copie"},
            user=written.author,
        )

        assert PathPage.objects.get(pk=written.path.pk).key == key
        assert copy.key != key
        assert copy.get_latest_revision_as_object().key == copy.key
        assert copy.version is None

    def test_a_frozen_tie_is_never_rewritten(self):
        written = Written()
        written.publish()
        row = PublishedRevision.objects.first()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PublishedRevision.objects.filter(pk=row.pk).update(page_id=row.page_id)


class TestGate:
    @pytest.mark.parametrize(
        ("spec", "sentence"),
        [
            (replace(PATH, modules=()), "aucun module publié"),
            (replace(PATH, modules=(replace(MODULE, objectives=""),)), "les objectifs du module"),
            (replace(PATH, modules=(replace(MODULE, competences=""),)), "les compétences visées"),
            (replace(PATH, modules=(replace(MODULE, lessons=(), taught_minutes=0),)), "la durée annoncée"),
            (replace(PATH, contact="", modules=(replace(MODULE, contact=""),)), "contact d’assistance"),
            (
                replace(PATH, modules=(replace(MODULE, lessons=(LessonSpec("Seule", "<p>…</p>", minutes=60),)),)),
                "ajoutez un questionnaire",
            ),
            (
                replace(PATH, modules=(replace(MODULE, lessons=(replace(LESSON, quiz=replace(
                    LESSON.quiz, questions=(replace(LESSON.quiz.questions[0], correct=()),)
                )),)),)),
                "Aucune bonne réponse n’est cochée à la question « Que faire d’abord ? »",
            ),
        ],
    )  # fmt: skip
    def test_an_unfinished_path_is_not_published(self, spec, sentence):
        written = Written(spec)

        with pytest.raises(UnfinishedPageError) as refusal:
            written.publish()

        assert sentence.lower() in str(refusal.value).replace("\u00a0", " ").lower()
        assert not PathVersion.objects.exists()
        assert not PathPage.objects.get(pk=written.path.pk).live

    def test_a_module_announces_what_it_can_prove(self):
        written = Written()
        module = written.module
        module.minutes = 500
        module.save_revision(user=written.author)

        with pytest.raises(UnfinishedPageError, match="n’est pas la somme"):
            written.publish()

    def test_the_editor_shows_what_is_missing_and_publishes_nothing(self, client_for):
        written = Written(replace(PATH, modules=()))
        client = client_for(written.manager)
        url = reverse("wagtailadmin_pages:edit", args=[written.path.pk])

        answer = client.post(url, form_data(written.path) | {"action-publish": "1"})

        assert answer.status_code == 200
        assert "Ce parcours n’a aucun module publié" in answer.content.decode()
        assert not PathPage.objects.get(pk=written.path.pk).live

    def test_the_editor_publishes_a_finished_path(self, client_for):
        written = Written()
        written.publish()
        written.rewrite_lesson("<p>Autre.</p>")
        client = client_for(written.manager)
        url = reverse("wagtailadmin_pages:edit", args=[written.path.pk])

        answer = client.post(url, form_data(written.path) | {"action-publish": "1"})

        assert answer.status_code == 302
        assert PathVersion.objects.count() == 2
        assert PathPage.objects.get(pk=written.path.pk).version.number == 2

    def test_a_draft_may_be_unfinished(self, client_for):
        written = Written(replace(PATH, modules=(), objectives="", contact=""))
        client = client_for(written.author)

        answer = client.post(
            reverse("wagtailadmin_pages:edit", args=[written.path.pk]), form_data(written.path)
        )

        assert answer.status_code == 302


def form_data(page: PathPage) -> dict[str, str]:
    return {
        "title": page.title,
        "slug": page.slug,
        "kind": page.kind,
        "objectives": page.objectives,
        "contact": page.contact,
        "audience": page.audience,
        "access_delay": page.access_delay,
        "methods": page.methods,
        "assessment": page.assessment,
        "disability_access": page.disability_access,
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }


class TestDeletion:
    @pytest.fixture
    def written(self) -> Written:
        written = Written()
        written.publish()
        return written

    def national(self):
        from tests import factories

        return factories.a_user("programme_manager")

    @pytest.mark.parametrize("which", ["lesson", "module", "path"])
    def test_the_editor_refuses_to_delete_a_published_page(self, client_for, written, which):
        page = getattr(written, which)
        client = client_for(self.national())
        url = reverse("wagtailadmin_pages:delete", args=[page.pk])

        asked = client.get(url, follow=True)
        done = client.post(url)

        assert "ne peut pas être supprimée" in asked.content.decode()
        assert done.status_code == 409
        assert "elle fait partie d’une version publiée" in done.content.decode()
        assert Page.objects.filter(pk=page.pk).exists()

    def test_a_lot_with_one_published_page_is_refused_whole(self, client_for, written):
        draft = LessonPage(title="Brouillon")
        written.module.add_child(instance=draft)
        client = client_for(self.national())
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])

        answer = client.post(f"{url}?id={draft.pk}&id={written.lesson.pk}")

        assert answer.status_code == 409
        assert "ne peut pas être supprimée" in answer.content.decode()
        assert Page.objects.filter(pk__in=[draft.pk, written.lesson.pk]).count() == 2

    def test_code_is_refused_too(self, written):
        with pytest.raises(FrozenPageError, match="ne peut pas être supprimée"):
            written.path.delete()
        with pytest.raises(FrozenPageError):
            written.path.get_parent().specific.delete()

    def test_so_is_a_deletion_behind_the_models_back(self, written):
        with pytest.raises(ProtectedError), transaction.atomic():
            Page.objects.filter(pk=written.lesson.pk).delete()
        with pytest.raises(ProtectedError), transaction.atomic():
            Revision.objects.filter(pk=written.lesson.live_revision_id).delete()

    def test_a_page_may_be_withdrawn_and_its_version_stays(self, written):
        written.path.unpublish(user=written.manager)

        assert not PathPage.objects.get(pk=written.path.pk).live
        assert PublishedRevision.objects.filter(page=written.path).exists()

    def test_purging_revisions_leaves_the_frozen_ones(self, written):
        frozen = set(PublishedRevision.objects.values_list("revision_id", flat=True))
        for _ in range(3):
            written.rewrite_lesson("<p>Encore.</p>")

        call_command("purge_revisions")

        assert set(Revision.objects.values_list("pk", flat=True)) >= frozen

    def test_a_draft_is_deleted(self, client_for, written):
        draft = LessonPage(title="Brouillon")
        written.module.add_child(instance=draft)
        client = client_for(self.national())

        answer = client.post(reverse("wagtailadmin_pages:delete", args=[draft.pk]))

        assert answer.status_code == 302
        assert not Page.objects.filter(pk=draft.pk).exists()

    def test_an_image_that_a_published_lesson_shows_stays(self, written):
        assert PublishedMedia.objects.count() == 2
        image = get_image_model().objects.get()

        with pytest.raises(FrozenMediaError, match="une leçon publiée s’en sert"):
            image.delete()


class TestSets:
    def test_a_path_with_sets_is_frozen_with_its_arrangement_and_each_set_is_tied(self):
        some = SetSpec(
            title="Au choix",
            items=(replace(MODULE, title="Un"), replace(MODULE, title="Deux")),
            rule="count",
            need=1,
        )
        written = Written(replace(PATH, modules=(MODULE, some)))

        version = written.publish()

        structure = structure_of(version)
        (_, choice) = structure.root.items
        assert (choice.rule, choice.need, len(choice.items)) == ("count", 1, 2)
        tied = {row.page_id for row in PublishedRevision.objects.filter(path_version=version)}
        assert tied == {page.pk for page in written.path.get_descendants(inclusive=True)}


class TestOffer:
    def _second(self, **changes: object) -> tuple[Written, PathVersion]:
        written = Written()
        written.publish()
        written.enrol()
        path = PathPage.objects.get(pk=written.path.pk)
        for name, value in changes.items():
            setattr(path, name, value)
        path.save_revision(user=written.author)
        written.rewrite_lesson("<p>La seconde version.</p>")
        return written, written.publish()

    def test_a_new_version_is_proposed_to_those_enrolled_when_the_author_says_so(self):
        _, version = self._second(offer_to_enrolled=True)

        offer = VersionOffer.objects.get(path_version=version)

        assert json.loads(offer.impact)["enrolled"] == 1
        assert Enrolment.objects.get().version.number == 1

    def test_otherwise_it_is_for_new_learners_only(self):
        self._second(offer_to_enrolled=False)

        assert not VersionOffer.objects.exists()

    def test_a_first_version_is_proposed_to_nobody(self):
        written = Written()
        written.path.offer_to_enrolled = True
        written.path.save_revision(user=written.author)

        written.publish()

        assert not VersionOffer.objects.exists()
