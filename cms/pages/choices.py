"""The modules that a module may ask for, or stand for."""

from typing import Any
from uuid import UUID

from django.apps import apps

Choices = list[tuple[str, str]]


def _model(name: str) -> Any:
    return apps.get_model("cms", name)


def _path_of(parent: Any) -> Any:
    """The path at or above a page."""
    return _model("PathPage").objects.ancestor_of(parent, inclusive=True).first() if parent else None


def required_choices(module: Any, parent: Any) -> Choices:
    """The other modules of the same path, drafts too, in order."""
    path = _path_of(parent)
    if path is None:
        return []
    others = _model("ModulePage").objects.descendant_of(path).exclude(pk=module.pk).order_by("path")
    return _kept(
        [(str(page.key), page.title) for page in others.only("key", "title", "path")], module.requires
    )


def equivalent_choices(module: Any, parent: Any) -> Choices:
    """The published modules of the organisation’s other paths, and those of national paths; path beside each."""
    path = _path_of(parent)
    if path is None:
        return []
    paths = _model("PathPage").objects.live().exclude(pk=path.pk)
    near = paths.descendant_of(path.get_parent()) | paths.filter(national=True)
    found = [
        (str(page.key), f"{page.title} ({other.title})")
        for other in near.distinct().order_by("title")
        for page in _model("ModulePage").objects.live().descendant_of(other).order_by("path")
    ]
    return _kept(found, module.equivalents)


def _kept(choices: Choices, held: list[str]) -> Choices:
    """What is already chosen stays in the list, even withdrawn since."""
    known = {key for key, _ in choices}
    gone = [key for key in held or [] if key not in known]
    pages = _model("ModulePage").objects.filter(key__in=[UUID(key) for key in gone])
    titles = {str(page.key): page.title for page in pages}
    return [*choices, *((key, f"{titles.get(key, 'Module supprimé')} (retiré)") for key in gone)]
