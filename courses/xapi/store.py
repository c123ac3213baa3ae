"""The rows: interned names, narrow columns, links, in an order that readers can follow (INV-10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.dateparse import parse_datetime

from . import progress, rules, texts
from .interning import intern, remembered
from .models import (
    Statement,
    StatementActivity,
    StatementActor,
    StatementAttachment,
    StoreHead,
    XapiActivity,
    XapiActor,
    XapiVerb,
)
from .rules import Authority
from .vocabulary import VERBS

_MILLIONTHS = 1_000_000
_VOIDED = VERBS["voided"].iri


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of an attachment, already in the house's file store."""

    sha2: str
    content_type: str
    file_id: str


@dataclass(slots=True)
class Draft:
    """A valid statement on its way in, and what the server knows about where it comes from."""

    text: str
    received_hash: str
    body: dict[str, Any]
    uuid: UUID
    evidence_class: str
    authority: Authority
    version: str
    organisation_id: int | None = None
    credential_id: int | None = None
    payloads: Sequence[Payload] = field(default=())


class Row(NamedTuple):
    """The columns of a statement, in the order in which they are written."""

    seq: int
    uuid: UUID
    stored: datetime
    timestamp: datetime
    actor_id: int
    verb_id: int
    activity_id: int | None
    target: UUID | None
    registration: UUID | None
    success: bool | None
    completion: bool | None
    score_millionths: int | None
    duration_seconds: int | None
    authority_id: int
    credential_id: int | None
    organisation_id: int | None
    evidence_class: str
    version: str
    raw: str
    received: str | None
    received_hash: str
    voided_at: datetime | None


@dataclass(frozen=True)
class _Turn:
    """What the head gave to one writer: the first of its numbers, its instant, and what is still to be done."""

    first: int
    stored: datetime
    unmet_voids: int
    counted: bool


@transaction.atomic(savepoint=False)
def append(drafts: list[Draft], *, at: datetime) -> list[Row]:
    """Store statements, in order; IntegrityError when an id is already taken.

    `stored` never goes back, even if the caller's instant does.
    """
    if not drafts:
        return []
    rows = _append(drafts, at)
    for row, draft in zip(rows, drafts, strict=True):
        if draft.body["verb"]["id"] == _VOIDED:
            void(row)
    return rows


def append_in_one_flight(drafts: list[Draft], *, at: datetime) -> bool:
    """The same, for a few statements that only add rows, all their names being remembered; False if it may not be.

    PostgreSQL: BEGIN travels with the question to the head, then all writes with COMMIT. The head is held for one
    exchange instead of six, and others wait that much less. Ask `takes_one_flight` first.
    """
    names = _names(drafts, make=False)
    if names is None:
        return False
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline(), raw.transaction():
        _append(drafts, at, names)
    return True


def takes_one_flight(count: int) -> bool:
    """Whether so many statements may be asked of `append_in_one_flight` here and now."""
    return connection.vendor == "postgresql" and not connection.in_atomic_block and count <= _FEW


def _append(drafts: list[Draft], at: datetime, names: "_Numbers | None" = None) -> list[Row]:
    turn = _take_turn(len(drafts), at)
    names = names or _names(drafts) or ({}, {}, {})
    stored = rules.instant_text(turn.stored)
    rows = [
        _row(draft, turn.first + index, turn.stored, stored, *names) for index, draft in enumerate(drafts)
    ]
    if turn.unmet_voids:
        rows = _already_voided(rows)
    _write(Statement._meta.db_table, Row._fields, [_plain(row) for row in rows])
    _link(rows, drafts, names[0], names[2])
    if turn.counted:
        progress.count(turn.first - 1, turn.first + len(rows) - 1)
    return rows


_FEW = 10
_TICK = timedelta(microseconds=1)
_TURN = """
    UPDATE courses_storehead SET
        projected = CASE WHEN projected = sequence THEN sequence + %s ELSE projected END,
        sequence = sequence + %s,
        stored = {stored}
    WHERE id = 1 RETURNING sequence, stored, unmet_voids, projected
"""


def _take_turn(count: int, at: datetime) -> _Turn:
    """Wait for the writers before us to commit, then take `count` numbers and an instant of our own (INV-10).

    The instant is later than that of every writer before: a reader that goes on from it misses nobody.
    """
    inline = settings.LMS_XAPI_PROGRESS == "transaction"
    with connection.cursor() as cursor:
        for _ in range(2):
            if connection.vendor == "postgresql":
                stored, instant = "GREATEST(stored + interval '1 microsecond', %s)", _instant(at)
            else:  # SQLite has one writer at a time, and no sum of an instant
                cursor.execute("SELECT stored FROM courses_storehead WHERE id = 1")
                last = cursor.fetchone()
                stored, instant = "%s", _instant(max(at, _read(last[0]) + _TICK) if last else at)
            cursor.execute(_TURN.format(stored=stored), [count if inline else 0, count, instant])
            found = cursor.fetchone()
            if found:
                sequence, given, unmet, projected = found
                return _Turn(sequence - count + 1, _read(given), unmet, inline and projected == sequence)
            _make_head(at)
    raise RuntimeError("The store has no head.")


