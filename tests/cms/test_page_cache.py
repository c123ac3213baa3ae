"""Pages kept for strangers: never somebody's, never stale after a publication, whole and light."""

import gzip
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from cms.api import site_version
from courses import api
from courses.models import Activity
from courses.shared import clock
from courses.shared.public import KEPT
from lms.operations import page_cache
from lms.operations.page_cache import PageCache
from tests import factories
from tests.cms.world import Written

pytestmark = pytest.mark.django_db


class Site:
    """The application behind its cache, asked as a server asks; counts what is made anew."""

    def __init__(self):
        self.handler, self.made = WSGIHandler(), 0
        self.cache = PageCache(self._make, site_version)

    def _make(self, environ, start_response):
        self.made += 1
        return self.handler(environ, start_response)

    def get(self, path="/catalogue/", method="GET", **headers):
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(), **headers,
        }  # fmt: skip
        answer = {}

        def start(status, pairs, exc_info=None):
            answer["status"], answer["pairs"] = int(status[:3]), pairs
            answer["headers"] = {name.lower(): value for name, value in pairs}

        found = self.cache(environ, start)
        answer["body"] = b"".join(found)
        if hasattr(found, "close"):
            found.close()
        return answer


@pytest.fixture
def site(settings):
    """As Django's own test client does: the connection outlives the request, since the test's transaction is in it."""
    settings.ALLOWED_HOSTS = ["testserver"]
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Site()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class TestGiven:
    def test_again_to_the_next_stranger_without_being_made_again(self, site):
        first, second = site.get(), site.get()

        assert (first["status"], second["status"], site.made) == (200, 200, 1)
        assert first["body"] == second["body"]
        assert b"<h1" in first["body"]

    def test_with_its_headers_and_an_id_of_its_own(self, site):
        first, second = site.get()["headers"], site.get()["headers"]

        assert second["cache-control"] == KEPT
        assert "default-src 'self'" in second["content-security-policy"]
        assert "nonce" not in second["content-security-policy"]
        assert second["x-frame-options"] == "DENY"
        assert {name.strip() for name in second["vary"].split(",")} == {"Cookie", "Accept-Encoding"}
        assert first["x-request-id"] != second["x-request-id"]

    def test_compressed_to_who_accepts_it(self, site):
        plain, packed = site.get(), site.get(HTTP_ACCEPT_ENCODING="br, gzip")
        refused = site.get(HTTP_ACCEPT_ENCODING="gzip;q=0")

        assert packed["headers"]["content-encoding"] == "gzip"
        assert gzip.decompress(packed["body"]) == plain["body"]
        assert "content-encoding" not in refused["headers"]
        for answer in (plain, packed):
            assert answer["headers"]["content-length"] == str(len(answer["body"]))

    def test_not_at_all_to_who_has_it(self, site):
        tag = site.get()["headers"]["etag"]
        again = site.get(HTTP_IF_NONE_MATCH=tag)

        assert (again["status"], again["body"]) == (304, b"")
        assert again["headers"]["etag"] == tag
        assert site.get(HTTP_IF_NONE_MATCH='W/"other"')["status"] == 200

    def test_without_body_to_a_head(self, site):
        length = site.get()["headers"]["content-length"]
        head = site.get(method="HEAD")

        assert (head["status"], head["body"], head["headers"]["content-length"]) == (200, b"", length)

    @pytest.mark.parametrize("path", ["/catalogue/?q=a", "/catalogue/?q=b", "/catalogue/"])
    def test_each_address_its_own(self, site, path):
        for other in ("/catalogue/?q=a", "/catalogue/?q=b", "/catalogue/", "/"):
            site.get(other)
        made = site.made

        body = site.get(path)["body"].decode()

        assert site.made == made
        assert (f'value="{path[-1]}"' in body) == ("?" in path)


class TestNever:
    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=x"},
            {"HTTP_COOKIE": f"a=b; {settings.SESSION_COOKIE_NAME}=x"},
            {"HTTP_COOKIE": "messages=x"},
            {"HTTP_AUTHORIZATION": "Basic eDp5"},
        ],
    )
    def test_to_somebody_nor_kept_from_him(self, site, headers):
        site.get(**headers)
        site.get(**headers)
        assert site.made == 2

        site.get()
        assert site.made == 3
        site.get(**headers)
        assert site.made == 4

    @pytest.mark.parametrize(
        "path", ["/connexion/", "/nulle-part/", "/accueil/", "/healthz/live", "/verifier/"]
    )
    def test_what_is_not_a_public_page(self, site, path):
        site.get(path)
        site.get(path)

        assert site.made == 2

    def test_a_post(self, site):
        site.get()

        assert site.get(method="POST")["status"] in {403, 405}
        assert site.made == 2

    def test_to_a_host_that_is_not_ours(self, site):
        site.get()

        assert site.get(HTTP_HOST="autre.exemple")["status"] == 400

    def test_more_than_a_bounded_number(self, site, monkeypatch):
        monkeypatch.setattr(page_cache, "MOST_PAGES", 3)
        for number in range(6):
            site.get(f"/catalogue/?n={number}")

        assert len(site.cache.pages) == 3
        assert site.cache.bytes == sum(page.size for page in site.cache.pages.values())

    def test_longer_than_a_minute(self, site, monkeypatch):
        site.get()
        monkeypatch.setattr(page_cache, "KEPT_SECONDS", -1)
        site.get()

        assert site.made == 2


class TestSeenAtOnce:
    def test_a_publication(self, site):
        site.get()
        written = Written()
        assert written.path.title not in site.get()["body"].decode()

        written.publish()

        assert written.path.title in site.get()["body"].decode()

    def test_a_withdrawal(self, site):
        written = Written()
        written.publish()
        assert written.path.title in site.get()["body"].decode()

        written.path.unpublish(user=written.manager)

        assert written.path.title not in site.get()["body"].decode()

    def test_a_new_title(self, site):
        written = Written()
        written.publish()
        site.get(written.path.url)
        written.path.title = "Un tout autre titre"
        written.path.save_revision(user=written.author).publish(user=written.manager)

        assert "Un tout autre titre" in site.get(written.path.url)["body"].decode()

    def test_a_session_opened(self, site):
        written = Written()
        written.publish()
        assert "Tiers-lieu fictif" not in site.get(written.path.url)["body"].decode()
        day = clock.today() + timedelta(days=3)
        api.open_session(
            organisation=written.organisation,
            activity=Activity.objects.get(public_id=written.module.session_key),
            title="Session fictive",
            mode="on_site",
            place="Tiers-lieu fictif",
            zone="Indian/Reunion",
            start=day,
            end=day,
            trainers=[factories.a_user("trainer", written.organisation)],
            actor=factories.root(),
            at=clock.now(),
        )

        html = site.get(written.path.url)["body"].decode()
        assert "Tiers-lieu fictif" in html
        assert "heure de La Réunion" in html
