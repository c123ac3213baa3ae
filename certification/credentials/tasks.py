"""The printer’s errand."""

from datetime import datetime

from courses.api import handles

from .documents import render_document
from .services import RENDER


@handles(RENDER)
def render(key: str, at: datetime) -> None:
    """Draw the paper of one credential; a second errand finds it drawn."""
    render_document(credential_id=int(key), at=at)
