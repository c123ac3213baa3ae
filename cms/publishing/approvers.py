"""Who approves enters the editor's groups by today's roles: mails reach those who never opened the editor."""

from typing import Any

from cms.pages.nation import space_of
from courses.models import User

from .access import settle_groups
from .models import NationalApproval
from .roles import managers_of, national_editors


def settle_approvers(task_state: Any) -> None:
    """Those of whom this step asks an answer, before the mails leave."""
    if isinstance(task_state.task.specific, NationalApproval):
        people = national_editors()
    else:
        space = space_of(task_state.workflow_state.content_object)
        people = managers_of(space.organisation_id) if space else User.objects.none()
    for user in people:
        settle_groups(user)
