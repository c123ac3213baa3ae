"""A whole path copied in the editor: its modules wait for one another, not for those of the first."""

from typing import Any

from wagtail.models import Page

from cms.pages.models import ModulePage

NAMED = ("requires", "equivalents")


def follow_copy(page: Page, copy: Page) -> None:
    """In the copy, its revisions included, the modules of the first give their place to those of the copy."""
    firsts, copies = (_modules(it) for it in (page, copy))
    if len(firsts) != len(copies):
        return
    keys = {str(first.key): str(new.key) for first, new in zip(firsts, copies, strict=True)}
    for module in copies:
        for name in NAMED:
            setattr(module, name, [keys.get(key, key) for key in getattr(module, name)])
        module.save(update_fields=NAMED)
        for revision in module.revisions.all():
            revision.content = _renamed(revision.content, keys)
            revision.save(update_fields=["content"])


def _modules(page: Page) -> list[ModulePage]:
    return list(ModulePage.objects.descendant_of(page, inclusive=True).order_by("path"))


def _renamed(content: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    return content | {name: [keys.get(key, key) for key in content.get(name) or ()] for name in NAMED}
