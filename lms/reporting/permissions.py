"""Who reads the nation, and which rows of it."""

from typing import Any

from django.db.models import Q, QuerySet

from courses.api import VERBS, Role
from courses.models import Adviser, Statement, User

from .facts import FACTS, FactKind

# The persons who answer for the programme as a whole, and the State in a département.
READERS = frozenset({Role.AUDITOR, Role.PROGRAMME_MANAGER, Role.PREFECT})
# Those who may take the files away.
PACK_READERS = frozenset({Role.AUDITOR, Role.PROGRAMME_MANAGER})
# Those who read the record store: the whole of it, or one’s organisation’s part.
STATEMENT_READERS = frozenset({Role.AUDITOR, Role.PROGRAMME_MANAGER, Role.ORGANISATION_MANAGER})


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


def voidable_statements_visible_to(user: User, *, voided: bool | None = False) -> QuerySet[Statement]:
    """What a key of one’s own organisation sent; what this site wrote itself is corrected at its source.

    A voiding statement is never voided. `voided=None` also gives those that already are.
    """
    own = user.rights.organisations_as(Role.ORGANISATION_MANAGER)
    rows = Statement.objects.filter(organisation__in=own, credential__isnull=False)
    rows = rows.exclude(verb__iri=VERBS["voided"].iri).select_related(
        "activity", "credential", "organisation"
    )
    return rows if voided is None else rows.filter(voided_at__isnull=not voided)


__all__ = [
    "FACTS", "PACK_READERS", "READERS", "STATEMENT_READERS", "facts_visible_to", "may_read_names",
    "voidable_statements_visible_to",
]  # fmt: skip
