"""The screens of money."""

from . import acts, claims, posts

__all__ = ["acts", "claims", "posts"]
