"""The acts: open the branch of an organisation, let a page be published, freeze a path."""

from .accepting import accept_publication
from .approving import publish_below
from .freezing import freeze_path
from .scheduling import publish_due
from .spaces import national_group, open_space

__all__ = [
    "accept_publication", "freeze_path", "national_group", "open_space", "publish_below", "publish_due",
]  # fmt: skip
