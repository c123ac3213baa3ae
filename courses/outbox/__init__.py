"""Work to do, posted in the act's own transaction: a broker that dies loses nothing."""

from .services import post

__all__ = ["post"]
