"""From our roles to the editor’s groups."""

from django.contrib.auth.models import Group
from django.db import transaction

from cms.pages.models import OrganisationPage
from courses.api import Role
from courses.models import TrainingOrganisation, User

from .roles import AUTHORS, EDITORS, NATIONAL_EDITORS, edits_nation
from .services.spaces import national_group, open_space

__all__ = [
    "AUTHORS", "EDITORS", "NATIONAL_EDITORS", "edits_nation", "settle_groups", "spaces_of",
]  # fmt: skip


def spaces_of(user: User) -> list[OrganisationPage]:
    """The branches where this person is an author or a manager today; opened on the first visit."""
    held = user.rights.organisations_as(*AUTHORS)
    spaces = list(
        OrganisationPage.objects.filter(organisation__in=held, managers__isnull=False, workflow__isnull=False)
    )
    missing = held - {space.organisation_id for space in spaces}
    return spaces + [open_space(it, actor=user) for it in TrainingOrganisation.objects.filter(pk__in=missing)]


@transaction.atomic
def settle_groups(user: User) -> None:
    """The editor's groups follow today's roles, read from the database at each request (R-06)."""
    managed = user.rights.organisations_as(Role.ORGANISATION_MANAGER.value)
    wanted = {
        space.managers_id if space.organisation_id in managed else space.group_id for space in spaces_of(user)
    }
    if edits_nation(user):
        wanted.add(national_group().pk)
    ours = set(Group.objects.filter(user=user).values_list("pk", flat=True))
    if wanted != ours:
        user.groups.set(wanted)
