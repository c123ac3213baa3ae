"""One trace, whole: its sentence, its facts, its text, and the traces it points to or that point to it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from courses.models import Adviser, AuditEntry, Statement, User
from lms.reporting.queries.statements import (
    Line,
    advisers_in,
    body_of,
    lines_of,
    own_account,
    sender_of,
    sentence_of,
)
from lms.reporting.sentences import (
    activity_type,
    actor_text,
    duration_text,
    in_french,
    last_part,
    object_text,
    score_text,
    verb_label,
)

MOST_TARGETING = 20


@dataclass(frozen=True)
class AttachedFile:
    """One attachment that the statement declares, and whether its bytes came with it."""

    name: str
    media_type: str
    size: int | None
    sha2: str
    held: bool
    address: str


@dataclass(frozen=True)
class StatementView:
    """The whole screen."""

    statement: Statement
    sentence: str
    adviser: Adviser | None
    facts: tuple[dict[str, Any], ...]
    text: str
    target: Line | None
    targeted_by: tuple[Line, ...]
    attachments: tuple[AttachedFile, ...]
    void_reason: str


def statement_view(*, user: User, statement: Statement) -> StatementView:
    """Everything that can be said of one trace."""
    body = body_of(statement)
    adviser = advisers_in(user, [(statement, body)]).get(own_account(statement, body))
    seen = (
        Statement.objects.visible_to(user)
        .defer("received")
        .select_related("actor", "verb", "activity", "credential", "organisation")
    )
    targets = seen.filter(uuid=statement.target) if statement.target else seen.none()
    targeting = seen.filter(target=statement.uuid).order_by("-seq")[:MOST_TARGETING]
    around = list(lines_of(user, [*targets, *targeting]))
    return StatementView(
        statement=statement,
        sentence=sentence_of(statement, body, adviser),
        adviser=adviser,
        facts=tuple(_facts(statement, body, adviser)),
        text=json.dumps(json.loads(statement.raw), ensure_ascii=False, indent=2),
        target=next((line for line in around if line.statement.uuid == statement.target), None),
        targeted_by=tuple(line for line in around if line.statement.target == statement.uuid),
        attachments=tuple(_attachments(statement, body)),
        void_reason=_void_reason(statement) if statement.voided_at else "",
    )


def _void_reason(row: Statement) -> str:
    """What was written when somebody here voided it; a program that voids gives no reason."""
    about = AuditEntry.objects.filter(object_type=row._meta.label_lower, object_id=str(row.pk))
    reasons = about.filter(action="xapi.statement.void").values_list("reason", flat=True)
    return reasons.first() or ""


def _facts(row: Statement, body: dict[str, Any], adviser: Adviser | None) -> Iterator[dict[str, Any]]:
    """Terms and values, each with the list that it leads to."""
    result = body.get("result") or {}
    site = settings.LMS_PUBLIC_URL
    yield {
        "term": "Acteur",
        "value": str(adviser) if adviser else actor_text(body.get("actor"), site),
        "hint": own_account(row, body) if adviser else "",
        "url": _filtered(acteur=_typed(body.get("actor") or {})),
    }
    yield {
        "term": "Verbe",
        "value": verb_label(body.get("verb") or {}),
        "hint": row.verb.iri,
        "url": _filtered(autre_verbe=row.verb.iri),
    }
    if row.activity:
        kind = activity_type(body)
        yield {
            "term": f"Objet ({kind.lower()})" if kind else "Objet",
            "value": object_text(body, in_french(_definition(row).get("name")), site),
            "hint": row.activity.iri,
            "url": _filtered(activite=row.activity.iri),
        }
    elif not row.target:
        yield {"term": "Objet", "value": object_text(body, "", site)}
    if row.registration:
        yield {
            "term": "Inscription",
            "value": str(row.registration),
            "url": _filtered(inscription=str(row.registration)),
        }
    for term, value in (("Réussite", row.success), ("Achèvement", row.completion)):
        if value is not None:
            yield {"term": term, "value": "oui" if value else "non"}
    if score := score_text(result):
        yield {"term": "Score", "value": score}
    if row.duration_seconds is not None:
        hint = str(result.get("duration", ""))
        yield {"term": "Durée", "value": duration_text(row.duration_seconds), "hint": hint}
    yield {"term": "Envoyée par", "value": sender_of(row)}
    yield {"term": "Autorité", "value": actor_text(body.get("authority"), site)}
    yield {"term": "Organisme", "value": row.organisation.name if row.organisation else ""}
    yield {"term": "Identifiant", "value": str(row.uuid)}
    yield {"term": "Numéro d’ordre", "value": str(row.seq)}
    yield {"term": "Version de la norme", "value": row.version}


def _definition(row: Statement) -> dict[str, Any]:
    try:
        found = json.loads(row.activity.definition) if row.activity else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _typed(actor: dict[str, Any]) -> str:
    """An actor as the filter takes it; empty when it has no identifier of its own."""
    account = actor.get("account")
    if account:
        return f"{account.get('homePage', '')}|{account.get('name', '')}"
    return str(actor.get("mbox") or actor.get("mbox_sha1sum") or actor.get("openid") or "")


def _filtered(**parameters: str) -> str:
    """The list of all traces that share this value."""
    return f"{reverse('statements_view')}?{urlencode(parameters)}" if all(parameters.values()) else ""


def _attachments(row: Statement, body: dict[str, Any]) -> Iterator[AttachedFile]:
    held = {kept.sha2: kept for kept in row.attachments.select_related("file")}
    for said in body.get("attachments") or ():
        sha2 = str(said.get("sha2", ""))
        kept = held.pop(sha2, None)
        length = said.get("length")
        yield AttachedFile(
            name=in_french(said.get("display")) or last_part(str(said.get("usageType", ""))),
            media_type=str(said.get("contentType", "")),
            size=kept.file.size if kept else length if isinstance(length, int) else None,
            sha2=sha2,
            held=kept is not None,
            address=str(said.get("fileUrl", "")),
        )
    for kept in held.values():
        yield AttachedFile("Pièce jointe", kept.content_type, kept.file.size, kept.sha2, True, "")
