"""The printer’s errand."""

from datetime import datetime

from courses.api import handles

from .services import RENDER, render_document


@handles(RENDER)
def render(key: str, at: datetime) -> None:
    """Draw the paper of one certificate; a second errand finds it drawn."""
    render_document(certificate_id=int(key), at=at)
