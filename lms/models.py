"""The tables of the roof: only what was asked of it."""

from lms.exchange.models import PackRequest

__all__ = ["PackRequest"]
