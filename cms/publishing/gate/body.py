"""What is asked of a body: its blocks filled, its quiz answerable, its media described, its markup accessible."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags

from .accessibility import RULES, errors_in
from .subject import Subject
from .values import Fault


def filled(subject: Subject) -> Iterator[Fault]:
    """A draft may leave a block empty; what is published may not."""
    body = subject.page.body
    for rank, bound in enumerate(body, start=1):
        try:
            bound.block.clean(bound.value)
        except ValidationError:
            yield Fault(
                f"Bloc {rank} ({bound.block.label})\u00a0: il reste un champ vide ou mal rempli.", "body"
            )


def quizzes(subject: Subject) -> Iterator[Fault]:
    """One quiz at most in a lesson, none elsewhere; a right and a wrong answer to each question."""
    found = [bound.value for bound in subject.page.body if bound.block_type == "quiz"]
    if found and subject.kind != "lesson":
        yield Fault("Un questionnaire se place dans une leçon, pas dans cette page.", "body")
        return
    if len(found) > 1:
        yield Fault(
            "Une leçon ne porte qu’un questionnaire\u00a0: placez les autres dans d’autres leçons.", "body"
        )
    for quiz in found:
        yield from _questions(quiz)


def _questions(quiz: Any) -> Iterator[Fault]:
    if not quiz["questions"]:
        yield Fault(f"Le questionnaire «\u00a0{quiz['title']}\u00a0» n’a aucune question.", "body")
    for question in quiz["questions"]:
        right = sum(bool(choice["correct"]) for choice in question["choices"])
        if not right:
            yield Fault(
                f"Aucune bonne réponse n’est cochée à la question «\u00a0{question['text']}\u00a0».", "body"
            )
        elif right == len(question["choices"]):
            yield Fault(
                f"Toutes les réponses sont bonnes à la question «\u00a0{question['text']}\u00a0».", "body"
            )


def has_quiz(page: Any) -> bool:
    return any(bound.block_type == "quiz" for bound in page.body)


def alternatives(subject: Subject) -> Iterator[Fault]:
    """Each image described or declared decorative; each recording with its transcript."""
    for rank, bound in enumerate(subject.page.body, start=1):
        if bound.block_type == "image":
            yield from _image(rank, bound.value.get("image"))
        elif bound.block_type in {"video", "audio"} and not _text(bound.value.get("transcript")):
            yield Fault(f"Bloc {rank} ({bound.block.label})\u00a0: écrivez la transcription.", "body")


def _image(rank: int, image: Any) -> Iterator[Fault]:
    if image is None:
        yield Fault(f"Bloc {rank} (Image)\u00a0: choisissez une image.", "body")
    elif not getattr(image, "decorative", False) and not getattr(image, "contextual_alt_text", ""):
        yield Fault(f"Bloc {rank} (Image)\u00a0: décrivez l’image, ou déclarez-la décorative.", "body")


def _text(value: Any) -> str:
    return strip_tags(str(getattr(value, "source", value) or "")).strip()


def accessible(subject: Subject) -> Iterator[Fault]:
    """The rules of the editor's checker, on the body as readers get it."""
    page = subject.page
    html = page.body.render_as_block({"page": page, "in_gate": True})
    for rule, near in errors_in(html):
        wrong, remedy = RULES[rule]
        yield Fault(f"{wrong} ({near}). {remedy}" if near else f"{wrong}. {remedy}", "body")


def described(subject: Subject) -> str:
    """How many media the page has."""
    kinds = [bound.block_type for bound in subject.page.body]
    media = sum(kind in {"image", "video", "audio"} for kind in kinds)
    return "" if media else "Aucune image, vidéo ni piste sonore."
