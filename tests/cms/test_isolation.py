"""Two organisations walk every address of the editor: neither learns that the other exists."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.models import LessonPage
from courses import api
from tests import factories
from tests.cms.neighbours import MARKER, SOUGHT, Branch, a_branch
from tests.responses import let_go

pytestmark = pytest.mark.django_db
EDITOR = "administration/"

# What each address of the editor is to a person of an organisation. A new one must be put here, on purpose.
# open: what it shows is the person's own, or nobody's. own: it names objects, answered 404 unless one's own.
# national: of the whole house, 404. refused: 404 to everyone. shadowed: our own sign-in page answers instead.
CLASSES = {
    "open": """
        wagtailadmin_home wagtailadmin_explore_root wagtailadmin_choose_page wagtailadmin_choose_page_search
        wagtailadmin_choose_page_chosen_multiple wagtailadmin_choose_page_external_link
        wagtailadmin_choose_page_email_link wagtailadmin_choose_page_phone_link
        wagtailadmin_choose_page_anchor_link wagtailadmin_pages:choose_parent wagtailadmin_pages:search
        wagtailadmin_pages:search_results wagtailadmin_api:pages:listing wagtailadmin_api:pages:find
        wagtailadmin_account wagtailadmin_logout wagtailadmin_dismissibles wagtailadmin_block_preview
        wagtailadmin_sprite wagtailadmin_javascript_catalog wagtailadmin_editing_sessions:release
        wagtailimages:index wagtailimages:index_results wagtailimages:add wagtailimages:add_multiple
        wagtailimages_chooser:choose wagtailimages_chooser:choose_results wagtailimages_chooser:chosen_multiple
        wagtailimages_chooser:create
        wagtaildocs:index wagtaildocs:index_results wagtaildocs:add wagtaildocs:add_multiple
        wagtaildocs_chooser:choose wagtaildocs_chooser:choose_results wagtaildocs_chooser:chosen_multiple
        wagtaildocs_chooser:create
    """,
    "own": """
        wagtailadmin_explore wagtailadmin_explore_results wagtailadmin_choose_page_child wagtail_bulk_action
        wagtailadmin_api:pages:detail wagtailadmin_api:pages:action wagtailadmin_editing_sessions:ping
        wagtailadmin_pages:add wagtailadmin_pages:preview_on_add wagtailadmin_pages:usage wagtailadmin_pages:edit
        wagtailadmin_pages:preview_on_edit wagtailadmin_pages:view_draft wagtailadmin_pages:add_subpage
        wagtailadmin_pages:delete wagtailadmin_pages:unpublish wagtailadmin_pages:convert_alias
        wagtailadmin_pages:move wagtailadmin_pages:move_confirm wagtailadmin_pages:set_page_position
        wagtailadmin_pages:copy wagtailadmin_pages:workflow_action wagtailadmin_pages:collect_workflow_action_data
        wagtailadmin_pages:confirm_workflow_cancellation wagtailadmin_pages:workflow_preview
        wagtailadmin_pages:lock wagtailadmin_pages:unlock wagtailadmin_pages:revisions_index
        wagtailadmin_pages:revisions_view wagtailadmin_pages:revisions_revert
        wagtailadmin_pages:revisions_unschedule wagtailadmin_pages:revisions_compare
        wagtailadmin_pages:workflow_history wagtailadmin_pages:workflow_history_detail wagtailadmin_pages:history
        wagtailadmin_pages:history_results
        wagtailimages:edit wagtailimages:delete wagtailimages:preview wagtailimages:image_usage
        wagtailimages:edit_multiple wagtailimages:delete_multiple
        wagtailimages:create_multiple_from_uploaded_image wagtailimages:delete_upload_multiple
        wagtailimages_chooser:chosen wagtailimages_chooser:select_format
        wagtaildocs:edit wagtaildocs:delete wagtaildocs:document_usage wagtaildocs:edit_multiple
        wagtaildocs:delete_multiple wagtaildocs:create_multiple_from_uploaded_document
        wagtaildocs:delete_upload_multiple wagtaildocs_chooser:chosen
        wagtailadmin_path_export wagtailadmin_path_import path_impact
    """,
    "national": """
        wagtailadmin_api:images:listing wagtailadmin_api:images:detail wagtailadmin_api:images:find
        wagtailadmin_api:documents:listing wagtailadmin_api:documents:detail wagtailadmin_api:documents:find
        wagtailadmin_pages:type_use wagtailadmin_pages:type_use_results wagtailadmin_pages:set_privacy
        wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete
        wagtailadmin_collections:index wagtailadmin_collections:add wagtailadmin_collections:edit
        wagtailadmin_collections:delete wagtailadmin_collections:set_privacy
        wagtailadmin_workflows:index wagtailadmin_workflows:index_results wagtailadmin_workflows:add
        wagtailadmin_workflows:enable wagtailadmin_workflows:disable wagtailadmin_workflows:edit
        wagtailadmin_workflows:usage wagtailadmin_workflows:usage_results wagtailadmin_workflows:remove
        wagtailadmin_workflows:add_task wagtailadmin_workflows:select_task_type wagtailadmin_workflows:task_index
        wagtailadmin_workflows:task_index_results wagtailadmin_workflows:edit_task
        wagtailadmin_workflows:disable_task wagtailadmin_workflows:enable_task wagtailadmin_workflows:task_chooser
        wagtailadmin_workflows:task_chooser_results wagtailadmin_workflows:task_chooser_create
        wagtailadmin_workflows:task_chosen
        wagtailadmin_reports:locked_pages wagtailadmin_reports:locked_pages_results wagtailadmin_reports:workflow
        wagtailadmin_reports:workflow_results wagtailadmin_reports:workflow_tasks
        wagtailadmin_reports:workflow_tasks_results wagtailadmin_reports:site_history
        wagtailadmin_reports:site_history_results wagtailadmin_reports:aging_pages
        wagtailadmin_reports:aging_pages_results wagtailadmin_reports:page_types_usage
        wagtailadmin_reports:page_types_usage_results
        wagtailimages:url_generator wagtailimages:url_generator_output
        wagtailusers_users:index wagtailusers_users:index_results wagtailusers_users:add wagtailusers_users:edit
        wagtailusers_users:delete wagtailusers_users:history wagtailusers_users:history_results
        wagtailusers_users:usage wagtailusers_users:copy
        wagtailusers_groups:index wagtailusers_groups:index_results wagtailusers_groups:add
        wagtailusers_groups:edit wagtailusers_groups:delete wagtailusers_groups:history
        wagtailusers_groups:history_results wagtailusers_groups:usage
        wagtailsites:index wagtailsites:index_results wagtailsites:add wagtailsites:edit wagtailsites:delete
        wagtailsites:history wagtailsites:history_results wagtailsites:usage wagtailsites:copy
        - --
    """,
    "refused": "wagtailadmin_error_test wagtailembeds:chooser wagtailembeds:chooser_upload",
    "shadowed": """
        wagtailadmin_login wagtailadmin_password_reset wagtailadmin_password_reset_done
        wagtailadmin_password_reset_confirm wagtailadmin_password_reset_complete ---
    """,
}
CLASS_OF = {name: kind for kind, names in CLASSES.items() for name in names.split()}
# Unnamed: the page that tries the 404, whatever is left below the editor, and our own answer to lost passwords.
UNNAMED = {"test404/": "-", "^.*/$": "--", "^administration/password_reset/.*$": "---"}
LOGS_OUT = {"wagtailadmin_logout"}

BULK = [
    (app, model, action)
    for app, model, actions in (
        ("wagtailcore", "page", ("delete", "move", "publish", "unpublish")),
        ("wagtailimages", "image", ("delete", "add_tags", "add_to_collection")),
        ("wagtaildocs", "document", ("delete", "add_tags", "add_to_collection")),
    )
    for action in actions
]


@dataclass(frozen=True)
class Address:
    """A route of the editor, ready to be filled."""

    name: str
    route: str
    arguments: tuple[str, ...]

    def to(self, values: dict[str, Any]) -> str:
        if self.name.startswith("-"):
            return "/administration/nulle-part/" if self.name == "--" else f"/{EDITOR}test404/"
        return str(reverse(self.name, kwargs={key: values[key] for key in self.arguments}))


@lru_cache
def addresses() -> list[Address]:
    """Every route that the resolver knows below the editor."""

    def walk(patterns: Any, prefix: str, space: str) -> Iterator[tuple[str, str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield space, prefix, pattern
            else:
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, prefix + str(pattern.pattern), inner)

    found = []
    for space, prefix, pattern in walk(get_resolver().url_patterns, "", ""):
        route = prefix + str(pattern.pattern)
        if route.lstrip("^").startswith(EDITOR):
            name = space + pattern.name if pattern.name else UNNAMED.get(str(pattern.pattern), route)
            keys = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
            found.append(Address(name, route, keys))
    return found


def of(*kinds: str) -> list[Address]:
    return [address for address in addresses() if CLASS_OF.get(address.name) in kinds]


def fillings(address: Address, branch: Branch) -> Iterator[dict[str, Any]]:
    """The arguments of an address, filled with what a branch has; once for each of its pages where it names one."""
    page_keys = {"page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk"} & {
        *address.arguments
    }
    names_page = page_keys or (address.name.startswith("wagtailadmin_api:pages") or "compare" in address.name)
    for page in branch.pages if names_page else branch.pages[:1]:
        revision = page.latest_revision_id or branch.draft.latest_revision_id
        values: dict[str, Any] = dict.fromkeys(page_keys | {"pk"}, page.pk) | {
            "destination_id": branch.space.pk,
            "image_id": branch.image.pk,
            "document_id": branch.document.pk,
            "doc_id": branch.spare.pk,
            "uploaded_file_id": branch.upload.pk,
            "task_state_id": branch.task_state.pk,
            "workflow_state_id": branch.workflow_state.pk,
            "task_id": branch.task_state.task_id,
            "revision_id": revision,
            "revision_id_a": "earliest",
            "revision_id_b": revision,
            "session_id": branch.session.pk,
            "object_id": page.pk,
            "app_label": "cms",
            "model_name": "lessonpage",
            "app_name": "taggit",
            "content_type_app_name": "cms",
            "content_type_model_name": "lessonpage",
            "action_name": "approve",
            "filter_spec": "width-400",
            "collection_id": branch.space.collection_id,
            "workflow_pk": branch.workflow.pk,
        }
        if address.name.startswith("wagtailimages"):
            values["pk"] = branch.image.pk
        elif address.name.startswith("wagtaildocs"):
            values["pk"] = branch.document.pk
        elif address.name == "wagtailadmin_tag_model_autocomplete":
            values["model_name"] = "tag"
        elif address.name == "wagtailadmin_pages:set_privacy":
            values["page_id"] = page.pk
        if address.name == "wagtailadmin_api:pages:action":
            values["action_name"] = "publish"
        if address.name == "wagtail_bulk_action":
            yield from (
                values | {"app_label": app, "model_name": model, "action": act} for app, model, act in BULK
            )
            return
        yield values


def some(filled: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """All the bulk acts; of the pages, one of each kind of answer: the branch, a live path, a draft in moderation."""
    values = list(filled)
    return values if "action" in values[0] else [values[rank] for rank in (1, 0, 4) if rank < len(values)]


def bulk_ids(values: dict[str, Any], branch: Branch) -> str:
    """A bulk act names its objects in its query."""
    thing = {"page": branch.written.path, "image": branch.image, "document": branch.document}
    return f"?id={thing[values['model_name']].pk}" if "action" in values else ""


def words_for(branch: Branch) -> dict[str, Any]:
    """Every name under which a query or a form may speak of something, each with the ids of a branch."""
    page = branch.written.path.pk
    return dict.fromkeys(
        ("id", "childOf", "child_of", "descendant_of", "ancestor_of", "translation_of", "new_parent_page",
         "parent_page", "parent_page_id", "chooser", "destination_page_id", "target_pages[]", "destination"), page,
    ) | dict.fromkeys(
        ("collection", "collection_id", "image-chooser-upload-collection", "document-chooser-upload-collection"),
        branch.space.collection_id,
    ) | {
        "owner": branch.author.pk, "edited_by": branch.author.pk, "user": branch.author.pk, "q": SOUGHT,
        "tag": f"{SOUGHT}mot", "tags": f"{SOUGHT}mot", "site": 1, "page_type": "cms.PathPage",
        "groups": branch.space.group_id, "task": branch.task_state.task_id, "workflow": branch.workflow.pk,
        "overwrite_revision_id": branch.draft.latest_revision_id, "revision_id": branch.draft.latest_revision_id,
        "new_title": "Copie", "new_slug": "copie", "title": "Titre", "term": SOUGHT[:3],
        "external-link-chooser-url": branch.written.path.full_url,
        "image": branch.image.pk, "document": branch.document.pk, "position": 1,
    }  # fmt: skip


def status(browser: Client, url: str) -> int:
    return int(let_go(browser.get(url)).status_code)


def said(answer: Any) -> str:
    """All that an answer tells: its body, and where it leads."""
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode(errors="replace") + " ".join(map(str, answer.headers.values()))


@pytest.fixture(autouse=True)
def _no_image_of_another_test() -> None:
    """Wagtail remembers the renditions it has drawn, the database of the former test has gone."""
    cache.clear()


@pytest.fixture
def neighbour() -> Branch:
    return a_branch(name=MARKER)


@pytest.fixture
def ours(neighbour: Branch) -> Branch:
    return a_branch()


@pytest.fixture
def client(client_for: Any, ours: Branch) -> Client:
    """A browser of a manager of ours, who may do all that an author may; faults are answers, seen as such."""
    return _browser(client_for, factories.a_user("organisation_manager", ours.written.organisation))


def _browser(client_for: Any, user: Any) -> Client:
    browser = client_for(user)
    browser.raise_request_exception = False
    assert browser.get(reverse("wagtailadmin_home")).status_code == 200
    return browser


class TestTable:
    def test_every_address_of_the_editor_has_its_class(self):
        names = {address.name for address in addresses()}

        assert len(addresses()) > 170
        assert names == set(CLASS_OF), names ^ set(CLASS_OF)

    def test_every_bulk_act_is_walked(self, client_for, ours):
        from wagtail.admin.views.bulk_action.registry import bulk_action_registry

        bulk_action_registry._scan_for_bulk_actions()
        known = {
            (app, model, action)
            for app, models in bulk_action_registry.actions.items()
            for model, actions in models.items()
            for action in actions
            if app in {"wagtailcore", "wagtailimages", "wagtaildocs"}
        }
        assert known == set(BULK)


class TestWalk:
    @pytest.mark.parametrize("role", ["author", "organisation_manager"])
    def test_what_is_the_neighbours_does_not_exist(self, client_for, ours, neighbour, role):
        """Every address that names something, filled with his: 404 by GET, HEAD and POST, and nothing of his moves."""
        client = _browser(client_for, factories.a_user(role, ours.written.organisation))
        before, wrong = neighbour.state(), []
        for address in of("own"):
            for rank, values in enumerate(fillings(address, neighbour)):
                url = address.to(values) + bulk_ids(values, neighbour)
                for method in ("get", "post", "head") if rank == 0 or "action" in values else ("get",):
                    answer = getattr(client, method)(url)
                    if answer.status_code not in {404, 405} or MARKER in said(answer):
                        wrong.append((address.name, method, answer.status_code, url))
        assert not wrong, "\n".join(map(str, wrong))
        assert neighbour.state() == before

    def test_lists_of_the_whole_house_are_not_for_organisations(self, client, neighbour):
        wrong = []
        for address in of("national", "refused"):
            url = address.to(next(fillings(address, neighbour)))
            for method in ("get", "post", "head"):
                answer = getattr(client, method)(url)
                if answer.status_code != 404 or MARKER in said(answer):
                    wrong.append((address.name, method, answer.status_code))
        assert not wrong, "\n".join(map(str, wrong))

    def test_ones_own_addresses_say_nothing_of_the_neighbour(self, client, ours, neighbour):
        """Every address filled with ours, alone, then with every word of a query that we know naming his."""
        words, wrong, opened = words_for(neighbour), [], 0
        for address in of("open", "own"):
            if address.name in LOGS_OUT:
                continue
            asked = urlencode({key: word for key, word in words.items() if key not in _walled(address.name)})
            for rank, values in enumerate(some(fillings(address, ours))):
                mine = address.to(values) + bulk_ids(values, ours)
                joined = f"{mine}{'&' if '?' in mine else '?'}{asked}"
                for url in (mine, joined) if rank == 0 else (mine,):
                    answer = client.get(url)
                    opened += answer.status_code == 200
                    if answer.status_code >= 500 or MARKER in said(answer):
                        wrong.append((address.name, answer.status_code, url[:90]))
        assert not wrong, "\n".join(map(str, wrong))
        assert opened > 100

    def test_a_query_or_a_form_that_names_his_is_answered_as_if_he_did_not_exist(
        self, client, ours, neighbour
    ):
        words, wrong = words_for(neighbour), []
        for address in of("open", "own"):
            for values in some(fillings(address, ours))[:1]:
                for key in _walled(address.name) & words.keys():
                    for method in ("get", "post"):
                        data = {key: words[key]}
                        answer = getattr(client, method)(address.to(values), data)
                        if answer.status_code not in {404, 405} or MARKER in said(answer):
                            wrong.append((address.name, method, key, answer.status_code))
        assert not wrong, "\n".join(map(str, wrong))

    def test_ones_own_acts_touch_nothing_of_the_neighbour(self, client, ours, neighbour):
        """Every address filled with ours, by POST, with a form that names his: undone each time, his looked at."""
        before, words, wrong = neighbour.state(), words_for(neighbour), []
        for address in of("open", "own"):
            if address.name in LOGS_OUT:
                continue
            for values in some(fillings(address, ours)):
                url = address.to(values) + bulk_ids(values, ours)
                form = {key: value for key, value in words.items() if key not in _walled(address.name)}
                with transaction.atomic():
                    answer = client.post(url, form)
                    moved = neighbour.state() != before
                    transaction.set_rollback(True)
                if answer.status_code >= 500 or moved or MARKER in said(answer):
                    wrong.append((address.name, answer.status_code, moved, url))
        assert not wrong, "\n".join(map(str, wrong))


def _walled(name: str) -> set[str]:
    """The words that the wall itself reads on this address."""
    from cms.hooks.doors import DOORS

    asked = set(DOORS[name].asked) if name in DOORS else set()
    return asked | ({"id", "childOf", "collection", "chooser"} if name == "wagtail_bulk_action" else set())


def form_of(page: LessonPage, **changed: Any) -> dict[str, Any]:
    """What the editor sends when this lesson is saved, its body being one block."""
    return {
        "title": page.title, "slug": page.slug, "minutes": "0", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0", "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-id": "",
        **changed,
    }  # fmt: skip


def quoting(branch: Branch) -> dict[str, dict[str, Any]]:
    """A body that shows an image, gives a document, leads to a page: those of this branch."""
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"id": branch.draft_path.pk, "linktype": "page"}}
    words = {"text": "voir", "key": "a", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "data": {},
             "entityRanges": [{"offset": 0, "length": 4, "key": 0}]}  # fmt: skip
    return {
        "image": {"body-0-type": "image", "body-0-value-image-image": branch.image.pk,
                  "body-0-value-image-alt_text": "Une salle", "body-0-value-caption": ""},
        "document": {"body-0-type": "download", "body-0-value-document": branch.document.pk,
                     "body-0-value-label": "Fiche"},
        "link": {"body-0-type": "text",
                 "body-0-value": json.dumps({"blocks": [words], "entityMap": {"0": link}})},
    }  # fmt: skip


@pytest.mark.parametrize("what", ["image", "document", "link"])
class TestWhatAPageQuotes:
    @pytest.fixture
    def author(self, client_for, ours):
        return _browser(client_for, ours.author)

    @pytest.fixture
    def lesson(self, ours):
        """A draft that nobody is reviewing."""
        page = LessonPage(title="Libre", live=False, owner=ours.author)
        ours.written.module.add_child(instance=page)
        return page

    def test_ones_own_is_saved(self, author, lesson, ours, what):
        answer = author.post(
            reverse("wagtailadmin_pages:edit", args=[lesson.pk]), form_of(lesson, **quoting(ours)[what])
        )

        assert answer.status_code == 302
        assert len(LessonPage.objects.get(pk=lesson.pk).body) == 1

    def test_the_neighbours_is_refused_by_the_form_which_does_not_name_it(
        self, author, lesson, neighbour, what
    ):
        sent = form_of(lesson, **quoting(neighbour)[what])

        answer = author.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), sent)

        assert answer.status_code == 200
        assert "un autre organisme" in said(answer)
        assert MARKER.lower() not in said(answer).lower()
        assert not lesson.revisions.exists()

    def test_nor_is_it_created_or_previewed(self, author, ours, lesson, neighbour, what):
        sent = form_of(lesson, slug="autre", **quoting(neighbour)[what])
        module = ours.written.module.pk
        places = {"add": ["cms", "lessonpage", module], "preview_on_add": ["cms", "lessonpage", module]}
        for name, arguments in {**places, "preview_on_edit": [lesson.pk]}.items():
            url = reverse(f"wagtailadmin_pages:{name}", args=arguments)
            for answer in (author.post(url, sent), author.get(url)):
                assert answer.status_code == 200, name
                assert MARKER.lower() not in said(answer).lower(), name

        assert not Page.objects.filter(slug="autre").exists()

    def test_what_the_nation_put_there_stays(self, author, lesson, neighbour, what, client_for):
        """A page is not lost to its author because a national editor placed something in it."""
        url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
        national = _browser(client_for, factories.a_user("programme_manager"))
        sent = form_of(lesson, **quoting(neighbour)[what])
        assert national.post(url, sent).status_code == 302

        assert author.post(url, sent | {"title": "Libre encore"}).status_code == 302


class TestWhatIsSent:
    def test_a_form_that_arrives_in_pieces_saves_nothing(self, client_for, ours):
        author = _browser(client_for, ours.author)
        lesson = ours.written.lesson
        before = lesson.revisions.count()
        for broken in ({}, {"body-count": "x"}, {"body-count": "1", "body-0-type": "text"}):
            answer = author.post(reverse("wagtailadmin_pages:edit", args=[ours.module_set.pk]), broken)
            assert answer.status_code < 500
            url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
            answer = author.post(url, {"title": "x", "slug": "x"} | broken)
            assert answer.status_code == 200, broken
            assert "entier : rien" in said(answer)
        assert lesson.revisions.count() == before

    def test_a_copy_asks_where_it_goes(self, client_for, ours):
        author = _browser(client_for, ours.author)

        answer = author.post(reverse("wagtailadmin_pages:copy", args=[ours.draft.pk]), {"new_title": "Copie"})

        assert answer.status_code == 422
        assert "sous laquelle placer la copie" in said(answer)


class TestNamesInLists:
    def test_filters_offer_the_persons_of_ones_own_pages(self, client_for, ours, neighbour):
        html = said(
            _browser(client_for, ours.author).get(reverse("wagtailadmin_explore", args=[ours.space.pk]))
        )

        assert f'value="{ours.author.pk}"' in html
        assert MARKER not in html

    def test_the_nation_is_offered_all(self, client_for, ours, neighbour):
        national = _browser(client_for, factories.a_user("programme_manager"))

        html = said(national.get(reverse("wagtailadmin_explore", args=[neighbour.space.get_parent().pk])))

        assert MARKER in html
        assert "Maison" in html

    def test_an_author_of_both_sees_both(self, client_for, ours, neighbour):
        both = factories.a_user("author", ours.written.organisation)
        api.grant_role(user=both, role="author", organisation=neighbour.written.organisation, start=factories.START,
                       actor=factories.root(), at=factories.NOON)  # fmt: skip
        browser = _browser(client_for, both)

        for branch in (ours, neighbour):
            assert browser.get(reverse("wagtailadmin_pages:edit", args=[branch.draft.pk])).status_code == 200


class TestFiles:
    def test_a_document_given_by_no_page_is_its_organisations_alone(self, client_for, ours, neighbour):
        spare = neighbour.spare.url

        assert status(_browser(client_for, neighbour.author), spare) == 200
        assert status(_browser(client_for, factories.a_user("programme_manager")), spare) == 200
        for browser in (
            client_for(),
            _browser(client_for, ours.author),
            client_for(factories.a_user("trainer")),
        ):
            assert status(browser, spare) == 404

    def test_an_image_of_a_draft_is_not_served_for_its_name(self, client_for, ours, neighbour):
        drawn = get_image_model().objects.create(
            title="brouillon", file=neighbour.image.file, collection=neighbour.space.collection
        )
        url = drawn.get_rendition("width-200").url

        assert status(_browser(client_for, neighbour.author), url) == 200
        for browser in (client_for(), _browser(client_for, ours.author)):
            assert status(browser, url) == 404

    def test_what_a_published_page_shows_is_for_everyone(self, client_for, neighbour):
        assert status(client_for(), neighbour.rendition.url) == 200
        published = get_document_model().objects.exclude(pk=neighbour.spare.pk).get()
        assert status(client_for(), published.url) == 200

    def test_an_original_is_never_served(self, client_for, neighbour):
        assert status(client_for(neighbour.author), f"/media/{neighbour.image.file.name}") == 404

    def test_who_is_no_longer_an_author_sees_nothing_even_of_his_own(self, client_for, ours):
        browser = _browser(client_for, ours.author)
        url, draft = ours.spare.url, reverse("wagtailadmin_pages:edit", args=[ours.draft.pk])
        assert status(browser, url) == 200

        membership = ours.author.memberships.get()
        api.end_role(
            membership_id=membership.pk, end=factories.DAY, actor=factories.root(), at=factories.NOON
        )

        assert [status(browser, it) for it in (url, draft, "/administration/")] == [404, 404, 404]


class TestPublishedMedia:
    """What was published to learners is neither deleted nor replaced, whatever the door."""

    def test_no_door_deletes_it(self, client_for, ours):
        image, document = ours.image, ours.document
        for user in (ours.author, factories.a_user("programme_manager")):
            browser = _browser(client_for, user)
            for url in (
                reverse("wagtailimages:delete", args=[image.pk]),
                reverse("wagtailimages:delete_multiple", args=[image.pk]),
                reverse("wagtaildocs:delete", args=[document.pk]),
                reverse("wagtaildocs:delete_multiple", args=[document.pk]),
                reverse("wagtail_bulk_action", args=["wagtailimages", "image", "delete"]) + f"?id={image.pk}",
                reverse("wagtail_bulk_action", args=["wagtaildocs", "document", "delete"])
                + f"?id={document.pk}",
                reverse("wagtailadmin_pages:delete", args=[ours.written.lesson.pk]),
                reverse("wagtailadmin_api:pages:action", args=[ours.written.lesson.pk, "delete"]),
            ):
                answer = browser.post(url, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
                assert answer.status_code in {302, 400, 403, 404, 405, 409}, (url, answer.status_code)
        assert get_image_model().objects.filter(pk=image.pk).exists()
        assert get_document_model().objects.filter(pk=document.pk).exists()
        assert Page.objects.filter(pk=ours.written.lesson.pk).exists()
