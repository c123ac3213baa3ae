"""The pictures of the documentation: `make screenshots`, or `python -m tests.screenshots --url http://localhost:8000`.

Without `--url`, a separate instance is made in a folder of its own, with the demo, and stopped at the end. A screen is
looked for as a person would find it: signed in as someone who holds the role, following the links of each page until
one leads to the wanted route. A screen that nobody finds is named, and the script exits 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from tests import environment
from tests.browser import chromium
from tests.browser.screens import assert_dressed

IMAGES = environment.ROOT / "docs" / "images"
# Width of the window, its height, and how much of a long page is shown.
WINDOWS = {1280: (900, 1500), 375: (812, 1400)}
START_SECONDS = 60
PATIENCE_MS = 15_000
MOST_PAGES = 120
# How many addresses of one route are followed: the tenth line of a list leads nowhere new.
SAMPLE = 6
NOT_A_SCREEN = re.compile(r"(download|export|document|logout|jwks|\.csv|_lines$)")
HREF = re.compile(r'href="([^"#]+)')


@dataclass(frozen=True)
class Screen:
    """One picture: who takes it, which routes (any of them) it is, and how to recognise the right page among them.

    A page must show `showing` and not `unless`; the first that also shows `prefer` is taken, or else the first of all.
    """

    name: str
    title: str
    role: str
    routes: tuple[str, ...]
    start: str = "home"
    showing: str = ""
    unless: str = ""
    prefer: str = ""
    through: tuple[str, ...] = ()
    as_nobody: bool = False
    editor: bool = False


SCREENS = (
    Screen("site", "Anyone: home of the site", "", ("wagtail_serve",), start="/", showing="en trois temps"),
    Screen("public-path", "Anyone: page of a path", "", ("wagtail_serve",), start="/catalogue/",
           showing=r"<h2>Programme", prefer="Satisfaction|satisfaction"),
    Screen("accessibility", "Anyone: accessibility statement", "", ("accessibility",), start="/plan/"),
    Screen("catalogue", "Catalogue", "", ("wagtail_serve",), start="/", showing=r'name="nature"'),
    Screen("adviser-home", "Adviser: home", "adviser", ("home",)),
    Screen("path", "Adviser: path and its player", "adviser", ("enrolment",)),
    Screen("lesson", "Adviser: lesson", "adviser", ("lesson",)),
    Screen("quiz", "Adviser: quiz", "adviser", ("quiz",), showing=r'type="(radio|checkbox)"'),
    Screen("my-record", "Adviser: record", "adviser", ("my_record",)),
    Screen("my-shares", "Adviser: shares of the record", "adviser", ("my_shares",), start="my_record"),
    Screen("survey", "Adviser: survey", "adviser", ("survey",), prefer=r'type="radio"'),
    Screen("trainer-home", "Trainer: home", "trainer", ("home",)),
    Screen("manager-home", "Manager: home", "organisation_manager", ("home",)),
    Screen("agency-home", "Programme manager: home", "programme_manager", ("home",)),
    Screen("jury-home", "Jury member: home", "jury_member", ("home",)),
    Screen("host-home", "Host structure: home", "host_manager", ("home",)),
    Screen("host-adviser", "Host structure: one adviser", "host_manager", ("host_adviser",)),
    Screen("satisfaction", "Manager: satisfaction", "organisation_manager", ("satisfaction",)),
    Screen("impact", "Manager: who gains, who loses", "organisation_manager", ("path_impact",),
           start="wagtailadmin_explore_root", editor=True,
           through=("wagtailadmin_explore_root", "wagtailadmin_explore", "wagtailadmin_pages:edit")),
    Screen("sign-sheet", "Adviser: signing an attendance sheet", "adviser", ("sign_sheet",), showing=r'method="post"'),
    Screen("trainer-sheet", "Trainer: attendance sheet", "trainer", ("sheet",)),
    Screen("claim", "Manager: claim", "organisation_manager", ("claim",)),
    Screen("editor", "Author: Wagtail editor", "author", ("wagtailadmin_pages:edit",),
           start="wagtailadmin_explore_root", showing=r'name="minutes"', unless=r'name="taught_minutes"', editor=True,
           through=("wagtailadmin_explore_root", "wagtailadmin_explore")),
    Screen("jury-sitting", "Jury member: sitting", "jury_member", ("sitting",)),
    Screen("verify", "Anyone: verification of a credential", "adviser", ("verify_code",), as_nobody=True),
    Screen("national", "Auditor: national view", "auditor", ("national", "national_view", "nation")),
    Screen("person", "Auditor: person", "auditor", ("person",), prefer=r"PV|[Pp]rocès-verbal"),
    Screen("statements", "Manager: statements", "organisation_manager", ("statements_view",)),
    Screen("statement", "Manager: one statement", "organisation_manager", ("statement_view",)),
    Screen("unknown-names", "Manager: unknown names", "organisation_manager", ("quarantine",), showing=r"<table"),
    Screen("store-keys", "Manager: keys of the record store", "organisation_manager", ("lrs_keys",)),
    Screen("external-stores", "Manager: external stores", "organisation_manager", ("external_stores",)),
    Screen("refused-statements", "Manager: statements refused by an external store", "organisation_manager",
           ("dead_letters",), start="external_stores", prefer=r"<table"),
    Screen("audit-pack", "Auditor: audit pack", "auditor", ("audit_pack", "audit_packs", "pack", "audit_pack_new")),
)  # fmt: skip


class NotFoundError(Exception):
    """No page that one can reach is the wanted screen."""


@dataclass
class Visit:
    """A signed-in browser context on the site."""

    context: BrowserContext
    site: str

    def page(self) -> Page:
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def read(self, url: str) -> tuple[str, str]:
        """The final address and the HTML of a page; no HTML for anything else."""
        response = self.context.request.get(url)
        html = "text/html" in response.headers.get("content-type", "") and response.ok
        return response.url, response.text() if html else ""

    def sign_in(self, account: dict[str, str]) -> None:
        page = self.page()
        page.goto(f"{self.site}{_reverse('login')}")
        page.fill('input[name="username"]', account["login"])
        page.fill('input[name="password"]', account["password"])
        page.click('main button[type="submit"]')
        page.wait_for_load_state()
        if urlsplit(page.url).path == _reverse("login"):
            raise NotFoundError(f"{account['login']} cannot sign in")

    def find(self, screen: Screen) -> str:
        """Breadth first from the start of the screen: the address of the first page that is the wanted one."""
        start = screen.start if screen.start.startswith("/") else _reverse(screen.start)
        queue, seen, tried = deque([f"{self.site}{start}"]), {f"{self.site}{start}"}, Counter[str]()
        read, second_best = 0, ""
        while queue and read < MOST_PAGES:
            url, html = self.read(queue.popleft())
            read += 1
            if html and _route(url) in screen.routes and _shows(screen, html):
                if re.search(screen.prefer, html):
                    return url
                second_best = second_best or url
            for link in _links(html, url, self.site):
                route = _route(link)
                wanted = route in screen.routes
                if link in seen or not route or NOT_A_SCREEN.search(route):
                    continue
                if not wanted and not _leads_on(screen, route, link, tried[route]):
                    continue
                seen.add(link)
                tried[route] += 1
                if wanted:
                    queue.appendleft(link)
                else:
                    queue.append(link)
        if second_best:
            return second_best
        raise NotFoundError(f"no page leads to {' or '.join(screen.routes)} ({read} pages read)")


def main() -> int:
    """Take every picture; 1 when one is missing."""
    arguments = _arguments()
    if chromium.path() is None:
        print("chromium is not installed: no picture can be taken", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="lms-pictures-") as folder:
        _prepare_django(Path(folder), arguments.url)
        if arguments.url:
            accounts = json.loads(Path(arguments.accounts).read_text())
            faults = _take_all(arguments.url.rstrip("/"), accounts, arguments.only)
        else:
            with _own_instance(Path(folder)) as (site, accounts):
                faults = _take_all(site, accounts, arguments.only)
    for fault in faults:
        print(f"MISSING  {fault}", file=sys.stderr)
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--url", default="", help="an instance that already runs, with the demo")
    parser.add_argument(
        "--accounts",
        default=str(environment.ROOT / "var" / "demo_accounts.json"),
        help="with --url: the file of its demo accounts",
    )
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="SCREEN", help="names of the screens to take"
    )
    return parser.parse_args()


def _prepare_django(folder: Path, url: str) -> None:
    """This process only asks Django for its routes; the instance, if it is ours, shares this environment."""
    for name in [name for name in os.environ if name.startswith("LMS_")]:
        del os.environ[name]
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "SECRET_KEY_FALLBACKS"):
        os.environ.pop(name, None)
    os.environ["LMS_VAR_DIR"] = str(folder)
    os.environ["PORT"] = str(urlsplit(url).port or 8000) if url else str(environment.two_free_ports())
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    import django

    django.setup()


@contextmanager
def _own_instance(folder: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A separate instance with the demo, served until the pictures are taken."""
    for command in (["migrate", "--verbosity", "0"], ["load_reference"]):
        _manage(*command)
    seeded = _manage("seed_demo", "--json")
    kept = folder / "demo_accounts.json"
    accounts = json.loads(kept.read_text()) if kept.exists() else json.loads(seeded)["accounts"]
    site = f"http://localhost:{os.environ['PORT']}"
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=environment.ROOT, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(site, server, folder / "serve.log")
            yield site, accounts
        finally:
            server.terminate()
            server.wait(timeout=30)


