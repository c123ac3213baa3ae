"""Writing traces: our own facts, and the voiding of others'."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from courses import audit
from courses.people.models import Organisation, User

from . import building, rules, store, texts
from .enums import EvidenceClass
from .errors import NotVoidableError
from .models import Statement
from .rules import Authority
from .validation import VERSION_1
from .vocabulary import ACTIVITY_TYPES, VERBS


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
    return _record(
        body,
        uuid=uuid or uuid4(),
        evidence_class=EvidenceClass(evidence_class).value,
        authority=authority,
        organisation_id=organisation.pk if organisation else authority.organisation_id,
        timestamp=timestamp or at,
        at=at,
    )


@transaction.atomic
def void_statement(*, statement: Statement, actor: User, at: datetime, reason: str) -> Statement:
    """Void what another system wrote: the statement stays, marked, and the voiding is a statement of its own.

    Our own facts are not voided here: they are corrected where they were made.
    """
    if not reason.strip():
        raise NotVoidableError("Dites pourquoi cette trace est annulée.", field="reason")
    if statement.credential_id is None:
        raise NotVoidableError(
            "Cette trace vient de ce site\u00a0: elle se corrige là où le fait a été établi."
        )
    if statement.voided_at is not None or statement.verb.iri == VERBS["voided"].iri:
        raise NotVoidableError("Cette trace est déjà annulée, ou en annule une autre.")
    body = building.voiding_body(
        actor=(settings.LMS_PUBLIC_URL, str(actor.public_id)), verb=VERBS["voided"], target=statement.uuid
    )
    authority = Authority.voider(actor, statement.organisation)
    voiding = _record(
        body, uuid=uuid4(), evidence_class=EvidenceClass.E2.value, authority=authority,
        organisation_id=statement.organisation_id, timestamp=at, at=at,
    )  # fmt: skip
    audit.record("xapi.statement.void", actor=actor, target=statement, at=at, reason=reason)
    return voiding


def _record(
    body: dict[str, Any],
    *,
    uuid: UUID,
    evidence_class: str,
    authority: Authority,
    organisation_id: int | None,
    timestamp: datetime,
    at: datetime,
) -> Statement:
    body["id"] = str(uuid)
    body["timestamp"] = rules.instant_text(timestamp)
    text = rules.text_of(body)
    draft = store.Draft(
        text=text,
        received_hash=texts.received_hash(text),
        body=body,
        uuid=uuid,
        evidence_class=evidence_class,
        authority=authority,
        version=VERSION_1,
        organisation_id=organisation_id,
    )
    (row,) = store.append([draft], at=at)
    return Statement(**row._asdict())
