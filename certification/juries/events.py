"""News of the juries, for the floors above."""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

from courses.models import User


@dataclass(frozen=True)
class DecisionCorrected:
    """A decision was replaced by another; told inside the act’s own transaction."""

    old_id: int
    new_id: int
    actor: User
    at: datetime


decision_corrected = Signal()
