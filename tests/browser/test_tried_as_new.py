"""Tried as a new user would: an author, her manager, an adviser on a phone by keyboard, his employer.

Nothing here knows an address or the name of a field: only what is written on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from cms.models import PathPage
from courses import api as courses
from courses.models import Enrolment
from tests import factories
from tests.browser.screens import assert_dressed, assert_titled

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_MS = 30_000
PHONE = {"width": 375, "height": 812}
expect.set_options(timeout=PATIENCE_MS)
PATH, MODULE = "Protéger ses données", "Les bons réflexes"
LESSONS = ("Reconnaître une arnaque", "Choisir un mot de passe", "Vérifier un lien")
QUESTION, RIGHT, WRONG = "Que faire d’un message douteux ?", "Le signaler", "Y répondre"


def at_home(page: Page) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/accueil/")
    return page


# ---------------------------------------------------------------- the author


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile("créée|mise à jour|enregistr"))


def open_contents(page: Page) -> None:
    at_home(page).get_by_role("link", name="Contenus").first.click()


def add_below(page: Page, kind: str) -> None:
    """« Add a page below », and which kind when there is a choice."""
    page.get_by_role("link", name="Ajouter une sous-page").first.click()
    page.wait_for_load_state()
    choice = page.get_by_role("main").get_by_role("link", name=re.compile(rf"^{kind} \."))
    if choice.count():
        choice.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(kind)


def open_module(page: Page) -> None:
    """From the dashboard to what the module holds."""
    open_contents(page)
    page.get_by_role("row", name=PATH).get_by_role("link", name="Ses modules").first.click()
    page.get_by_role("link", name=MODULE, exact=True).first.click()
    # On its own page, the last of the breadcrumb leads to what it holds.
    page.get_by_role("navigation", name="Fil d'Ariane").get_by_role("link", name=MODULE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(MODULE)


def insert(page: Page, block: str) -> Locator:
    """A block at the end of the body."""
    body = page.get_by_role("region", name="Contenu").first
    body.get_by_role("button", name="Insérer un bloc").last.click()
    page.get_by_role("option", name=block, exact=True).click()
    return body


def write_path(page: Page) -> None:
    open_contents(page)
    page.get_by_role("link", name="Créer un parcours").click()
    page.get_by_role("textbox", name="Titre").fill(PATH)
    page.get_by_role("combobox", name="Nature").select_option(label="Module de formation continue")
    page.get_by_role("textbox", name="Objectifs").fill("Reconnaître une arnaque courante")
    page.get_by_role("textbox", name="Contact d’assistance").fill("Équipe fictive, 01 00 00 00 00")
    page.get_by_role("tab", name="Informations publiques").click()
    for field in (
        "Public visé et prérequis", "Délai d’accès", "Méthodes et moyens", "Modalités d’évaluation",
        "Accessibilité aux personnes handicapées",
    ):  # fmt: skip
        page.get_by_role("textbox", name=field).fill(f"{field} : dit en une phrase.")
    page.get_by_role("combobox", name="Thème").select_option(label="Cybersécurité")
    page.get_by_role("combobox", name="Niveau").select_option(label="Débutant")
    save(page)


def write_module(page: Page) -> None:
    open_contents(page)
    page.get_by_role("row", name=PATH).get_by_role("link", name="Ses modules").first.click()
    add_below(page, "Module")
    page.get_by_role("textbox", name="Titre").fill(MODULE)
    page.get_by_role("textbox", name="Objectifs").fill("Reconnaître une arnaque courante")
    page.get_by_role("textbox", name="Compétences visées").fill("Protéger les données d’une personne")
    page.get_by_role("spinbutton", name="Durée annoncée").fill("420")
    page.get_by_role("textbox", name="Règle d’achèvement").fill("Réussir le questionnaire.")
    page.get_by_role("textbox", name="Contact d’assistance").fill("Équipe fictive, 01 00 00 00 00")
    save(page)


def write_lesson(page: Page, title: str, *, quiz: bool) -> None:
    open_module(page)
    add_below(page, "Leçon")
    page.get_by_role("textbox", name="Titre").first.fill(title)
    insert(page, "Texte")
    words = page.locator("[contenteditable=true]").last
    words.click()
    words.press_sequentially("On lit l’adresse de l’expéditeur avant de suivre un lien.")
    # The rich text editor hands its words over a quarter of a second after the last stroke.
    page.wait_for_timeout(600)
    if quiz:
        page.get_by_role("spinbutton", name="Durée à distance").fill("420")
        body = insert(page, "Questionnaire")
        body.get_by_role("textbox", name="Titre").last.fill("Vérifiez vos acquis")
        body.get_by_role("textbox", name="Question").first.fill(QUESTION)
        answers = body.get_by_role("textbox", name="Réponse")
        while answers.count() < 2:
            body.get_by_role("button", name="Ajouter", exact=True).nth(2).click()
        answers.nth(0).fill(RIGHT)
        answers.nth(1).fill(WRONG)
        body.get_by_role("checkbox", name="Bonne réponse").first.check()
    save(page)


def submit(page: Page) -> None:
    """She reads what is left to do, then hands the path in."""
    open_contents(page)
    page.get_by_role("link", name=PATH).first.click()
    page.get_by_role("button", name="Avant de publier").click()
    expect(page.get_by_role("complementary").or_(page.locator("body")).first).to_contain_text(
        "Avant de publier"
    )
    page.get_by_role("button", name="Plus d'actions").click()
    page.get_by_role("button", name=re.compile("^Soumettre")).click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile("soumis", re.I))


# ---------------------------------------------------------------- the manager


def approve(page: Page) -> None:
    at_home(page)
    expect(page.locator("main")).to_contain_text("Pages à approuver")
    page.get_by_role("main").get_by_role("link", name=PATH).first.click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Plus d'actions").click()
    page.get_by_role("button", name=re.compile("^Approuver")).first.click()
    expect(page.get_by_role("row", name=PATH)).to_contain_text("publiée", ignore_case=True)


# ---------------------------------------------------------------- the adviser, by keyboard


def tab_to(page: Page, name: str | re.Pattern[str], most: int = 120) -> None:
    """Press Tab until what bears this name has the focus, and see that it shows."""
    for _ in range(most):
        page.keyboard.press("Tab")
        words = page.evaluate(
            "() => { const e = document.activeElement; if (!e || e === document.body) return '';"
            " const tied = e.labels && e.labels.length ? e.labels[0].innerText : '';"
            " return (e.getAttribute('aria-label') || tied || e.innerText || e.title || '').trim() }"
        )
        if re.search(name, words) if isinstance(name, re.Pattern) else words.startswith(name):
            shown = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " const l = document.activeElement.labels && document.activeElement.labels[0];"
                " const b = l ? getComputedStyle(l, '::before') : s;"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' || b.outlineStyle !== 'none' }"
            )
            assert shown, f"{page.url}: no visible focus on « {words} »"
            return
    raise AssertionError(f"{page.url}: {most} strokes of Tab do not reach « {name} »")


def go(page: Page, name: str | re.Pattern[str], heading: str) -> None:
    """By keyboard: to the link or the button, Enter, and the page expected."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(heading)
    page.wait_for_load_state()
    assert_dressed(page)
    assert_titled(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url}: {wide} px too wide"


