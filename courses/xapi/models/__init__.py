"""The record store's rows: names, keys, statements, documents, and what waits for a human."""

from .documents import XapiDocument
from .forwarding import DeadLetter, DeadLetterState, ExternalStore
from .keys import LrsKey
from .names import ActivityDefinition, XapiActivity, XapiActor, XapiVerb
from .progress import XapiProgress
from .quarantine import QuarantineEntry, QuarantineState
from .statements import (
    Statement,
    StatementActivity,
    StatementActor,
    StatementAttachment,
    StatementErasure,
    StoreHead,
)

__all__ = [
    "ActivityDefinition", "DeadLetter", "DeadLetterState", "ExternalStore", "LrsKey", "QuarantineEntry",
    "QuarantineState", "Statement", "StatementActivity", "StatementActor", "StatementAttachment",
    "StatementErasure", "StoreHead", "XapiActivity", "XapiActor", "XapiDocument", "XapiProgress",
    "XapiVerb",
]  # fmt: skip
