"""What is asked of every screen: dressed, titled, accessible. Undressed, a page passes axe all the same."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
GRAVE = {"serious", "critical"}
UNDRESSED = """() => {
    const faults = [];
    const wanted = document.querySelectorAll('link[rel=stylesheet]').length;
    const loaded = [...document.styleSheets].filter(sheet => {
        try { return sheet.cssRules.length > 0 } catch { return false }
    }).length;
    if (wanted === 0 || loaded < wanted) faults.push(`${loaded} style sheets of ${wanted}`);
    const root = getComputedStyle(document.documentElement);
    if (!root.getPropertyValue('--background-default-grey').trim()) faults.push('no colours on :root');
    const box = document.querySelector('.fr-container');
    if (!box || parseFloat(getComputedStyle(box).paddingLeft) === 0) faults.push('.fr-container has no padding');
    const button = document.querySelector('.fr-btn:not([class*=tertiary]):not([class*=secondary])');
    if (button && button.offsetParent && getComputedStyle(button).backgroundColor === 'rgba(0, 0, 0, 0)'
        && !button.closest('header')) faults.push('.fr-btn is transparent');
    return faults;
}"""


def computed(page: Page, selector: str, name: str) -> str:
    """The computed style `name` of the first element that matches."""
    script = "(element, name) => getComputedStyle(element).getPropertyValue(name)"
    return str(page.locator(selector).first.evaluate(script, name))


def assert_dressed(page: Page) -> None:
    """The style sheets are there and act."""
    faults = page.evaluate(UNDRESSED)
    assert not faults, f"{page.url}: {faults}"


def assert_titled(page: Page) -> None:
    """A title of its own, one main heading, in French."""
    assert len(page.title().strip()) > 5, f"{page.url}: title « {page.title()} »"
    assert page.locator("h1").count() == 1, f"{page.url}: {page.locator('h1').count()} h1"
    assert page.locator("html").get_attribute("lang") == "fr", page.url


def assert_accessible(page: Page, rules: list[str] | None = None) -> None:
    """axe finds nothing serious and nothing critical (by all its rules, or by these)."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    wanted: dict[str, object] = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = page.evaluate("async options => (await axe.run(document, options)).violations", wanted)
    grave = [
        f"{violation['impact']} {violation['id']}: {violation['help']}\n    "
        + "\n    ".join(node["html"][:200] for node in violation["nodes"][:5])
        for violation in found
        if violation["impact"] in GRAVE
    ]
    assert not grave, f"{page.url}\n" + "\n".join(grave)


def assert_good_screen(page: Page) -> None:
    """All of it: ask this of each screen of a journey."""
    assert_dressed(page)
    assert_titled(page)
    assert_accessible(page)
