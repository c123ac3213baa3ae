"""Writing traces: our own facts, what other systems send, and the keys they send it with."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from courses import audit
from courses.people.models import Organisation, User
from courses.shared import canonical, strict_json

from . import building, rules, store, validation
from .enums import EvidenceClass, Scope
from .errors import ScopeError, StatementConflictError, StatementError, UnknownScopeError
from .models import LrsKey, Statement
from .rules import Authority
from .vocabulary import ACTIVITY_TYPES, VERBS

MAX_STATEMENT_BYTES = 1024 * 1024
MAX_BATCH = 1000


@transaction.atomic
def record_statement(
    *,
    verb: str,
    actor: User,
    object_iri: str,
    object_name: str,
    registration: UUID | None,
    evidence_class: str,
    authority: Authority,
    at: datetime,
    timestamp: datetime | None = None,
    success: bool | None = None,
    completion: bool | None = None,
    score_percent: int | None = None,
    minutes: int | None = None,
    extensions: Mapping[str, Any] | None = None,
    context_activities: Mapping[str, Iterable[str]] | None = None,
    object_type: str | None = None,
    organisation: Organisation | None = None,
    uuid: UUID | None = None,
) -> Statement:
    """One fact of ours as a trace. `verb` and `object_type` are names of the vocabulary; the actor is opaque.

    Call it before `audit.record`: all acts then take their locks in one order (store, then chains).
    `uuid` may be the public id of the fact itself, so that the fact finds its trace again.
    """
    body = building.statement_body(
        actor=(settings.LMS_PUBLIC_URL, str(actor.public_id)),
        verb=VERBS[verb],
        object_iri=object_iri,
        object_name=object_name,
        object_type=ACTIVITY_TYPES[object_type] if object_type else None,
        registration=registration,
        success=success,
        completion=completion,
        score_percent=score_percent,
        minutes=minutes,
        extensions=extensions,
        context_activities=context_activities,
    )
    body["id"] = str(uuid or uuid4())
    body["timestamp"] = rules.instant_text(timestamp or at)
    draft = store.Draft(
        body=body,
        evidence_class=EvidenceClass(evidence_class).value,
        authority=authority,
        organisation_id=organisation.pk if organisation else authority.organisation_id,
    )
    return store.append([draft], at=at)[0]


@transaction.atomic
def ingest(
    *,
    raw: bytes | list[Any] | dict[str, Any],
    credential: LrsKey,
    at: datetime,
    statement_id: UUID | None = None,
) -> list[UUID]:
    """Store what another system sends: all of it or nothing. Returns the ids, in order.

    A statement already stored with the same content is accepted without a second row; with another content,
    StatementConflictError. Authority, evidence class (E4) and organisation come from the key.
    """
    allow(credential, Scope.STATEMENTS_WRITE)
    bodies = _bodies(raw)
    if statement_id is not None:
        _bind(bodies, statement_id)
    seen: set[UUID] = set()
    for index, body in enumerate(bodies):
        validation.check_statement(
            body, path=f"$[{index}]" if isinstance(raw, list) or len(bodies) > 1 else "$"
        )
        if body["verb"]["id"] == VERBS["voided"].iri:
            raise ScopeError("Une clé n’annule pas de trace. / A key may not void.")
        body.setdefault("id", str(uuid4()))
        body["id"] = body["id"].lower()
        if UUID(body["id"]) in seen:
            raise StatementError(
                f"$[{index}].id", "identifiant deux fois dans le lot", "duplicate id in batch"
            )
        seen.add(UUID(body["id"]))
    store.take_turn()
    known = {row.uuid: row for row in Statement.objects.filter(uuid__in=seen)}
    drafts = []
    for body in bodies:
        if kept := known.get(UUID(body["id"])):
            _same_or_conflict(kept, body, credential)
        else:
            drafts.append(_foreign_draft(body, credential))
    store.append(drafts, at=at)
    _note_use(credential, at)
    return [UUID(body["id"]) for body in bodies]


def _bodies(raw: bytes | list[Any] | dict[str, Any]) -> list[dict[str, Any]]:
    value = strict_json.loads(raw) if isinstance(raw, bytes) else raw
    bodies = value if isinstance(value, list) else [value]
    if not bodies or len(bodies) > MAX_BATCH:
        raise StatementError(
            "$", f"un lot compte de 1 à {MAX_BATCH} traces", f"1 to {MAX_BATCH} statements a batch"
        )
    for index, body in enumerate(bodies):
        if not isinstance(body, dict):
            raise StatementError(f"$[{index}]", "une trace est un objet", "a statement is an object")
        if len(rules.text_of(body).encode()) > MAX_STATEMENT_BYTES:
            raise StatementError(f"$[{index}]", "trace de plus de 1 Mo", "statement over 1 MB")
    return bodies


def _bind(bodies: list[dict[str, Any]], statement_id: UUID) -> None:
    if len(bodies) != 1:
        raise StatementError("$", "une seule trace par PUT", "PUT takes one statement")
    given = bodies[0].setdefault("id", str(statement_id))
    if not isinstance(given, str) or given.lower() != str(statement_id):
        raise StatementError("$.id", "différent de statementId", "differs from statementId")


def _same_or_conflict(kept: Statement, body: dict[str, Any], credential: LrsKey) -> None:
    same = kept.received_hash == rules.content_hash(body) or rules.same_statement(
        strict_json.loads(kept.raw.encode()), body
    )
    if not same or kept.organisation_id != credential.organisation_id:
        raise StatementConflictError(
            f"La trace {kept.uuid} existe avec un autre contenu. / Statement exists with another content."
        )


def _foreign_draft(body: dict[str, Any], credential: LrsKey) -> store.Draft:
    return store.Draft(
        body=body,
        evidence_class=EvidenceClass.E4.value,
        authority=Authority.key(credential),
        organisation_id=credential.organisation_id,
        credential_id=credential.pk,
    )


def allow(credential: LrsKey, *scopes: str) -> None:
    """ScopeError unless the key holds one of `scopes`, or all."""
    if not {*map(str, scopes), Scope.ALL.value} & set(credential.scopes.split()):
        raise ScopeError("Cette clé n’ouvre pas cette ressource. / Scope missing.")


def _note_use(credential: LrsKey, at: datetime) -> None:
    """The day of last use: at most one write a day for each key."""
    if credential.last_used_on != at.date():
        LrsKey.objects.filter(pk=credential.pk).update(last_used_on=at.date())


@transaction.atomic
def create_lrs_key(
    *,
    organisation: Organisation,
    scopes: Iterable[str],
    actor: User | None,
    at: datetime,
    lifetime: timedelta | None = None,
) -> tuple[LrsKey, str]:
    """A new key and its secret, which is shown once and kept only as a hash. No actor: the command line."""
    wanted = sorted({str(scope) for scope in scopes}) or [Scope.STATEMENTS_WRITE.value]
    if unknown := set(wanted) - set(Scope.values):
        raise UnknownScopeError(f"Portée inconnue : {', '.join(sorted(unknown))}.", field="scope")
    secret = secrets.token_urlsafe(32)
    key = LrsKey.objects.create(
        key=secrets.token_hex(12),
        secret_hash=canonical.sha256(secret),
        organisation_id=organisation.pk,
        scopes=" ".join(wanted),
        created_at=at,
        expires_at=at + lifetime if lifetime else None,
    )
    _record("xapi.key.create", key, actor, at)
    return key, secret


@transaction.atomic
def revoke_lrs_key(*, key: LrsKey, actor: User | None, at: datetime) -> LrsKey:
    """Close a key at once; revoking twice changes nothing."""
    locked = LrsKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if locked.revoked_at is None:
        locked.revoked_at = at
        locked.save(update_fields=["revoked_at"])
        _record("xapi.key.revoke", locked, actor, at)
    return locked


def _record(action: str, key: LrsKey, actor: User | None, at: datetime) -> None:
    if actor is None:
        audit.record_system(action, object_type="courses.lrskey", object_id=str(key.pk), at=at)
    else:
        after = {"organisation": key.organisation_id, "scopes": key.scopes}
        audit.record(action, actor=actor, target=key, at=at, after=after)
