"""Every screen of the house, drawn from the routes: dressed, titled, accessible, in light and in dark, at two widths.

A route that is added is visited without anybody naming it here: `lms/policy.csv` says who may open it, and the
matrix of the policy (tests/lms) what object to open it on.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import TimeoutError as TooLongError
from wagtail.models import Page

from tests.browser.screens import assert_accessible, assert_dressed, assert_titled, computed
from tests.cms.world import Written
from tests.lms import test_policy_matrix as matrix
from tests.lms.test_policy_matrix import world  # noqa: F401  (a fixture)
from tests.responses import let_go

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}
BY_EACH_ROLE = {"home"}
EDITOR = "/administration/"
# Colours are read as they settle, not on their way.
AT_ONCE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# A body without a ground of its own shows the canvas, which the scheme makes dark.
IN_THE_DARK = """() => {
    const light = text => { const [r, g, b, a] = text.match(/[0-9.]+/g).map(Number);
                            return a === 0 ? 0 : (r + g + b) / 3 };
    const style = getComputedStyle(document.body);
    return light(style.backgroundColor) < 60 && light(style.color) > 160;
}"""
# Signing out ends the visit; the rest answer programs.
LEFT_OUT = {"logout"} | matrix.UNTRIED


def visits(lines, people, client_for):
    """(role, address) of each page of HTML, once; the pages that differ with who reads, for each role."""
    clients = {role: client_for(person) for role, person in people.items()}
    for route, row in matrix.ROWS.items():
        if route in LEFT_OUT or route == matrix.EDITOR:
            continue
        roles = [role for role in matrix.ROLES if row[role] != "-"]
        for role in roles if route in BY_EACH_ROLE else roles[-1:]:
            made = matrix.ARGUMENTS.get(route)
            url = reverse(route, args=made(lines["own"], role) if made else [])
            response = clients[role].get(url)
            html = response.get("Content-Type", "").startswith("text/html")
            inline = not response.get("Content-Disposition", "").startswith("attachment")
            if response.status_code == 200 and html and inline:
                yield role, url
            let_go(response)


def public_pages():
    """The addresses of a published path and of all the pages above it."""
    Written().publish()
    return [page.get_url() for page in Page.objects.live().filter(depth__gt=1) if page.get_url()]


def assert_fits(page):
    """Nothing pushes the page wider than the window; what is wide scrolls in its own frame."""
    wide = page.evaluate(
        "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() =>"
        " drawn(document.documentElement.scrollWidth - document.documentElement.clientWidth))))"
    )
    assert wide <= 0, f"{page.url}: {wide} px too wide at {page.viewport_size}"


def faults_of(page):
    """What is wrong with the page now shown, by reason."""
    found = []
    page.evaluate(AT_ONCE)

    def ask(question):
        try:
            question()
        except AssertionError as error:
            found.append(str(error))

    if EDITOR not in page.url:  # dressed by Wagtail
        ask(lambda: assert_dressed(page))
    ask(lambda: assert_titled(page))
    ask(lambda: assert_accessible(page))
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    ask(lambda: assert_dark(page))
    # The same elements with other colours: only the contrasts can differ.
    ask(lambda: assert_accessible(page, rules=["color-contrast", "link-in-text-block"]))
    page.set_viewport_size(PHONE)
    ask(lambda: assert_fits(page))
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


def assert_dark(page):
    """The page is on a dark ground, its words are light."""
    try:
        page.wait_for_function(IN_THE_DARK, timeout=4000)
    except TooLongError:
        ground, words = (computed(page, "body", name) for name in ("background-color", "color"))
        raise AssertionError(f"{page.url}: {words} on {ground} in the dark") from None


@pytest.mark.parametrize("part", [0, 1])
def test_every_screen_of_the_house_is_good(part, world, page_for, client_for):  # noqa: F811
    lines, people = world
    pages = [*visits(lines, people, client_for), *(("anonymous", url) for url in public_pages())]
    windows = {}
    wrong = []

    for role, url in pages[part::2]:
        if role not in windows:
            windows[role] = page_for(people[role])
            windows[role].emulate_media(color_scheme="light", reduced_motion="reduce")
        windows[role].goto(url)
        wrong += [f"{role}: {fault}" for fault in faults_of(windows[role])]

    assert not wrong, f"{len(wrong)} of {len(pages[part::2])}\n" + "\n".join(wrong)
    assert len(pages) > 60


def test_the_pages_of_refusals_are_good_too(page_for, settings):
    settings.DEBUG = False
    page = page_for()

    page.goto("/une-page-qui-n-existe-pas/")

    assert page.title().startswith("Page")
    assert faults_of(page) == []
    assert computed(page, "h1", "font-weight") == "700"
