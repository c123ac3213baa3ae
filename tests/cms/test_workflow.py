"""From an author’s draft to a published path: submission, approvals, mails, dates, comments, comparison."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import GroupPagePermission, Page, Revision, TaskState, WorkflowState

from cms.api import open_space, publish_path, settle_groups
from cms.models import GateReport, OrganisationPage, PathPage
from cms.publishing.errors import NationalPathError, UnfinishedPageError
from courses.api import drain
from courses.models import AuditEntry, PathVersion
from courses.shared import clock
from tests import factories
from tests.cms.test_publishing import form_data
from tests.cms.world import MODULE, PATH, Written, reachable

pytestmark = pytest.mark.django_db


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def submit(client, page: PathPage):
    return client.post(edit_url(page), form_data(page) | {"action-submit": "1"})


def approve(client, page: PathPage, action: str = "approve", **extra: str):
    data = {"action-workflow-action": "1", "workflow-action-name": action} | extra
    return client.post(edit_url(page), form_data(page) | data)


def fresh(page: PathPage) -> PathPage:
    return PathPage.objects.get(pk=page.pk)


def a_national() -> Written:
    return Written(replace(PATH, national=True))


class TestSpace:
    def test_authors_write_managers_publish(self):
        written = Written()
        space = written.path.get_parent().specific

        rights = {
            group: set(
                GroupPagePermission.objects.filter(group=group).values_list("permission__codename", flat=True)
            )
            for group in (space.group, space.managers)
        }

        assert rights[space.group] == {"add_page", "change_page"}
        assert rights[space.managers] == {"add_page", "change_page", "publish_page"}

    def test_a_space_of_before_is_completed_once(self):
        organisation = factories.a_training_organisation()
        space = open_space(organisation)
        GroupPagePermission.objects.create(
            group=space.group, page=space.page_ptr, permission=_permission("publish_page")
        )
        workflow, managers = space.workflow, space.managers
        OrganisationPage.objects.filter(pk=space.pk).update(managers=None, workflow=None)
        workflow.workflow_pages.all().delete()
        managers.delete()

        again = open_space(organisation)

        assert again.managers_id
        assert again.workflow_id
        assert not GroupPagePermission.objects.filter(
            group=again.group, permission__codename="publish_page"
        ).exists()
        assert open_space(organisation).workflow_id == again.workflow_id

    def test_groups_follow_roles(self):
        written, national = Written(), factories.a_user("programme_manager")
        space = written.path.get_parent().specific
        for user in (written.author, written.manager, national):
            settle_groups(user)

        assert list(written.author.groups.all()) == [space.group]
        assert list(written.manager.groups.all()) == [space.managers]
        assert [group.name for group in national.groups.all()] == ["Contenus : national"]

    def test_opening_it_is_in_the_trail(self, client_for):
        author = factories.a_user("author")

        client_for(author).get(reverse("wagtailadmin_home"))

        assert (
            AuditEntry.objects.filter(action="content.space.open", actor=str(author.public_id)).count() == 1
        )


def _permission(codename: str):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)


class TestAuthor:
    def test_an_author_is_offered_submission_and_not_publication(self, client_for):
        written = Written()

        html = client_for(written.author).get(edit_url(written.path)).content.decode()

        assert 'name="action-submit"' in html
        assert 'name="action-publish"' not in html

    def test_a_forged_publication_only_keeps_the_draft(self, client_for):
        written = Written()

        client_for(written.author).post(
            edit_url(written.path), form_data(written.path) | {"action-publish": "1"}
        )

        assert not fresh(written.path).live

    def test_submitting_writes_to_managers_who_never_opened_the_editor(self, client_for):
        written = Written()
        client = client_for(written.author)

        answer = submit(client, written.path)

        assert answer.status_code == 302
        (sent,) = mail.outbox
        assert sent.to == [written.manager.email]
        assert written.path.title in sent.subject
        assert edit_url(written.path) in sent.body
        _french(sent)

    def test_the_page_waits_for_the_manager_and_says_so(self, client_for):
        written = Written()
        client = client_for(written.author)
        submit(client, written.path)

        html = client.get(edit_url(written.path)).content.decode()

        assert written.organisation.name in html
        assert 'name="action-submit"' not in html

    def test_the_managers_home_shows_what_awaits_him(self, client_for):
        written = Written()
        submit(client_for(written.author), written.path)

        html = client_for(written.manager).get(reverse("wagtailadmin_home")).content.decode()

        assert "En attente de votre" in html
        assert written.path.title in html


def _french(sent) -> None:
    text = f"{sent.subject} {sent.body}"
    assert not re.search(r"\b(the|has been|Hello|You can|Edit your)\b", text), text


class TestManager:
    @pytest.fixture
    def written(self, client_for) -> Written:
        written = Written()
        submit(client_for(written.author), written.path)
        mail.outbox.clear()
        return written

    def test_one_approval_publishes_the_path_with_all_its_drafts(self, client_for, written):
        answer = approve(client_for(written.manager), written.path)

        assert answer.status_code == 302
        pages = written.path.get_descendants(inclusive=True)
        assert all(pages.values_list("live", flat=True))
        assert PathVersion.objects.count() == 1
        assert GateReport.objects.filter(page__in=pages, user=written.manager).count() == len(pages)
        assert WorkflowState.objects.get().status == "approved"

    def test_the_agency_is_not_asked_for_a_path_that_is_not_national(self, client_for, written):
        factories.a_user("programme_manager")

        approve(client_for(written.manager), written.path)

        assert [state.status for state in TaskState.objects.order_by("pk")] == ["approved", "skipped"]

    def test_the_author_is_told_of_the_approval(self, client_for, written):
        approve(client_for(written.manager), written.path)

        (sent,) = [one for one in mail.outbox if one.to == [written.author.email]]
        _french(sent)

    def test_a_request_for_changes_is_told_with_its_words_and_the_author_submits_again(
        self, client_for, written
    ):
        client = client_for(written.manager)

        approve(
            client, written.path, "reject",
            **{"workflow-action-extra-data": '{"comment": "Précisez le public visé."}'},
        )  # fmt: skip

        (sent,) = mail.outbox
        assert sent.to == [written.author.email]
        assert "Précisez le public visé." in sent.body
        assert edit_url(written.path) in sent.body
        _french(sent)
        assert not fresh(written.path).live
        assert submit(client_for(written.author), written.path).status_code == 302
        assert WorkflowState.objects.get().status == "in_progress"

    def test_a_draft_below_that_fails_names_itself_and_nothing_is_published(self, client_for, written):
        lesson = written.lesson
        lesson.minutes, lesson.body = 60, [("text", "<p>Sans questionnaire.</p>")]
        lesson.save_revision(user=written.author)

        answer = client_for(written.manager).post(
            edit_url(written.path),
            form_data(written.path) | {"action-workflow-action": "1", "workflow-action-name": "approve"},
            follow=True,
        )

        assert answer.status_code == 200
        assert f"Leçon « {lesson.title} »" in _plain(answer)
        assert not written.path.get_descendants(inclusive=True).live().exists()
        assert not GateReport.objects.exists()
        assert WorkflowState.objects.get().status == "in_progress"

    def test_so_is_it_from_the_list_of_what_awaits(self, client_for, written):
        module = written.module
        module.objectives = ""
        module.save_revision(user=written.author)
        state = TaskState.objects.get()
        url = reverse("wagtailadmin_pages:workflow_action", args=[written.path.pk, "approve", state.pk])

        answer = client_for(written.manager).post(url, follow=True)

        assert "les objectifs du module" in _plain(answer)
        assert not fresh(written.path).live

    def test_an_author_does_not_approve_his_own_page(self, client_for, written):
        approve(client_for(written.author), written.path)

        assert WorkflowState.objects.get().status == "in_progress"
        assert not fresh(written.path).live


def _plain(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


class TestNational:
    def test_the_manager_is_not_offered_the_button(self, client_for):
        written = a_national()

        html = client_for(written.manager).get(edit_url(written.lesson)).content.decode()

        assert 'name="action-publish"' not in html
        assert 'name="action-submit"' in html

    def test_a_forged_button_is_answered_with_a_sentence(self, client_for):
        written = a_national()

        answer = client_for(written.manager).post(
            edit_url(written.path), form_data(written.path) | {"national": "on", "action-publish": "1"}
        )

        assert "l’ANCT le publie après votre accord" in _plain(answer)
        assert not fresh(written.path).live

    def test_unticking_the_box_on_the_way_changes_nothing(self, client_for):
        written = a_national()

        answer = client_for(written.manager).post(
            edit_url(written.path), form_data(written.path) | {"action-publish": "1"}
        )

        assert "l’ANCT le publie" in _plain(answer)
        assert fresh(written.path).get_latest_revision_as_object().national

    def test_code_is_refused_too(self):
        written = a_national()
        settle_groups(written.manager)

        with pytest.raises(NationalPathError):
            written.lesson.get_latest_revision().publish(user=written.manager)

    def test_the_manager_then_the_agency(self, client_for):
        written, agency = a_national(), reachable(factories.a_user("programme_manager"))
        client_for(written.author).post(
            edit_url(written.path), form_data(written.path) | {"national": "on", "action-submit": "1"}
        )
        mail.outbox.clear()

        approve(client_for(written.manager), written.path, national="on")

        assert not fresh(written.path).live
        assert [sent.to for sent in mail.outbox] == [[agency.email]]
        _french(mail.outbox[0])

        approve(client_for(agency), written.path, national="on")

        assert fresh(written.path).live
        assert fresh(written.path).version.number == 1


class TestDates:
    def _planned(self, written: Written) -> Revision:
        settle_groups(written.manager)
        lesson = written.lesson
        lesson.go_live_at = clock.now() + timedelta(days=2)
        revision = lesson.save_revision(user=written.author)
        revision.publish(user=written.manager)
        return revision

    def test_a_page_is_published_on_its_day(self):
        written = Written()
        revision = self._planned(written)
        assert not written.lesson.live

        with time_machine.travel(clock.now() + timedelta(days=3)):
            call_command("publish_scheduled")

        assert written.lesson.live
        report = GateReport.objects.get(revision=revision)
        assert report.user is None

    def test_one_that_fails_on_its_day_stays_a_draft_stops_no_other_and_is_told(self):
        written, other = Written(), Written()
        revision, good = self._planned(written), self._planned(other)
        module = written.module
        module.objectives = ""
        module.save_revision(user=written.author)

        with time_machine.travel(clock.now() + timedelta(days=3)):
            call_command("publish_scheduled")
            drain()
            call_command("publish_scheduled")
            drain()

        assert not written.lesson.live
        assert other.lesson.live
        assert GateReport.objects.get().revision_id == good.pk
        assert Revision.objects.get(pk=revision.pk).approved_go_live_at is None
        told = {to for sent in mail.outbox for to in sent.to}
        assert told == {written.author.email, written.manager.email}
        assert len(mail.outbox) == 2
        assert "les objectifs du module" in mail.outbox[0].body.replace("\xa0", " ")

    def test_an_unfinished_page_is_not_even_planned(self):
        written = Written(replace(PATH, modules=(replace(MODULE, competences=""),)))

        with pytest.raises(UnfinishedPageError, match="les compétences visées"):
            self._planned(written)

    def test_a_date_set_by_the_organisation_does_not_publish_a_national_path(self):
        written, agency = a_national(), factories.a_user("programme_manager")
        publish_path(written.path, user=agency)
        lesson = written.lesson
        lesson.title, lesson.go_live_at = "Un titre sans accord", clock.now() + timedelta(days=2)
        revision = lesson.save_revision(user=written.manager)
        # A live page is planned without being asked anything: the day decides.
        PublishPageRevisionAction(revision, user=written.manager).execute(skip_permission_checks=True)

        with time_machine.travel(clock.now() + timedelta(days=3)):
            call_command("publish_scheduled")

        assert written.lesson.title != "Un titre sans accord"
        assert PathVersion.objects.count() == 1

    def test_a_date_set_by_the_agency_does(self):
        written, agency = a_national(), factories.a_user("programme_manager")
        publish_path(written.path, user=agency)
        lesson = written.lesson
        lesson.title, lesson.go_live_at = "Un titre accordé", clock.now() + timedelta(days=2)
        revision = lesson.save_revision(user=written.author)
        PublishPageRevisionAction(revision, user=agency).execute(skip_permission_checks=True)

        with time_machine.travel(clock.now() + timedelta(days=3)):
            call_command("publish_scheduled")

        assert written.lesson.title == "Un titre accordé"

    def test_authors_choose_a_date_in_the_editor(self, client_for):
        written = Written()

        answer = client_for(written.author).post(
            edit_url(written.path), form_data(written.path) | {"go_live_at": "2099-01-01 09:00"}
        )

        assert answer.status_code == 302
        assert fresh(written.path).get_latest_revision_as_object().go_live_at.year == 2099


class TestComments:
    def test_an_author_comments_and_the_manager_who_follows_is_told(self, client_for):
        written = Written()
        client, manager = client_for(written.author), client_for(written.manager)
        manager.post(edit_url(written.path), form_data(written.path) | {"comment_notifications": "on"})

        answer = client.post(
            edit_url(written.path),
            form_data(written.path)
            | {
                "comments-TOTAL_FORMS": "1",
                "comments-0-text": "Faut-il garder cet objectif ?",
                "comments-0-contentpath": "objectives",
                "comments-0-position": "",
                "comments-0-id": "",
                "comments-0-DELETE": "",
                "comments-0-resolved": "",
                "comments-0-replies-TOTAL_FORMS": "0",
                "comments-0-replies-INITIAL_FORMS": "0",
                "comments-0-replies-MIN_NUM_FORMS": "0",
                "comments-0-replies-MAX_NUM_FORMS": "",
            },
        )

        assert answer.status_code == 302
        (sent,) = mail.outbox
        assert sent.to == [written.manager.email]
        assert "Faut-il garder cet objectif ?" in sent.body
        _french(sent)
        assert "Faut-il garder cet objectif ?" in manager.get(edit_url(written.path)).content.decode()


class TestRevisions:
    # A block that holds an address looks like one to the parser of the comparison.
    @pytest.mark.filterwarnings("ignore:The input passed in on this line looks more like a URL")
    def test_an_author_compares_two_revisions(self, client_for):
        written = Written()
        lesson = written.lesson
        lesson.body[0] = ("text", "<p>La seconde version du texte.</p>")
        lesson.save_revision(user=written.author)
        url = reverse("wagtailadmin_pages:revisions_compare", args=[lesson.pk, "earliest", "latest"])

        html = client_for(written.author).get(url).content.decode()

        assert "seconde" in html
        assert 'class="comparison' in html

    def test_a_draft_that_does_not_exist_or_is_a_neighbours_is_not_found(self, client_for):
        written, neighbour = Written(), Written()
        client = client_for(written.author)

        for page, revision in [
            (written.path, 999_999),
            (written.path, neighbour.path.latest_revision_id),
            (neighbour.path, neighbour.path.latest_revision_id),
        ]:
            for name in ("revisions_revert", "revisions_view"):
                assert (
                    client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk, revision])).status_code
                    == 404
                )
