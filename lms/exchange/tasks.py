"""The packer’s errand."""

from datetime import datetime

from courses.api import handles

from .services import KIND, make_requested_pack


@handles(KIND)
def make_pack(key: str, at: datetime) -> None:
    """Make one pack that was asked for."""
    make_requested_pack(request_id=int(key), at=at)
