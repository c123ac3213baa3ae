"""Who enters the editor, and what each one sees there."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.urls import get_resolver, reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.publishing.access import spaces_of
from courses import api
from tests import factories
from tests.cms.world import LESSON, MODULE, PATH, Written

pytestmark = pytest.mark.django_db
SECRET = "Le parcours secret du voisin"


class TestDoor:
    @pytest.mark.parametrize("role", ["author", "organisation_manager", "programme_manager", "administrator"])
    def test_those_who_write_enter(self, client_for, role):
        answer = client_for(factories.a_user(role)).get("/administration/")

        assert answer.status_code == 200
        assert "Pages" in answer.content.decode()

    @pytest.mark.parametrize("role", ["trainer", "auditor", "payer", "jury_member", "prefect"])
    def test_others_find_nothing_there(self, client_for, role):
        extra = {"departement_code": "46"} if role == "prefect" else {}

        assert client_for(factories.a_user(role, **extra)).get("/administration/").status_code == 404

    def test_nobody_signs_in_but_by_our_own_page(self, client_for):
        for path in ["/administration/", "/administration/login/", "/administration/password_reset/"]:
            answer = client_for().get(path)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/connexion/")

    def test_the_role_is_read_at_each_request(self, client_for):
        organisation = factories.a_training_organisation()
        author = factories.a_user("author", organisation)
        client = client_for(author)
        assert client.get("/administration/").status_code == 200

        membership = author.memberships.get()
        api.end_role(
            membership_id=membership.pk, end=factories.DAY, actor=factories.root(), at=factories.NOON
        )

        assert client.get("/administration/").status_code == 404

    def test_the_menu_holds_what_authors_need_and_no_more(self, client_for):
        html = client_for(factories.a_user("author")).get("/administration/").content.decode()

        for hidden in ["/administration/reports/", "/administration/users/", "/administration/sites/"]:
            assert hidden not in html


class TestTwoOrganisations:
    @pytest.fixture
    def neighbour(self) -> Written:
        lesson = replace(LESSON, title=f"{SECRET}, leçon", image=(LESSON.image[0], f"{SECRET}, image", ""))
        lesson = replace(lesson, download=("fiche.txt", b"x", f"{SECRET}, document"))
        return Written(replace(PATH, title=SECRET, modules=(replace(MODULE, lessons=(lesson,)),)))

    @pytest.fixture
    def author(self, neighbour):
        mine = Written()
        return mine.author

    def test_an_author_sees_his_own_pages(self, client_for, author):
        (space,) = spaces_of(author)
        client = client_for(author)

        html = client.get(reverse("wagtailadmin_explore", args=[space.pk])).content.decode()

        assert PATH.title in html
        assert SECRET not in html

    def test_he_edits_his_own_and_not_his_neighbours(self, client_for, author, neighbour):
        client = client_for(author)
        mine = Page.objects.get(title=PATH.title)

        assert client.get(reverse("wagtailadmin_pages:edit", args=[mine.pk])).status_code == 200
        for page in [neighbour.path, neighbour.module, neighbour.lesson, neighbour.path.get_parent()]:
            for name in ["edit", "delete", "history", "copy", "view_draft", "revisions_index", "usage"]:
                assert client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).status_code == 404

    def test_choosers_and_searches_do_not_name_what_is_not_his(self, client_for, author):
        client = client_for(author)
        for name, query in [
            ("wagtailadmin_choose_page", ""),
            ("wagtailadmin_choose_page_search", "?q=secret"),
            ("wagtailadmin_pages:search", "?q=secret"),
            ("wagtailimages:index", ""),
            ("wagtailimages_chooser:choose", ""),
            ("wagtaildocs:index", ""),
            ("wagtaildocs_chooser:choose", ""),
            ("wagtailadmin_api:pages:listing", "?child_of=root"),
            ("wagtailadmin_home", ""),
        ]:
            answer = client.get(reverse(name) + query)
            assert answer.status_code == 200, name
            assert "secret du voisin" not in answer.content.decode(), name

    def test_no_address_of_the_editor_shows_what_is_not_his(self, client_for, author, neighbour):
        """Every GET address of the editor, filled with the neighbour’s pages, image and document."""
        client = client_for(author)
        image, document = _secret(get_image_model()), _secret(get_document_model())
        ids = {
            "page": neighbour.path.pk, "image": image.pk, "doc": document.pk,
            "revision": neighbour.path.latest_revision_id,
        }  # fmt: skip

        leaks, walked = [], 0
        for name, path in _editor_addresses(ids):
            answer = client.get(path)
            walked += 1
            body = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code == 200 and "secret du voisin" in body.decode(errors="replace"):
                leaks.append((name, path))

        assert walked > 100
        assert not leaks

    def test_he_cannot_publish_or_delete_by_post(self, client_for, author, neighbour):
        client = client_for(author)
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

        assert client.post(f"{bulk}?id={neighbour.path.pk}").status_code == 404
        assert (
            client.post(reverse("wagtailadmin_pages:unpublish", args=[neighbour.path.pk])).status_code == 404
        )
        assert not Page.objects.get(pk=neighbour.path.pk).live

    def test_the_programme_manager_sees_all(self, client_for, neighbour):
        client = client_for(factories.a_user("programme_manager"))

        answer = client.get(reverse("wagtailadmin_pages:edit", args=[neighbour.path.pk]))

        assert answer.status_code == 200
        assert SECRET in answer.content.decode()


def _secret(model):
    return model.objects.get(title__startswith=SECRET)


def _editor_addresses(ids):
    """Each route under /administration/ with every argument we can name; others are tried with 1."""
    from django.urls import URLPattern

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield pattern.name, route
            else:
                yield from walk(pattern.url_patterns, route)

    import re

    for name, route in walk(get_resolver().url_patterns, ""):
        if (
            not route.startswith("administration/")
            or "logout" in route
            or "failwhale" in route
            or "^.*" in route
        ):
            continue
        kind = "image" if "images/" in route else "doc" if "documents/" in route else "page"
        path = route.replace("^", "").replace("$", "")
        path = re.sub(r"\(\?P<pk>[^)]*\)", str(ids[kind]), path)
        path = re.sub(r"\(\?P<revision_id_a>[^)]*\)", "earliest", path)
        path = re.sub(r"\(\?P<revision_id_b>[^)]*\)", "latest", path)
        path = path.replace(r"\.\.\.", "...").replace(r"\.", ".")

        def fill(match, kind=kind):
            argument = match.group(0).strip("<>").split(":")[-1]
            words = {
                "app_label": {"image": "wagtailimages", "doc": "wagtaildocs"}.get(kind, "wagtailcore"),
                "model_name": {"image": "image", "doc": "document"}.get(kind, "page"),
                "content_type_app_name": "cms", "content_type_model_name": "pathpage", "app_name": "cms",
                "action": "delete", "action_name": "delete", "filter_spec": "width-10", "revision_id": ids["revision"],
            }  # fmt: skip
            return str(words.get(argument, ids[kind]))

        path = "/" + re.sub(r"<[^>]+>", fill, path)
        yield name, path
        yield name, f"{path}?id={ids[kind]}&q=secret"
    for app, model, kind in [("wagtailcore", "page", "page"), ("wagtailimages", "image", "image"),
                             ("wagtaildocs", "document", "doc")]:  # fmt: skip
        for action in ["delete", "publish", "move", "add_to_collection", "add_tags"]:
            yield "bulk", f"/administration/bulk/{app}/{model}/{action}/?id={ids[kind]}"
            yield "bulk", f"/administration/bulk/{app}/{model}/{action}/?id=all"


class TestWallBetweenRecordsAndPages:
    def test_nothing_of_records_is_a_page_a_snippet_a_document_an_image_or_a_site_setting(self):
        """R-13: Wagtail holds public pages and lesson text only."""
        from wagtail.models import DraftStateMixin, RevisionMixin
        from wagtail.search.index import Indexed

        ours = [model for model in apps.get_models() if model._meta.app_label in {"courses", "certification"}]

        assert len(ours) > 30
        for model in ours:
            assert not issubclass(model, Page | RevisionMixin | DraftStateMixin | Indexed), model
            assert not issubclass(model, get_image_model() | get_document_model()), model
        for app in ["wagtail.snippets", "wagtail.contrib.settings", "wagtail.contrib.forms", "wagtail.api.v2",
                    "wagtail.contrib.simple_translation"]:  # fmt: skip
            assert not apps.is_installed(app), app

    def test_every_page_type_of_the_house_is_known(self):
        kinds = {
            model.__name__ for model in apps.get_models() if issubclass(model, Page) and model is not Page
        }

        assert kinds == {
            "HomePage", "CataloguePage", "EditorialPage", "OrganisationPage", "PathPage", "ModuleSetPage", "ModulePage",
            "LessonPage",
        }  # fmt: skip
