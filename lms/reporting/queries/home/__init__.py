"""What each role finds when it arrives."""

from collections.abc import Callable
from datetime import datetime

from courses.api import Role
from courses.models import User

from .adviser import adviser_home
from .agency import (
    auditor_home,
    certifier_home,
    ministry_home,
    payer_home,
    prefect_home,
    programme_home,
)
from .desk import Desk
from .house import administrator_home, host_home
from .jury import jury_home
from .organisation import author_home, manager_home
from .training import trainer_home, tutor_home

# In the order of a page: what one does oneself first.
DESKS: tuple[tuple[str, Callable[[User, datetime], Desk]], ...] = (
    (Role.TRAINER, trainer_home),
    (Role.PLACEMENT_TUTOR, tutor_home),
    (Role.ORGANISATION_MANAGER, manager_home),
    (Role.AUTHOR, author_home),
    (Role.JURY_MEMBER, jury_home),
    (Role.MINISTRY_REPRESENTATIVE, ministry_home),
    (Role.PROGRAMME_MANAGER, programme_home),
    (Role.AUDITOR, auditor_home),
    (Role.SERVICE_CERTIFIER, certifier_home),
    (Role.PAYER, payer_home),
    (Role.PREFECT, prefect_home),
    (Role.HOST_MANAGER, host_home),
    (Role.ADMINISTRATOR, administrator_home),
)


def desks_of(user: User, now: datetime) -> list[Desk]:
    """One desk for each role held today, the adviser’s own page apart."""
    roles = user.rights.roles
    return [build(user, now) for role, build in DESKS if role in roles]


__all__ = ["Desk", "adviser_home", "desks_of"]
