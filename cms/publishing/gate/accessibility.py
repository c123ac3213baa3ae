"""The errors of accessibility in a rendered body: the rules of the editor's own checker, found without a browser."""

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

# Rule of axe: what is wrong, and what to do. The editor's checker runs the same list (cms/hooks/checker.py).
RULES: dict[str, tuple[str, str]] = {
    "empty-heading": ("Un intertitre est vide", "Donnez-lui un texte, ou retirez-le."),
    "heading-order": ("Un niveau d’intertitre est sauté", "Passez d’un niveau au suivant, sans en sauter."),
    "p-as-heading": ("Un paragraphe en gras tient lieu d’intertitre", "Faites-en un intertitre."),
    "link-name": ("Un lien n’a pas de texte", "Dites où il mène."),
    "image-alt": ("Une image n’a pas de texte de remplacement", "Décrivez-la, ou déclarez-la décorative."),
    "alt-text-quality": (
        "Le texte de remplacement d’une image n’en est pas un",
        "Décrivez l’image en quelques mots.",
    ),
    "empty-table-header": ("Un en-tête de tableau est vide", "Nommez chaque colonne et chaque ligne."),
    "frame-title": ("Un cadre n’a pas de titre", "Donnez-lui un titre."),
    "button-name": ("Un bouton n’a pas de texte", "Donnez-lui un texte."),
    "input-button-name": ("Un bouton de formulaire n’a pas de texte", "Donnez-lui un texte."),
}
# As the editor's checker has it: the name of a file is not a description.
BAD_ALTERNATIVE = r"\.(avif|gif|jpg|jpeg|png|svg|webp)$|_"
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_LONGEST_HEADING = 100


def errors_in(html: str) -> Iterator[tuple[str, str]]:
    """Each error: its rule, and the words near it."""
    soup = BeautifulSoup(html, "html.parser")
    yield from _headings(soup)
    yield from _bold_paragraphs(soup)
    yield from _images(soup)
    for rule, selector in (
        ("link-name", "a[href]"),
        ("button-name", "button"),
        ("empty-table-header", "th"),
        ("input-button-name", "input[type=submit], input[type=button], input[type=reset]"),
        ("frame-title", "iframe"),
    ):
        for tag in soup.select(selector):
            if not _name(tag):
                yield rule, _near(tag)


def _headings(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    # The title of the page is the first level.
    before = 1
    for heading in soup.find_all(_HEADINGS):
        level = int(heading.name[1])
        if not _name(heading):
            yield "empty-heading", _near(heading)
        if level > before + 1:
            yield "heading-order", _words(heading)
        before = level


def _bold_paragraphs(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for paragraph in soup.find_all("p"):
        text = _words(paragraph)
        bold = paragraph.find(["b", "strong"])
        whole = bold is not None and _words(bold) == text and text
        if (
            whole
            and len(text) <= _LONGEST_HEADING
            and text[-1] not in ".!?;"
            and paragraph.find_next_sibling()
        ):
            yield "p-as-heading", text


def _images(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for image in soup.find_all("img"):
        alternative = image.get("alt")
        if alternative is None:
            yield "image-alt", _near(image)
        elif re.search(BAD_ALTERNATIVE, str(alternative)):
            yield "alt-text-quality", str(alternative)


def _name(tag: Tag) -> str:
    """The accessible name, as far as markup tells it."""
    for attribute in ("aria-label", "title", "value"):
        if value := str(tag.get(attribute) or "").strip():
            return value
    return _words(tag) or " ".join(str(image.get("alt") or "") for image in tag.find_all("img")).strip()


def _words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def _near(tag: Tag) -> str:
    """Some words before the tag, to find it by."""
    before = tag.find_previous(string=lambda text: bool(text and text.strip()))
    return f"après «\u00a0{str(before).strip()[-60:]}\u00a0»" if before else "au début"
