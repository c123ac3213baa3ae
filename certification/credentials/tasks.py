"""Errands: the printer’s, and what follows the news of the juries."""

from datetime import datetime
from typing import Any

from certification.juries.events import DecisionCorrected
from courses.api import handles

from .documents import render_document
from .services import RENDER, revoke_for_correction


@handles(RENDER)
def render(key: str, at: datetime) -> None:
    """Draw the paper of one credential; a second errand finds it drawn."""
    render_document(credential_id=int(key), at=at)


def on_decision_corrected(event: DecisionCorrected, **_: Any) -> None:
    """In the very transaction of the correction."""
    revoke_for_correction(decision_id=event.old_id, actor=event.actor, at=event.at)
