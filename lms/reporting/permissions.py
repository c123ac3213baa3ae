"""Who reads the nation, and which rows of it."""

from typing import Any

from django.db.models import Q, QuerySet

from courses.api import Role
from courses.models import Adviser, User

from .facts import FACTS, FactKind

# The persons who answer for the programme as a whole, and the State in a département.
READERS = frozenset({Role.AUDITOR, Role.PROGRAMME_MANAGER, Role.PREFECT})
# Those who may take the files away.
PACK_READERS = frozenset({Role.AUDITOR, Role.PROGRAMME_MANAGER})


def facts_visible_to(user: User, kind: FactKind) -> QuerySet[Any]:
    """The rows of one kind that concern an adviser whom `user` may see."""
    rows = kind.model._default_manager.all()
    if user.rights.reads_nation or not kind.advisers:
        return rows if user.rights.reads_nation else rows.none()
    seen = Adviser.objects.visible_to(user).values("pk")
    concerned = Q()
    for lookup in kind.advisers:
        concerned |= Q(**{f"{lookup}__in": seen})
    return rows.filter(concerned).distinct()


def may_read_names(user: User) -> bool:
    """The nation’s readers see who acted; a prefecture sees the opaque id only."""
    return user.rights.reads_nation


__all__ = ["FACTS", "PACK_READERS", "READERS", "facts_visible_to", "may_read_names"]
