"""The list of checks, as data: what each page type must show before it may be published."""

from collections.abc import Iterator

from courses.api import structure_faults
from courses.shared.errors import DomainError

from . import body, told
from .subject import Subject
from .values import Check, Fault


def _has_modules(subject: Subject) -> Iterator[Fault]:
    if subject.modules:
        return
    if subject.drafts:
        yield Fault("Ce parcours n’a aucun module\u00a0: ajoutez-en un.")
    else:
        yield Fault("Ce parcours n’a aucun module publié\u00a0: publiez d’abord ses modules et leurs leçons.")


def _waiting(subject: Subject) -> str:
    count = subject.waiting
    if not count:
        return ""
    if count == 1:
        return "Une page en brouillon\u00a0: elle sera publiée avec le parcours, à son accord."
    return f"{count} pages en brouillon\u00a0: elles seront publiées avec le parcours, à son accord."


def _sound(subject: Subject) -> Iterator[Fault]:
    """No cycle of prerequisites, no set that asks for more than it holds, nothing twice."""
    if not subject.modules:
        return
    try:
        yield from (Fault(text) for text in structure_faults(subject.structure))
    except DomainError as refusal:
        yield Fault(refusal.message)


_BODY = [
    Check("blocks", "Contenu rempli", body.filled),
    Check("quiz", "Questionnaires", body.quizzes),
    Check("alternatives", "Textes de remplacement et transcriptions", body.alternatives, body.described),
    Check("accessibility", "Accessibilité du contenu", body.accessible),
]


def _taught(name: str, label: str) -> Check:
    return Check(name, label, told.said(name), told.taken_over(name))


_OBJECTIVES = _taught("objectives", "Objectifs")
_COMPETENCES = _taught("competences", "Compétences visées")
_RULE = _taught("completion_rule", "Règle d’achèvement")
_CONTACT = _taught("contact", "Contact d’assistance")

CHECKS: dict[str, list[Check]] = {
    "lesson": [
        _OBJECTIVES,
        Check("minutes", "Durée annoncée", told.free, told.lasting),
        _COMPETENCES,
        _RULE,
        _CONTACT,
        Check("proof", "Durée que l’on peut prouver", told.lesson_proved),
        *_BODY,
    ],
    "module": [
        _OBJECTIVES,
        Check("minutes", "Durée annoncée", told.said("minutes"), told.lasting),
        _COMPETENCES,
        _RULE,
        _CONTACT,
        Check("proof", "Durées que l’on peut prouver", told.module_proved),
        *_BODY,
    ],
    "set": [
        Check("structure", "Ce qui est demandé", told.set_makes_sense),
    ],
    "path": [
        _OBJECTIVES,
        Check("modules", "Modules", _has_modules, _waiting),
        Check("minutes", "Durée annoncée", told.in_each_module("minutes"), told.lasting),
        Check("competences", "Compétences visées", told.in_each_module("competences"), told.of_modules),
        Check(
            "completion_rule", "Règle d’achèvement", told.in_each_module("completion_rule"), told.of_modules
        ),
        _CONTACT,
        Check("proof", "Durées que l’on peut prouver", told.modules_proved),
        Check("structure", "Ordre et ensembles", _sound),
        _taught("audience", "Public visé et prérequis"),
        _taught("access_delay", "Délai d’accès"),
        _taught("methods", "Méthodes et moyens"),
        _taught("assessment", "Modalités d’évaluation"),
        _taught("disability_access", "Accessibilité aux personnes handicapées"),
        *_BODY,
    ],
    "page": _BODY,
}  # fmt: skip
