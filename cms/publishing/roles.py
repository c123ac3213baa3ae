"""Which of our roles write, publish and approve; who holds them today."""

from typing import Any

from django.db.models import QuerySet

from courses.api import Role
from courses.models import Membership, User
from courses.shared import clock

AUTHORS = frozenset({Role.AUTHOR.value, Role.ORGANISATION_MANAGER.value})
NATIONAL_EDITORS = frozenset({Role.PROGRAMME_MANAGER.value, Role.ADMINISTRATOR.value})
EDITORS = AUTHORS | NATIONAL_EDITORS


def edits_nation(user: User) -> bool:
    """A programme manager or an administrator: every branch."""
    return user.rights.has(*NATIONAL_EDITORS)


def managers_of(organisation_id: int) -> QuerySet[User]:
    """The managers of an organisation today."""
    return _holding(organisation=organisation_id, role=Role.ORGANISATION_MANAGER)


def national_editors() -> QuerySet[User]:
    """Those who approve for the agency today."""
    return _holding(role__in=NATIONAL_EDITORS)


def _holding(**roles: Any) -> QuerySet[User]:
    held = Membership.objects.as_of(clock.today()).filter(**roles)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)
