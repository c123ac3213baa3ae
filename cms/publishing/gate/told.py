"""What is asked of the words and figures of a page; a lesson takes over what its module says."""

from collections.abc import Callable, Iterator
from typing import Any

from courses.api import SetRule
from courses.shared.durations import spoken as in_words

from .body import has_quiz
from .subject import Subject
from .values import Fault

TAKEN_OVER = "Repris du module."
_ASKED = {
    "objectives": "les objectifs",
    "competences": "les compétences visées",
    "minutes": "la durée annoncée",
    "completion_rule": "la règle d’achèvement",
    "contact": "le contact d’assistance",
    "audience": "le public visé et les prérequis",
    "access_delay": "le délai d’accès",
    "methods": "les méthodes et les moyens",
    "assessment": "les modalités d’évaluation",
    "disability_access": "l’accessibilité aux personnes handicapées",
}


def _says(page: Any, name: str) -> bool:
    return bool(str(getattr(page, name, "") or "").strip())


def said(name: str) -> Callable[[Subject], Iterator[Fault]]:
    """The page says it itself; a lesson may let its module say it."""

    def find(subject: Subject) -> Iterator[Fault]:
        if _says(subject.page, name):
            return
        if subject.kind != "lesson":
            yield Fault(f"Indiquez {_ASKED[name]}.", name)
        elif not _says(subject.parent, name):
            above = subject.parent
            title = f" «\u00a0{above.title}\u00a0»" if above else ""
            yield Fault(f"Indiquez {_ASKED[name]} du module{title}.", name, above.pk if above else None)

    return find


def taken_over(name: str) -> Callable[[Subject], str]:
    """Says so when the words come from the module."""

    def note(subject: Subject) -> str:
        return "" if subject.kind != "lesson" or _says(subject.page, name) else TAKEN_OVER

    return note


def in_each_module(name: str) -> Callable[[Subject], Iterator[Fault]]:
    """A path gathers what its modules say."""

    def find(subject: Subject) -> Iterator[Fault]:
        if not subject.modules and subject.drafts:
            yield Fault("Viendra des modules\u00a0: ajoutez-en.")
        for module in subject.modules:
            if not _says(module.page, name):
                yield Fault(
                    f"Indiquez {_ASKED[name]} du module «\u00a0{module.page.title}\u00a0».",
                    name,
                    module.page.pk,
                )

    return find


def of_modules(subject: Subject) -> str:
    """A path says it by its modules."""
    return "Repris des modules."


def free(subject: Subject) -> tuple[Fault, ...]:
    """Nothing is asked; the note tells."""
    return ()


def lasting(subject: Subject) -> str:
    """How long, in words."""
    if subject.kind == "path":
        return f"{in_words(subject.structure.minutes)}, d’après les modules demandés."
    if subject.kind == "lesson" and not subject.page.minutes:
        return "Leçon d’appui, hors durée."
    return f"{in_words(subject.page.minutes or 0)}."


def lesson_proved(subject: Subject) -> Iterator[Fault]:
    """A remote lesson that announces a duration is assessed."""
    page = subject.page
    if page.minutes and not has_quiz(page):
        yield Fault(
            "Une leçon à distance qui annonce une durée doit être évaluée\u00a0: ajoutez un questionnaire, "
            "ou mettez la durée à 0.",
            "minutes",
        )


def module_proved(subject: Subject) -> Iterator[Fault]:
    """What is announced is what can be proved, no more and no less."""
    page = subject.page
    below = sum(lesson.page.minutes or 0 for lesson in subject.lessons)
    provable = (page.taught_minutes or 0) + (page.placement_minutes or 0) + below
    if page.minutes and provable != page.minutes:
        yield Fault(
            f"La durée annoncée ({in_words(page.minutes)}) n’est pas la somme des séances, du stage et des leçons "
            f"à distance ({in_words(provable)}).",
            "minutes",
        )


def modules_proved(subject: Subject) -> Iterator[Fault]:
    """Each module of a path, and each lesson in it, can prove what it announces."""
    for module in subject.modules:
        for part, find in [(module, module_proved), *((lesson, lesson_proved) for lesson in module.lessons)]:
            for fault in find(part):
                text = fault.text[0].lower() + fault.text[1:]
                yield Fault(f"{part.named}\u00a0: {text}", fault.field, part.page.pk)


def set_makes_sense(subject: Subject) -> Iterator[Fault]:
    """A set asks for no more than it holds."""
    page, held = subject.page, len(subject.items)
    if not held:
        yield Fault("Cet ensemble est vide\u00a0: placez-y des modules.")
    if page.rule != SetRule.ALL and not page.need:
        yield Fault("Indiquez combien d’éléments, ou d’heures, sont à suivre.", "need")
    elif page.rule == SetRule.COUNT and page.need > held > 0:
        yield Fault(
            f"Cet ensemble n’a que {held} élément{'s' if held > 1 else ''}\u00a0: il en demande {page.need}.",
            "need",
        )
