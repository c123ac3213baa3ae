"""The rows: interned names, narrow columns, links, in an order that readers can follow (INV-10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from . import rules
from .models import Statement, StatementActivity, StatementActor, XapiActivity, XapiActor, XapiVerb
from .rules import Authority

VERSION_1 = "1.0.3"
VERSION_2 = "2.0.0"
_TURN = 0x78617069  # "xapi": the advisory lock under which sequence numbers are taken
_MILLIONTHS = 1_000_000


@dataclass(frozen=True)
class Draft:
    """A valid statement on its way in, and what the server knows about where it comes from."""

    body: dict[str, Any]
    evidence_class: str
    authority: Authority
    organisation_id: int | None = None
    credential_id: int | None = None


def take_turn() -> None:
    """Wait for the writers before us to commit: a sequence number never becomes visible before a smaller one.

    SQLite has one writer at a time already (its transactions are IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


@transaction.atomic
def append(drafts: list[Draft], *, at: datetime) -> list[Statement]:
    """Store statements, in order. `stored` never goes back, even if the caller's instant does."""
    if not drafts:
        return []
    take_turn()
    last = Statement.objects.order_by("-seq").values_list("stored", flat=True).first()
    stored = max(at, last) if last else at
    served = [_served(draft, stored) for draft in drafts]
    actors = _intern(XapiActor, "ifi", (ifi for body in served for _, ifi in rules.actors_of(body)))
    verbs = _intern(XapiVerb, "iri", (body["verb"]["id"] for body in served))
    activities = _intern(
        XapiActivity,
        "iri",
        (iri for body in served for _, iri in rules.activities_of(body)),
        _definitions(served),
    )
    rows = Statement.objects.bulk_create(
        _row(draft, body, stored, actors, verbs, activities)
        for draft, body in zip(drafts, served, strict=True)
    )
    _link(rows, served, actors, activities)
    return rows


def _served(draft: Draft, stored: datetime) -> dict[str, Any]:
    """The statement exactly as it will be read."""
    body = dict(draft.body)
    body["stored"] = rules.instant_text(stored)
    body["authority"] = rules.account(settings.LMS_PUBLIC_URL, draft.authority.name)
    body["version"] = VERSION_2 if str(body.get("version", "")).startswith("2.") else VERSION_1
    body.setdefault("timestamp", body["stored"])
    return body


def _row(
    draft: Draft,
    body: dict[str, Any],
    stored: datetime,
    actors: Mapping[str, int],
    verbs: Mapping[str, int],
    activities: Mapping[str, int],
) -> Statement:
    result, thing = body.get("result", {}), body["object"]
    kind = thing.get("objectType", "Activity")
    scaled = result.get("score", {}).get("scaled")
    registration = body.get("context", {}).get("registration")
    return Statement(
        uuid=UUID(body["id"]),
        stored=stored,
        timestamp=datetime.fromisoformat(body["timestamp"]).astimezone(UTC),
        actor_id=actors[rules.interned_actor(body["actor"])],
        verb_id=verbs[body["verb"]["id"]],
        activity_id=activities[thing["id"]] if kind == "Activity" else None,
        target=UUID(thing["id"]) if kind == "StatementRef" else None,
        registration=UUID(registration) if registration else None,
        success=result.get("success"),
        completion=result.get("completion"),
        score_millionths=None if scaled is None else round(scaled * _MILLIONTHS),
        duration_seconds=rules.seconds(result.get("duration")),
        authority_id=actors[rules.interned_actor(body["authority"])],
        credential_id=draft.credential_id,
        organisation_id=draft.organisation_id,
        evidence_class=draft.evidence_class,
        version=body["version"],
        raw=rules.text_of(body),
        received_hash=rules.content_hash(draft.body),
    )


def _link(
    rows: list[Statement],
    served: list[dict[str, Any]],
    actors: Mapping[str, int],
    activities: Mapping[str, int],
) -> None:
    StatementActor.objects.bulk_create(
        StatementActor(statement=row, role=role, actor_id=actors[ifi])
        for row, body in zip(rows, served, strict=True)
        for role, ifi in sorted(set(rules.actors_of(body)))
    )
    StatementActivity.objects.bulk_create(
        StatementActivity(statement=row, role=role, activity_id=activities[iri])
        for row, body in zip(rows, served, strict=True)
        for role, iri in sorted(set(rules.activities_of(body)))
    )


def _definitions(served: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """What the first statement about an activity says it is."""
    return {
        body["object"]["id"]: {"definition": rules.text_of(body["object"]["definition"])}
        for body in reversed(served)
        if body["object"].get("objectType", "Activity") == "Activity" and "definition" in body["object"]
    }


def _intern(
    model: type[models.Model],
    column: str,
    names: Iterable[str],
    extra: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, int]:
    """Name → key, making the missing rows. We hold the turn, so that nobody makes them meanwhile."""
    wanted = sorted(set(names))
    manager = model._default_manager
    found = dict(manager.filter(**{f"{column}__in": wanted}).values_list(column, "pk"))
    missing = [name for name in wanted if name not in found]
    if missing:
        rows = [model(**{column: name, **(extra or {}).get(name, {})}) for name in missing]
        found |= {getattr(row, column): row.pk for row in manager.bulk_create(rows)}
    return found
