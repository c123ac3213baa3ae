"""Names to numbers, kept in the process: names are never deleted, so what is known stays true."""

from collections.abc import Iterable, Mapping

from django.db import models, transaction

from .memory import Memory

_known: Memory[tuple[type[models.Model], str], int] = Memory(200_000)


def intern(
    model: type[models.Model],
    column: str,
    names: Iterable[str],
    extra: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, int]:
    """Name → key of each name, making the missing rows. The caller holds the turn, so nobody makes them meanwhile.

    A new name enters the memory once its row is committed: a rollback leaves no number that means nothing.
    """
    wanted = set(names)
    result = {name: _known[model, name] for name in wanted if (model, name) in _known}
    if len(result) == len(wanted):
        return result
    missing = sorted(wanted - result.keys())
    manager = model._default_manager
    found = dict(manager.filter(**{f"{column}__in": missing}).values_list(column, "pk"))
    new = [model(**{column: name, **(extra or {}).get(name, {})}) for name in missing if name not in found]
    found |= {getattr(row, column): row.pk for row in manager.bulk_create(new)}
    transaction.on_commit(lambda: _known.keep({(model, name): number for name, number in found.items()}))
    return result | found


def remembered(model: type[models.Model], names: Iterable[str]) -> dict[str, int] | None:
    """Name → key when the process remembers every one of them; asks nobody."""
    try:
        return {name: _known[model, name] for name in names}
    except KeyError:
        return None


def number_of(model: type[models.Model], column: str, name: str) -> int | None:
    """The key of one name, or None; makes nothing."""
    if (model, name) not in _known:
        found = model._default_manager.filter(**{column: name}).values_list("pk", flat=True).first()
        if found is None:
            return None
        _known.keep({(model, name): found})
        return int(found)
    return _known[model, name]
