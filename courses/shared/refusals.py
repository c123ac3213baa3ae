"""The French sentence behind a database constraint, found by the name that the database gives."""

from functools import cache

from django.apps import apps
from django.db import IntegrityError

from . import walls


@cache
def _messages() -> dict[str, str]:
    """Constraint name → sentence, from the models' own declarations."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.violation_error_message != constraint.default_violation_error_message:
                found[constraint.name] = str(constraint.violation_error_message)
                fields = getattr(constraint, "fields", ())
                # SQLite names the columns of a broken unique constraint, not the constraint.
                if fields:
                    column_of = {field.name: field.column for field in model._meta.concrete_fields}
                    columns = [f"{model._meta.db_table}.{column_of[name]}" for name in fields]
                    found.setdefault(
                        "UNIQUE constraint failed: " + ", ".join(columns), found[constraint.name]
                    )
    for model, no_overlap in walls.no_overlap_models():
        sentences: dict[str, str] = getattr(model, "NO_OVERLAP_MESSAGES", {})
        for column in no_overlap:
            found[walls.overlap_name(model, column)] = sentences[column]
    return found


def from_integrity_error(error: IntegrityError) -> str | None:
    """The sentence for the user, or None when no rule of ours was broken (then it is a bug)."""
    text = str(error)
    best = max((name for name in _messages() if name in text), key=len, default=None)
    return _messages()[best] if best else None