def _make_head(at: datetime) -> None:
    """The first writer of all makes the head; two at once make one."""
    last = Statement.objects.order_by("-seq").values_list("seq", "stored").first()
    sequence, stored = last or (0, at - _TICK)  # the first turn moves it to `at`
    StoreHead.objects.bulk_create([StoreHead(pk=1, sequence=sequence, stored=stored)], ignore_conflicts=True)


_FRESH = timedelta(milliseconds=250)


def consistent_through(now: datetime) -> datetime:
    """The instant up to which every statement is visible: no writer will get an earlier one.

    When nothing was stored for a moment, the head’s instant is moved to `now`: whoever writes next begins there. A
    writer at work is not disturbed, nor waited for where the database allows it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT stored FROM courses_storehead WHERE id = 1")
        found = cursor.fetchone()
    stored = _read(found[0]) if found else None
    if stored is not None and now - stored < _FRESH:
        return stored
    with transaction.atomic():
        if stored is None:
            _make_head(now)
        free = StoreHead.objects.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked, of=("self",)
        )
        head = free.filter(pk=1).first()
        if head is None:
            return stored or now
        if head.stored < now:
            StoreHead.objects.filter(pk=1).update(stored=now)
        return max(head.stored, now)


def _instant(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _read(stored: datetime | str) -> datetime:
    """SQLite gives text, or an instant without its zone; both are UTC."""
    found = stored if isinstance(stored, datetime) else parse_datetime(stored)
    if found is None:
        raise ValueError(stored)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_Numbers = tuple[dict[str, int], dict[str, int], dict[str, int]]


def _names(drafts: list[Draft], *, make: bool = True) -> _Numbers | None:
    """The numbers of actors, verbs and activities: found or made; without `make`, remembered or None."""
    actors, activities = set(), set()
    own: dict[str, dict[str, str]] = {}
    for draft in drafts:
        body = draft.body
        actors.add(rules.interned_actor(body["actor"]))
        actors.add(_authority_name(draft.authority))
        actors.update(name for _, name in rules.other_actors(body))
        thing = body["object"]
        if thing.get("objectType", "Activity") == "Activity":
            activities.add(thing["id"])
            if draft.credential_id is None and "definition" in thing:
                own.setdefault(thing["id"], {"definition": rules.text_of(thing["definition"])})
        activities.update(iri for _, iri in rules.other_activities(body))
    verbs = {draft.body["verb"]["id"] for draft in drafts}
    if not make:
        found = (
            remembered(XapiActor, actors),
            remembered(XapiVerb, verbs),
            remembered(XapiActivity, activities),
        )
        return None if None in found else found  # type: ignore[return-value]
    return (
        intern(XapiActor, "ifi", actors),
        intern(XapiVerb, "iri", verbs),
        intern(XapiActivity, "iri", activities, own) if activities else {},
    )


def _authority_name(authority: Authority) -> str:
    return f"account:{settings.LMS_PUBLIC_URL}|{authority.name}"


def _row(
    draft: Draft,
    seq: int,
    at: datetime,
    stored: str,
    actors: dict[str, int],
    verbs: dict[str, int],
    activities: dict[str, int],
) -> Row:
    body = draft.body
    raw, received = texts.compose(
        draft.text,
        body,
        uuid=str(draft.uuid),
        stored=stored,
        authority=texts.authority_text(settings.LMS_PUBLIC_URL, draft.authority.name),
        version=draft.version,
    )
    result, thing = body.get("result", {}), body["object"]
    kind = thing.get("objectType", "Activity")
    scaled = result["score"].get("scaled") if "score" in result else None
    registration = body["context"].get("registration") if "context" in body else None
    return Row(
        seq=seq,
        uuid=draft.uuid,
        stored=at,
        timestamp=rules.utc(body["timestamp"]) if "timestamp" in body else at,
        actor_id=actors[rules.interned_actor(body["actor"])],
        verb_id=verbs[body["verb"]["id"]],
        activity_id=activities[thing["id"]] if kind == "Activity" else None,
        target=UUID(thing["id"]) if kind == "StatementRef" else None,
        registration=UUID(registration) if registration else None,
        success=result.get("success"),
        completion=result.get("completion"),
        score_millionths=None if scaled is None else round(scaled * _MILLIONTHS),
        duration_seconds=rules.seconds(result.get("duration")),
        authority_id=actors[_authority_name(draft.authority)],
        credential_id=draft.credential_id,
        organisation_id=draft.organisation_id,
        evidence_class=draft.evidence_class,
        version=body.get("version", draft.version),
        raw=raw,
        received=received,
        received_hash=draft.received_hash,
        voided_at=None,
    )


def _write(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """COPY on PostgreSQL (INSERT for a few), executemany on SQLite: the ORM's objects would cost more than the rows."""
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > _FEW:
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = f"({', '.join(['%s'] * len(columns))})"
            if connection.vendor == "postgresql":
                values = [value for row in rows for value in row]
                cursor.execute(
                    f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(rows))}", values
                )
            else:
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES {marks}", rows)


