"""Who sees what the record store keeps for an organisation."""

from typing import Self

from django.db import models

from courses.people.enums import Role
from courses.people.models import User


class OfOrganisationQuerySet(models.QuerySet):
    """Rows that belong to an organisation, in their column `organisation`."""

    def visible_to(self, user: User) -> Self:
        """National readers; the managers of the organisation."""
        rights = user.rights
        if rights.reads_nation:
            return self
        return self.filter(organisation__in=rights.organisations_as(Role.ORGANISATION_MANAGER))