def find_and_take(page: Page) -> None:
    page.set_viewport_size(PHONE)
    at_home(page)
    go(page, re.compile("Voir le catalogue|Rechercher une formation"), "Catalogue")
    tab_to(page, re.compile("Rechercher|Que voulez-vous|Un thème"))
    # Without the accents, and with a slip of the finger.
    page.keyboard.type(PATH.lower().replace("é", "e")[:-1])
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 formation")
    go(page, PATH, PATH)
    go(page, "S’inscrire", PATH)
    # He is told why it is not paid for, and keeps it knowingly.
    expect(page.locator("main")).to_contain_text(
        "Un module n’est financé qu’après l’entrée en formation initiale"
    )
    tab_to(page, "J’ai compris")
    page.keyboard.press("Space")
    go(page, "M’inscrire sans financement", "Où en suis-je ?")
    go(page, "Reprendre", LESSONS[0])


def read(page: Page) -> None:
    """The first two lessons; the player leads from one to the next."""
    for title, following in pairwise(LESSONS):
        expect(page.locator("h1")).to_contain_text(title)
        go(page, "J’ai lu cette leçon", following)


def answer(page: Page) -> None:
    go(page, "Répondre au questionnaire", "Vérifiez vos acquis")
    tab_to(page, re.compile(f"{RIGHT}|{WRONG}"))
    for _ in range(2):  # the answers come in an order of their own
        page.keyboard.press("Space")
        if page.get_by_label(RIGHT).is_checked():
            break
        page.keyboard.press("ArrowDown")
    assert page.get_by_label(RIGHT).is_checked()
    tab_to(page, "Suivante")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Vous avez répondu à toutes les questions")
    go(page, "Remettre mes réponses", "Vérifiez vos acquis")
    expect(page.locator("main")).to_contain_text("Questionnaire réussi")


# ---------------------------------------------------------------- the walk


def test_a_new_author_manager_adviser_and_employer_find_their_way(page_for: Callable[..., Page]) -> None:
    organisation = factories.a_training_organisation(name="Organisme fictif du Lot")
    structure = factories.a_host_structure(name="Commune fictive de Cahors", departement_code="46")
    adviser = factories.an_adviser(structure=structure)
    people: dict[str, Any] = {
        "author": factories.a_user("author", organisation),
        "manager": factories.a_user("organisation_manager", organisation),
        "employer": factories.a_user("host_manager", structure),
    }

    author = page_for(people["author"])
    write_path(author)
    write_module(author)
    for number, title in enumerate(LESSONS, start=1):
        write_lesson(author, title, quiz=number == len(LESSONS))
    submit(author)
    assert not PathPage.objects.get(title=PATH).live

    approve(page_for(people["manager"]))
    path = PathPage.objects.get(title=PATH)
    assert path.live
    assert path.version is not None

    phone = page_for(adviser.user)
    find_and_take(phone)
    enrolment = Enrolment.objects.get(adviser=adviser)
    read(phone)
    answer(phone)
    courses.drain()
    assert courses.path_outcome(enrolment).done

    employer = at_home(page_for(people["employer"]))
    expect(employer.locator("main")).to_contain_text(str(adviser))
    expect(employer.locator("main")).to_contain_text("7 h")
