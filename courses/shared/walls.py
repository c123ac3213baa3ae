"""Walls in the database itself: append-only tables and periods that must not overlap, on both databases.

Django knows neither, and SQLite drops triggers silently when a table is remade, so they are reinstalled after each
migration and checked at start (R-29b). A model asks for one by `APPEND_ONLY = True`, by `NO_OVERLAP = ("column", …)`,
or by `FROZEN_WHEN = "SQL condition on {row}"`: rows that meet it are no longer written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models


def append_only_models() -> list[type[models.Model]]:
    """The models whose rows are never changed nor deleted."""
    return [model for model in apps.get_models() if getattr(model, "APPEND_ONLY", False)]


def no_overlap_models() -> list[tuple[type[models.Model], tuple[str, ...]]]:
    """The period models, each with the columns that may hold one period at a time."""
    asked = ((model, getattr(model, "NO_OVERLAP", ())) for model in apps.get_models())
    return [(model, tuple(columns)) for model, columns in asked if columns]


def frozen_models() -> list[type[models.Model]]:
    """The models whose rows stop moving once a condition holds."""
    return [model for model in apps.get_models() if getattr(model, "FROZEN_WHEN", "")]


def overlap_name(model: type[models.Model], column: str) -> str:
    """The name that the database gives in its refusal."""
    return f"{model._meta.db_table}_{column}_no_overlap"


def install(**_: Any) -> None:
    """Put every wall up again; harmless when they stand."""
    writer = _Postgres if connection.vendor == "postgresql" else _Sqlite
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in writer.preamble():
            cursor.execute(statement)
        for model in frozen_models():
            if model._meta.db_table in existing:
                for statement in writer.frozen(model):
                    cursor.execute(statement)
        for model in append_only_models():
            if model._meta.db_table in existing:
                for statement in writer.append_only(model):
                    cursor.execute(statement)
        for model, columns in no_overlap_models():
            if model._meta.db_table in existing:
                for column in columns:
                    for statement in writer.no_overlap(model, column):
                        cursor.execute(statement)


def missing() -> list[str]:
    """Names of the walls that should stand and do not."""
    writer = _Postgres if connection.vendor == "postgresql" else _Sqlite
    with connection.cursor() as cursor:
        cursor.execute(writer.LIST)
        standing = {row[0] for row in cursor.fetchall()}
    wanted = {name for model in append_only_models() for name in writer.names(model)}
    wanted |= {name for model in frozen_models() for name in writer.frozen_names(model)}
    wanted |= {
        name for m, columns in no_overlap_models() for c in columns for name in writer.overlap_names(m, c)
    }
    return sorted(wanted - standing)


def stand_or_stop() -> None:
    """Called when a server starts: without its walls the house does not open."""
    if gaps := missing():
        raise SystemExit(f"Database walls are missing ({', '.join(gaps[:3])}…): run manage.py migrate.")


@contextmanager
def down(*, reason: str) -> Iterator[None]:
    """Lower every wall for one lawful piece of work (erasure, repair by rebuild, test clean-up), then raise them.

    The caller writes `reason` to the audit trail; this is the only bypass.
    """
    if not reason:
        raise ValueError("A wall is lowered for a reason.")
    writer = _Postgres if connection.vendor == "postgresql" else _Sqlite
    with connection.cursor() as cursor:
        for model in append_only_models():
            for statement in writer.drop(model):
                cursor.execute(statement)
        for model in frozen_models():
            for statement in writer.drop_frozen(model):
                cursor.execute(statement)
    try:
        yield
    finally:
        install()


def _closing(model: type[models.Model]) -> list[str]:
    return list(getattr(model, "CLOSING_COLUMNS", ()))


class _Sqlite:
    LIST = "SELECT name FROM sqlite_master WHERE type = 'trigger'"

    @staticmethod
    def preamble() -> list[str]:
        return []

    @staticmethod
    def names(model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        return [f"{table}_no_update", f"{table}_no_delete"] + [f"{table}_{c}_once" for c in _closing(model)]

    @classmethod
    def drop(cls, model: type[models.Model]) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {name}" for name in cls.names(model)]

    @classmethod
    def append_only(cls, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        closing = _closing(model)
        columns = ", ".join(
            f'"{f.column}"' for f in model._meta.local_concrete_fields if f.column not in closing
        )
        refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
        return [
            *cls.drop(model),
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} BEGIN {refusal}; END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refusal}; END",
            *(
                f'CREATE TRIGGER {table}_{c}_once BEFORE UPDATE OF "{c}" ON {table} '
                f'WHEN OLD."{c}" IS NOT NULL AND OLD."{c}" IS NOT NEW."{c}" BEGIN {refusal}; END'
                for c in closing
            ),
        ]

    @staticmethod
    def frozen_names(model: type[models.Model]) -> list[str]:
        return [f"{model._meta.db_table}_frozen_{event}" for event in ("insert", "update", "delete")]

    @classmethod
    def drop_frozen(cls, model: type[models.Model]) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {name}" for name in cls.frozen_names(model)]

    @classmethod
    def frozen(cls, model: type[models.Model]) -> list[str]:
        table, condition = model._meta.db_table, model.FROZEN_WHEN  # type: ignore[attr-defined]
        refusal = f"SELECT RAISE(ABORT, '{table} is frozen')"
        new = "EXISTS" in condition  # a parent decides: nothing may be added under it either
        return [
            *cls.drop_frozen(model),
            f"CREATE TRIGGER {table}_frozen_insert BEFORE INSERT ON {table} "
            f"WHEN {condition.format(row='NEW') if new else '0'} BEGIN {refusal}; END",
            f"CREATE TRIGGER {table}_frozen_update BEFORE UPDATE ON {table} "
            f"WHEN {condition.format(row='OLD')}{' OR ' + condition.format(row='NEW') if new else ''} "
            f"BEGIN {refusal}; END",
            f"CREATE TRIGGER {table}_frozen_delete BEFORE DELETE ON {table} "
            f"WHEN {condition.format(row='OLD')} BEGIN {refusal}; END",
        ]

    @staticmethod
    def overlap_names(model: type[models.Model], column: str) -> list[str]:
        return [overlap_name(model, column)]

    @classmethod
    def no_overlap(cls, model: type[models.Model], column: str) -> list[str]:
        table, name = model._meta.db_table, overlap_name(model, column)
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            f"""CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN NEW.superseded_at IS NULL AND EXISTS (
                SELECT 1 FROM {table} o WHERE o."{column}" = NEW."{column}" AND o.superseded_at IS NULL
                AND o.start <= COALESCE(NEW."end", '9999-12-31') AND COALESCE(o."end", '9999-12-31') >= NEW.start)
                BEGIN SELECT RAISE(ABORT, '{name}'); END""",
        ]


class _Postgres:
    LIST = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT conname FROM pg_constraint WHERE contype = 'x'"
    )

    @staticmethod
    def preamble() -> list[str]:
        return [
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            """CREATE OR REPLACE FUNCTION lms_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE closing text;
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF to_jsonb(OLD) <> to_jsonb(NEW)
                       AND (to_jsonb(OLD) - TG_ARGV) = (to_jsonb(NEW) - TG_ARGV) THEN
                        FOREACH closing IN ARRAY TG_ARGV LOOP
                            IF to_jsonb(OLD) ->> closing IS NOT NULL
                               AND to_jsonb(OLD) ->> closing IS DISTINCT FROM to_jsonb(NEW) ->> closing THEN
                                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
                            END IF;
                        END LOOP;
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
            END $$""",
        ]

    @staticmethod
    def names(model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        return [f"{table}_append_only", f"{table}_no_truncate"]

    @classmethod
    def drop(cls, model: type[models.Model]) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {name} ON {model._meta.db_table}" for name in cls.names(model)]

    @classmethod
    def append_only(cls, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        closing = ", ".join(f"'{c}'" for c in _closing(model)) or "''"
        return [
            *cls.drop(model),
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION lms_append_only({closing})",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION lms_append_only('')",
        ]

    @staticmethod
    def frozen_names(model: type[models.Model]) -> list[str]:
        return [f"{model._meta.db_table}_frozen", f"{model._meta.db_table}_frozen_truncate"]

    @classmethod
    def drop_frozen(cls, model: type[models.Model]) -> list[str]:
        return [
            f"DROP TRIGGER IF EXISTS {name} ON {model._meta.db_table}" for name in cls.frozen_names(model)
        ]

    @classmethod
    def frozen(cls, model: type[models.Model]) -> list[str]:
        table, condition = model._meta.db_table, model.FROZEN_WHEN  # type: ignore[attr-defined]
        new = condition.format(row="NEW") if "EXISTS" in condition else "false"
        return [
            f"""CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'DELETE' AND {new} THEN
                    RAISE EXCEPTION '{table} is frozen' USING ERRCODE = 'check_violation';
                END IF;
                IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
                IF {condition.format(row="OLD")} THEN
                    RAISE EXCEPTION '{table} is frozen' USING ERRCODE = 'check_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            END $$""",
            *cls.drop_frozen(model),
            f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
            f"CREATE TRIGGER {table}_frozen_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION lms_append_only('')",
        ]

    @staticmethod
    def overlap_names(model: type[models.Model], column: str) -> list[str]:
        return [overlap_name(model, column)]

    @classmethod
    def no_overlap(cls, model: type[models.Model], column: str) -> list[str]:
        table, name = model._meta.db_table, overlap_name(model, column)
        return [
            f"""DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN
                ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist
                ("{column}" WITH =, daterange(start, "end", '[]') WITH &&) WHERE (superseded_at IS NULL);
                END IF; END $$""",
        ]