def _manage(*words: str) -> str:
    print(f"manage.py {' '.join(words)} …", flush=True)
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=environment.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"manage.py {words[0]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _wait_until_ready(site: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{site}/healthz/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit(f"the instance does not answer:\n{log.read_text()[-3000:]}")


def _take_all(site: str, accounts: list[dict[str, str]], only: list[str]) -> list[str]:
    """Every picture; what went wrong, a line for each."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    faults = []
    with chromium.launched() as browser:
        visits = _Visits(browser, site, accounts)
        for screen in SCREENS:
            if only and screen.name not in only:
                continue
            try:
                faults += [f"{screen.title}: {fault}" for fault in _take(visits, screen)]
            except (NotFoundError, PlaywrightError, AssertionError) as error:
                faults.append(f"{screen.title}: {error}")
    return faults


class _Visits:
    """One browser context for each account, signed in once."""

    def __init__(self, browser: Browser, site: str, accounts: list[dict[str, str]]) -> None:
        self.browser, self.site, self.accounts = browser, site, accounts
        self._open: dict[str, Visit] = {}

    def of(self, role: str) -> Iterator[Visit]:
        """The visits of those who hold this role; of nobody for the empty role."""
        if not role:
            yield self._visit("", None)
            return
        holders = [account for account in self.accounts if account["role"] == role]
        if not holders:
            raise NotFoundError(f"the demo has no account with the role {role}")
        for account in holders:
            yield self._visit(account["login"], account)

    def _visit(self, key: str, account: dict[str, str] | None) -> Visit:
        if key not in self._open:
            context = self.browser.new_context(
                base_url=self.site, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce"
            )
            context.set_default_timeout(PATIENCE_MS)
            visit = Visit(context, self.site)
            if account:
                visit.sign_in(account)
            self._open[key] = visit
        return self._open[key]


def _take(visits: _Visits, screen: Screen) -> list[str]:
    visit, url = _locate(visits, screen)
    if screen.as_nobody:
        visit = next(visits.of(""))
    page, faults = visit.page(), []
    for width, (height, most) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(url)
        if answer is None or answer.status != 200:
            return [f"{url} answers {answer.status if answer else 'nothing'}"]
        _settle(page)
        if not screen.editor:
            assert_dressed(page)
        whole, wide = page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )
        if wide > width and not screen.editor:
            faults.append(f"{wide} pixels wide in a window of {width}")
        # The window grows with the page, so that a bar stuck at its bottom stays there.
        page.set_viewport_size({"width": width, "height": min(max(whole, height), most)})
        page.screenshot(path=IMAGES / f"{screen.name}-{width}.png", animations="disabled")
    print(f"{screen.name:14} {url}", flush=True)
    return faults


def _locate(visits: _Visits, screen: Screen) -> tuple[Visit, str]:
    """The first person of the role whose links lead to the screen."""
    reasons = []
    for visit in visits.of(screen.role):
        try:
            return visit, visit.find(screen)
        except NotFoundError as error:
            reasons.append(str(error))
    raise NotFoundError("; ".join(dict.fromkeys(reasons)))


def _settle(page: Page) -> None:
    """Fonts and components are there. The editor keeps talking to its server: a quiet second is not owed."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(600)


def _shows(screen: Screen, html: str) -> bool:
    if screen.unless and re.search(screen.unless, html):
        return False
    return not screen.showing or re.search(screen.showing, html) is not None


def _leads_on(screen: Screen, route: str, link: str, tried: int) -> bool:
    """Worth following: on the way that the screen names, or else one of the first of its route."""
    if screen.through:
        return route in screen.through and not urlsplit(link).query
    return tried < SAMPLE


def _links(html: str, url: str, site: str) -> list[str]:
    found = (urljoin(url, unescape(href)).split("#")[0] for href in HREF.findall(html))
    return list(dict.fromkeys(link for link in found if link.startswith(f"{site}/")))


def _route(url: str) -> str:
    """The name of the route that answers this address."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(unquote(urlsplit(url).path)).view_name or ""
    except Resolver404:
        return ""


def _reverse(name: str, *args: Any) -> str:
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse(name, args=args)
    except NoReverseMatch as error:
        raise NotFoundError(f"there is no route named {name}") from error


if __name__ == "__main__":
    sys.exit(main())
