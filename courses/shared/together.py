"""Several small lists in one question to the database: for the screens that everybody opens all day long.

Each list travels as (its name, its columns as a JSON array), all under one UNION ALL. Rows come back as ordinary
instances, with the related rows that were asked for; their order is that of their keys. Bytes do not travel this way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import JSONArray


@dataclass(frozen=True)
class Rows:
    """A list to be read, and the related rows that come with it (`path__organisation`: the path, then its own)."""

    queryset: QuerySet[Any]
    related: tuple[str, ...] = ()
    # Long texts that the screen does not need; they stay readable, at the price of a query.
    without: tuple[str, ...] = ()


def read_together(**lists: Rows) -> dict[str, list[Any]]:
    """All the lists, by name, in one query."""
    plans = {name: _Plan(rows) for name, rows in lists.items()}
    parts = [
        plan.rows.queryset.order_by()
        .annotate(_list=Value(name, output_field=CharField()), _row=plan.array)
        .values_list("_list", "_row")
        for name, plan in plans.items()
    ]
    # Django 6.1 would order the whole by the first model's own order, whose columns do not travel.
    found = parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]
    result: dict[str, list[Any]] = {name: [] for name in lists}
    for name, values in found:
        result[name].append(plans[name].instance(values))
    for rows in result.values():
        rows.sort(key=lambda row: row.pk)
    return result


class _Plan:
    """Which columns of one list travel, and how they come back."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        model = rows.queryset.model
        self.parts = [("", model, _columns(model, rows.without))]
        for path in rows.related:
            related = _model_at(model, path)
            self.parts.append((path, related, _columns(related, rows.without)))

    @property
    def array(self) -> JSONArray:
        """One array of columns for each model: a database takes a hundred arguments at most."""
        return JSONArray(*(self._columns_of(path, fields) for path, _, fields in self.parts))

    def _columns_of(self, path: str, fields: Sequence[models.Field]) -> JSONArray:
        return JSONArray(*(F(f"{path}__{field.attname}" if path else field.attname) for field in fields))

    def instance(self, values: list[list[Any]]) -> models.Model:
        base: models.Model | None = None
        made: dict[str, models.Model | None] = {}
        for (path, model, fields), row in zip(self.parts, values, strict=True):
            one = _made(self.rows.queryset.db, model, fields, row)
            made[path] = one
            if not path:
                base = one
                continue
            above, _, name = path.rpartition("__")
            if one is not None and (holder := made[above]) is not None:
                setattr(holder, name, one)
        assert base is not None  # noqa: S101 — a row has its own columns
        return base


def _columns(model: type[models.Model], without: Sequence[str]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if field.name not in without]


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    for name in path.split("__"):
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type)  # noqa: S101 — a relation leads to a model
        model = related
    return model


def _made(
    alias: str, model: type[models.Model], fields: Sequence[models.Field], row: list[Any]
) -> models.Model | None:
    """An instance as the database would have given it; None when an outer join found nothing."""
    values = [_value(field, value) for field, value in zip(fields, row, strict=True)]
    if all(value is None for value in values):
        return None
    return model.from_db(alias, [field.attname for field in fields], values)


def _value(field: models.Field, value: Any) -> Any:
    """JSON knows neither dates, nor ids, nor SQLite’s booleans."""
    if value is None:
        return None
    if isinstance(field, models.ForeignKey):
        return _value(field.target_field, value)
    if isinstance(field, models.BooleanField):
        return bool(value)
    if isinstance(field, models.DateTimeField):
        instant = datetime.fromisoformat(value)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    if isinstance(field, models.DateField):
        return date.fromisoformat(value)
    return field.to_python(value)
