"""From our roles to the editor’s groups."""

from django.contrib.auth.models import Group
from django.db import transaction

from cms.pages.models import OrganisationPage
from courses.api import Role
from courses.models import TrainingOrganisation, User

from .services import national_group, open_space

AUTHORS = frozenset({Role.AUTHOR.value, Role.ORGANISATION_MANAGER.value})
NATIONAL_EDITORS = frozenset({Role.PROGRAMME_MANAGER.value, Role.ADMINISTRATOR.value})
EDITORS = AUTHORS | NATIONAL_EDITORS


def edits_nation(user: User) -> bool:
    """A programme manager or an administrator: every branch."""
    return user.rights.has(*NATIONAL_EDITORS)


def spaces_of(user: User) -> list[OrganisationPage]:
    """The branches where this person is an author or a manager today; opened on the first visit."""
    held = user.rights.organisations_as(*AUTHORS)
    spaces = list(OrganisationPage.objects.filter(organisation__in=held))
    missing = held - {space.organisation_id for space in spaces}
    return spaces + [open_space(it) for it in TrainingOrganisation.objects.filter(pk__in=missing)]


@transaction.atomic
def settle_groups(user: User) -> None:
    """The editor's groups follow today's roles, read from the database at each request (R-06)."""
    wanted = {space.group_id for space in spaces_of(user)}
    if edits_nation(user):
        wanted.add(national_group().pk)
    ours = set(Group.objects.filter(user=user).values_list("pk", flat=True))
    if wanted != ours:
        user.groups.set(wanted)
