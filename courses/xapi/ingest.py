"""Storing what other systems send: all of it or nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from courses.shared import documents, strict_json

from . import describing, quarantine, rules, signatures, store, texts, validation
from .enums import EvidenceClass, Scope
from .errors import ScopeError, StatementConflictError, StatementError
from .memory import Memory
from .models import LrsKey, Statement, StoreHead
from .rules import Authority
from .validation import VERSION_2
from .vocabulary import VERBS

MAX_STATEMENT_BYTES = 1024 * 1024
MAX_BATCH = 1000
_ATTEMPTS = 4
_HASHES = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_VOIDED = VERBS["voided"].iri


@dataclass(frozen=True)
class Part:
    """The payload of an attachment, as it came."""

    content_type: str
    content: bytes


@dataclass
class _Incoming:
    """One statement of a request, checked."""

    text: str
    body: dict[str, Any]
    uuid: UUID
    path: str
    received_hash: str
    parts: list[tuple[str, Part]] = field(default_factory=list)


def ingest(
    *,
    raw: bytes,
    credential: LrsKey,
    at: datetime,
    version: str = VERSION_2,
    parts: Mapping[str, Part] | None = None,
    statement_id: UUID | None = None,
) -> list[UUID]:
    """Store one statement or a batch (JSON text); the ids, in order.

    A statement already stored with the same content is accepted without a second row; with another content,
    StatementConflictError. Authority, evidence class (E4) and organisation come from the key; `parts` are the payloads
    of attachments by their declared hash; `version` is the one announced by the request.
    """
    allow(credential, Scope.STATEMENTS_WRITE)
    incoming = _read(raw, version)
    if statement_id is not None:
        _bind(incoming, statement_id)
    _check_batch(incoming, credential)
    _attach(incoming, parts or {})
    for attempt in range(_ATTEMPTS):
        try:
            _store(incoming, credential, at, version, again=attempt > 0)
            break
        except IntegrityError:
            # An id is taken: by an earlier sending of the same, most often. Look, then store the others.
            if attempt == _ATTEMPTS - 1:
                raise
        except (OperationalError, InterfaceError):
            # The connection died, or the database asks to start again: what was committed will be recognised.
            if attempt == _ATTEMPTS - 1 or connection.in_atomic_block:
                raise
            connection.close()
    return [one.uuid for one in incoming]


def allow(credential: LrsKey, *scopes: str) -> None:
    """ScopeError unless the key holds one of `scopes`, or all."""
    held = credential.scopes.split()
    if Scope.ALL.value not in held and not any(str(scope) in held for scope in scopes):
        raise ScopeError("Cette clé n’ouvre pas cette ressource. / Scope missing.")


def _read(raw: bytes, version: str) -> list[_Incoming]:
    raw = raw.strip(b" \t\r\n")
    many = raw.startswith(b"[")
    pieces = strict_json.elements(raw) if many else [raw]
    if not pieces or len(pieces) > MAX_BATCH:
        raise StatementError(
            "$", f"un lot compte de 1 à {MAX_BATCH} traces", f"1 to {MAX_BATCH} statements a batch"
        )
    found = []
    for index, piece in enumerate(pieces):
        path = f"$[{index}]" if many else "$"
        if len(piece) > MAX_STATEMENT_BYTES:
            raise StatementError(path, "trace de plus de 1 Mo", "statement over 1 MB")
        body = strict_json.parse(piece)
        validation.check_statement(body, version=version, path=path)
        uuid = UUID(body["id"]) if "id" in body else uuid4()
        found.append(_Incoming(piece.decode(), body, uuid, path, texts.received_hash(piece)))
    return found


def _bind(incoming: list[_Incoming], statement_id: UUID) -> None:
    if len(incoming) != 1 or incoming[0].path != "$":
        raise StatementError("$", "une seule trace par PUT", "PUT takes one statement")
    (one,) = incoming
    if "id" in one.body and one.uuid != statement_id:
        raise StatementError("$.id", "différent de statementId", "differs from statementId")
    one.uuid = statement_id


def _check_batch(incoming: list[_Incoming], credential: LrsKey) -> None:
    seen: set[UUID] = set()
    for one in incoming:
        if one.uuid in seen:
            raise StatementError(
                f"{one.path}.id", "identifiant deux fois dans le lot", "duplicate id in batch"
            )
        seen.add(one.uuid)
        if one.body["verb"]["id"] == _VOIDED:
            allow_voiding(credential)


def allow_voiding(credential: LrsKey) -> None:
    """Only a key that may do everything in its organisation voids (INV-12)."""
    if Scope.ALL.value not in credential.scopes.split():
        raise ScopeError("Cette clé n’annule pas de trace. / This key may not void.")


def _attach(incoming: list[_Incoming], parts: Mapping[str, Part]) -> None:
    """Each payload is declared, each declaration has its payload or an address, each hash is true."""
    used: set[str] = set()
    for one in incoming:
        for attachment, path in _attachments(one.body, one.path):
            part = parts.get(attachment["sha2"].lower())
            if part is None:
                if "fileUrl" not in attachment:
                    raise StatementError(path, "ni contenu ni fileUrl", "neither payload nor fileUrl")
                continue
            used.add(attachment["sha2"].lower())
            _check_payload(attachment, part, path)
            one.parts.append((attachment["sha2"], part))
            if attachment["usageType"] == signatures.USAGE:
                signatures.check(one.body, attachment, part.content, path)
    if set(parts) - used:
        raise StatementError("multipart", "contenu qu’aucune trace ne déclare", "payload without attachment")


def _attachments(body: dict[str, Any], path: str) -> list[tuple[dict[str, Any], str]]:
    found = [
        (attachment, f"{path}.attachments[{index}]")
        for index, attachment in enumerate(body.get("attachments", ()))
    ]
    if body["object"].get("objectType") == "SubStatement":
        found += _attachments(body["object"], f"{path}.object")
    return found


def _check_payload(attachment: dict[str, Any], part: Part, path: str) -> None:
    sha2 = attachment["sha2"].lower()
    if hashlib.new(_HASHES[len(sha2)], part.content).hexdigest() != sha2:
        raise StatementError(f"{path}.sha2", "le contenu a une autre empreinte", "payload has another hash")


def _store(incoming: list[_Incoming], credential: LrsKey, at: datetime, version: str, *, again: bool) -> None:
    plain = credential.last_used_on == at.date() and not any(one.parts for one in incoming)
    if not again and plain and store.takes_one_flight(len(incoming)):
        drafts = [_draft(one, credential, at, version) for one in incoming]
        if all(_brings_nothing_new(draft) for draft in drafts) and store.append_in_one_flight(drafts, at=at):
            return
    with transaction.atomic():
        if again:
            StoreHead.objects.hold()  # whoever makes us look is still writing, or has just committed
        fresh = _unknown(incoming, credential) if again else incoming
        drafts = [_draft(one, credential, at, version) for one in fresh]
        rows = store.append(drafts, at=at)
        describing.describe(drafts)
        quarantine_new_names(rows, drafts, at)
        _note_use(credential, at)


def _unknown(incoming: list[_Incoming], credential: LrsKey) -> list[_Incoming]:
    """Those not stored yet; a conflict when one is stored with another content."""
    known = {row.uuid: row for row in Statement.objects.filter(uuid__in=[one.uuid for one in incoming])}
    fresh = []
    for one in incoming:
        kept = known.get(one.uuid)
        if kept is None:
            fresh.append(one)
        elif kept.organisation_id != credential.organisation_id or not _same(kept, one):
            raise StatementConflictError(
                f"La trace {one.uuid} existe avec un autre contenu. / Statement exists with another content."
            )
    return fresh


def _same(kept: Statement, one: _Incoming) -> bool:
    if kept.received_hash == one.received_hash:
        return True
    given = one.body if "id" in one.body else one.body | {"id": str(one.uuid)}
    return rules.same_statement(texts.decoded(kept.raw), given)


def _draft(one: _Incoming, credential: LrsKey, at: datetime, version: str) -> store.Draft:
    return store.Draft(
        text=one.text,
        received_hash=one.received_hash,
        body=one.body,
        uuid=one.uuid,
        evidence_class=EvidenceClass.E4.value,
        authority=Authority.key(credential),
        version="2.0.0" if version == VERSION_2 else "1.0.0",
        organisation_id=credential.organisation_id,
        credential_id=credential.pk,
        payloads=[
            store.Payload(sha2, part.content_type, documents.store(part.content, part.content_type, at).pk)
            for sha2, part in dict(one.parts).items()
        ],
    )


_noted: Memory[tuple[int, str], bool] = Memory(200_000)


def _brings_nothing_new(draft: store.Draft) -> bool:
    """Whether a statement only adds rows: no voiding, no name and no definition that we have not met."""
    return (
        draft.body["verb"]["id"] != _VOIDED
        and all((draft.organisation_id or 0, name) in _noted for name in _subject(draft.body) if name)
        and describing.is_told(draft)
    )


def _subject(body: dict[str, Any]) -> tuple[str, str]:
    """Who acts, and on which activity (empty when the object is none)."""
    thing = body["object"]
    activity = thing["id"] if thing.get("objectType", "Activity") == "Activity" else ""
    return rules.interned_actor(body["actor"]), activity


def quarantine_new_names(rows: list[store.Row], drafts: list[store.Draft], at: datetime) -> None:
    """Names that this organisation sends for the first time go before a human, if nobody here knows them."""
    actors: dict[str, int] = {}
    activities: dict[str, int] = {}
    new: set[tuple[int, str]] = set()
    for row, draft in zip(rows, drafts, strict=True):
        organisation = row.organisation_id or 0
        name, iri = _subject(draft.body)
        if (organisation, name) not in _noted:
            actors[name] = row.actor_id
            new.add((organisation, name))
        if row.activity_id is not None and (organisation, iri) not in _noted:
            activities[iri] = row.activity_id
            new.add((organisation, iri))
    if not new:
        return
    quarantine.note_unknown(organisation_id=next(iter(new))[0], actors=actors, activities=activities, at=at)
    transaction.on_commit(lambda: _noted.keep(dict.fromkeys(new, True)))


def _note_use(credential: LrsKey, at: datetime) -> None:
    """The day of last use: at most one write a day for each key."""
    if credential.last_used_on != at.date():
        LrsKey.objects.filter(pk=credential.pk).update(last_used_on=at.date())
        credential.last_used_on = at.date()
