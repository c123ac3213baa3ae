"""The acts of the émargement."""

from .close import close_sheet
from .open import open_sheet, register_learner
from .placement import attest_placement
from .sign import mark_absence, sign_as_trainer, sign_presence

__all__ = [
    "attest_placement",
    "close_sheet",
    "mark_absence",
    "open_sheet",
    "register_learner",
    "sign_as_trainer",
    "sign_presence",
]
