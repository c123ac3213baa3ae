"""Who reads the keys and the unknown names, and who may act on them."""

from django.db.models import QuerySet

from courses.people.enums import Role
from courses.people.models import Organisation, User
from courses.xapi.models import LrsKey

READERS = (Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR)
KEEPERS = (Role.ORGANISATION_MANAGER,)


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Where one may make a key: the organisations that one manages."""
    return Organisation.objects.filter(pk__in=user.rights.organisations_as(*KEEPERS))


def can_revoke(user: User, key: LrsKey) -> bool:
    """A manager of the organisation that the key speaks for."""
    return key.organisation_id in user.rights.organisations_as(*KEEPERS)