def _plain(row: Row) -> Sequence[Any]:
    """SQLite keeps ids as hexadecimal and instants as UTC text, the way Django writes them."""
    if connection.vendor == "postgresql":
        return row
    changed: dict[str, Any] = {
        "uuid": row.uuid.hex,
        "stored": _text(row.stored),
        "timestamp": _text(row.timestamp),
        "target": row.target and row.target.hex,
        "registration": row.registration and row.registration.hex,
        "voided_at": row.voided_at and _text(row.voided_at),
    }
    return row._replace(**changed)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _link(rows: list[Row], drafts: list[Draft], actors: dict[str, int], activities: dict[str, int]) -> None:
    actor_links: list[tuple[Any, ...]] = []
    activity_links: list[tuple[Any, ...]] = []
    payloads: list[tuple[Any, ...]] = []
    for row, draft in zip(rows, drafts, strict=True):
        seq = row.seq
        actor_links += [(seq, role, actors[name]) for role, name in set(rules.other_actors(draft.body))]
        activity_links += [
            (seq, role, activities[iri]) for role, iri in set(rules.other_activities(draft.body))
        ]
        payloads += [(seq, one.sha2, one.content_type, one.file_id) for one in draft.payloads]
    _write(StatementActor._meta.db_table, ("statement_id", "role", "actor_id"), sorted(actor_links))
    _write(StatementActivity._meta.db_table, ("statement_id", "role", "activity_id"), sorted(activity_links))
    _write(StatementAttachment._meta.db_table, ("statement_id", "sha2", "content_type", "file_id"), payloads)


# Voiding (xAPI Data 2.3.2). The voided statement stays; it only leaves the lists.


def void(voiding: Row) -> None:
    """Void what `voiding` targets, if it may: nothing that voids, nothing of another writer's organisation.

    A target that has not come yet is voided when it comes.
    """
    target = Statement.objects.select_related("verb").filter(uuid=str(voiding.target)).first()
    if target is None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE courses_storehead SET unmet_voids = unmet_voids + 1 WHERE id = 1")
    elif (
        target.voided_at is None
        and target.verb.iri != _VOIDED
        and _may_void((voiding.credential_id, voiding.organisation_id), target)
    ):
        Statement.objects.filter(pk=target.pk).update(voided_at=voiding.stored)
        # A count that began before this one must not add the statement after it (progress.catch_up).
        StoreHead.objects.filter(pk=1).update(voids=models.F("voids") + 1)
        progress.recount(target)


def _may_void(writer: Sequence[int | None], target: Row | Statement) -> bool:
    """This site voids anything; a key voids what a key of its organisation wrote. `writer`: key, organisation."""
    credential_id, organisation_id = writer
    if credential_id is None:
        return True
    return target.credential_id is not None and target.organisation_id == organisation_id


def _already_voided(rows: list[Row]) -> list[Row]:
    """The rows, those voided before they came being marked."""
    voided = intern(XapiVerb, "iri", [_VOIDED])[_VOIDED]
    ids = [row.uuid if connection.vendor == "postgresql" else row.uuid.hex for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT target, credential_id, organisation_id FROM {Statement._meta.db_table} "
            f"WHERE target IN ({', '.join(['%s'] * len(ids))}) AND verb_id = %s",
            [*ids, voided],
        )
        found = [
            (target if isinstance(target, UUID) else UUID(target), *writer)
            for target, *writer in cursor.fetchall()
        ]
        if not found:
            return rows
        cursor.execute(
            "UPDATE courses_storehead SET unmet_voids = unmet_voids - %s WHERE id = 1", [len(found)]
        )
    return [
        row._replace(voided_at=row.stored)
        if row.verb_id != voided
        and any(target == row.uuid and _may_void(writer, row) for target, *writer in found)
        else row
        for row in rows
    ]
