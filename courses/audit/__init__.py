"""Who did what, when and why: written in the act's own transaction, chained, never changed."""

from .services import record, record_system

__all__ = ["record", "record_system"]
