"""Who may direct statements to another store."""

from django.db.models import QuerySet

from courses.people.enums import Role
from courses.people.models import User
from courses.xapi.models import DeadLetter, ExternalStore


def can_manage_store(user: User, store: ExternalStore) -> bool:
    """The managers of the organisation; for a store of no organisation, the programme managers."""
    return store.organisation_id in places(user)


def can_stop_store(user: User, store: ExternalStore) -> bool:
    """Whoever manages it, and the programme managers: what leaves the house can be halted at once."""
    return user.rights.has(Role.PROGRAMME_MANAGER) or can_manage_store(user, store)


def places(user: User) -> set[int | None]:
    """The organisations whose statements a person may direct elsewhere; None stands for all of them together."""
    held: set[int | None] = set(user.rights.organisations_as(Role.ORGANISATION_MANAGER))
    return held | ({None} if user.rights.has(Role.PROGRAMME_MANAGER) else set())


def dead_letters_visible_to(user: User) -> QuerySet[DeadLetter]:
    """Those of the stores that the person may see."""
    return DeadLetter.objects.filter(store__in=ExternalStore.objects.visible_to(user))
