"""What the body of a page is made of."""

from .body import BodyBlock, BodyField

__all__ = ["BodyBlock", "BodyField"]
