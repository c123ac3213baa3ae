"""One text for one value: the canonical JSON behind every hash of the house (RFC 8785 restricted to our types)."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID


def _encode(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("A naive instant cannot be sealed.")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form (money and time are integers).")


def dumps(value: Any) -> str:
    """Sorted keys, no blanks, UTF-8 text, integers only: a float raises TypeError."""
    _refuse_floats(value)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_encode
    )


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("A float has no canonical form: use cents, minutes or text.")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


def sha256(data: bytes | str) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def digest(domain: str, value: Any) -> str:
    """SHA-256 of `value`, separated by `domain` so that no hash of one kind can pass for another."""
    return sha256(f"{domain}\n{dumps(value)}")
