"""Has anything public changed? One cheap fact, true for every process and every host."""

from functools import cache

from django.db import connection
from wagtail.models import Page, PageLogEntry

from certification.models import RuleSet
from courses.models import PathVersion, TrainingSession

# The latest of each: a publication, a page moved or withdrawn (its log entry), a session opened, a rule loaded. Read by
# key, so the cost does not grow; with the time and the name that chance gave, so a restored database is another one.
_LATEST = (
    (PageLogEntry, "id"),
    (PageLogEntry, "timestamp"),
    (Page, "id"),
    (TrainingSession, "public_id"),
    (PathVersion, "seal"),
    (RuleSet, "id"),
)

Version = tuple[object, ...]


def _latest(model: type, column: str) -> str:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)  # type: ignore[attr-defined]
    return f"(SELECT {quote(column)} FROM {table} ORDER BY {quote('id')} DESC LIMIT 1)"  # noqa: S608  (our own names)


@cache
def _question() -> str:
    return "SELECT " + ", ".join(_latest(model, column) for model, column in _LATEST)


def site_version() -> Version:
    """Equal to a former one when no public page may have changed in between. One query.

    Rows are numbered when written and seen when committed: of two publications at the same instant on PostgreSQL, the
    one with the lower number may be seen last and change nothing here. Who keeps what it read must let go in time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return tuple(cursor.fetchone())
