"""Journeys in a real Chromium, on the live server. Every console error and every request outside fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser import chromium

# Playwright's sync API keeps an event loop in this thread; Django would take our queries for async ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
HERE = Path(__file__).parent
WINDOW = {"width": 1280, "height": 900}
PATIENCE_MS = 10_000
EDITOR = "/administration/pages/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.path() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and there is no chromium here")
        pytest.skip("NO BROWSER: chromium is not installed, the journeys were not walked")
    with chromium.launched() as running:
        yield running


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of the live server; the settings that print addresses know it."""
    settings.LMS_PUBLIC_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def page_for(browser: Browser, site: str, client_for: Callable[..., Any]) -> Iterator[Callable[..., Page]]:
    """`page_for(user)`: a window in which this person is signed in; `page_for()`: nobody is. Paths are relative.

    Each call is another browser context, so several persons may be at work in one test.
    """
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_window(user: object | None = None) -> Page:
        context = browser.new_context(
            base_url=site, locale="fr-FR", timezone_id="Europe/Paris", viewport=WINDOW
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if user is not None:
            cookies = client_for(user).cookies
            context.add_cookies(
                [{"name": name, "value": it.value, "url": site} for name, it in cookies.items()]
            )
        page = context.new_page()
        watch(page, site, faults)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(page_for: Callable[..., Page]) -> Page:
    """A window in which nobody is signed in."""
    return page_for()


def watch(page: Page, site: str, faults: list[str]) -> None:
    """Note every script error, every missing piece of a page, every request to elsewhere."""

    def on_console(message: ConsoleMessage) -> None:
        # The answers themselves are watched below: a refused form is a 4xx document, and no fault.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"console on {page.url}: {message.text}")

    def on_request(request: Request) -> None:
        if request.url.startswith(("http:", "https:", "ws:", "wss:")) and not request.url.startswith(
            f"{site}/"
        ):
            faults.append(f"request outside from {page.url}: {request.url}")

    def on_response(response: Response) -> None:
        # The editor saves drafts as one writes, and answers 400 while something is still missing.
        unfinished = response.status == 400 and response.request.method == "POST" and EDITOR in response.url
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type != "document" and not unfinished
        ):
            faults.append(f"{response.status} on {page.url}: {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"script on {page.url}: {error}"))
    page.on("request", on_request)
    page.on("response", on_response)
