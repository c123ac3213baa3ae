"""Documents of states and profiles (xAPI Communication 2.2, 2.3, 2.6, 2.7), with optimistic concurrency (3.1)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from courses.shared import strict_json

from . import rules
from .enums import DocumentKind
from .errors import PreconditionError, StatementConflictError, StatementError
from .models import XapiDocument
from .texts import JSON, media_type
from .validation import VERSION_1

MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Name:
    """What names a document: its kind, its organisation, and the parameters of its resource."""

    kind: DocumentKind
    organisation_id: int
    activity: str = ""
    agent: str = ""
    registration: str = ""
    document_id: str = ""


@dataclass(frozen=True)
class Condition:
    """The If-Match and If-None-Match of a request; None when absent."""

    match: str | None = None
    none_match: str | None = None

    @property
    def absent(self) -> bool:
        return self.match is None and self.none_match is None


def find(name: Name) -> XapiDocument | None:
    """The document of that name."""
    return _among(name).filter(document_id=name.document_id).first()


def ids(name: Name, *, since: datetime | None, any_registration: bool) -> list[str]:
    """The ids of the documents that share the rest of the name."""
    found = _among(name, any_registration=any_registration)
    if since:
        found = found.filter(updated_at__gt=since)
    return list(found.order_by("pk").values_list("document_id", flat=True).distinct())


def _among(name: Name, *, any_registration: bool = False) -> QuerySet[XapiDocument]:
    found = XapiDocument.objects.filter(
        kind=name.kind, organisation=name.organisation_id, activity=name.activity, agent=name.agent
    )
    return found if any_registration else found.filter(registration=name.registration)


def put(
    name: Name, *, content: bytes, content_type: str, condition: Condition, version: str, at: datetime
) -> None:
    """Store the content whole. What the caller must say of the present document depends on the version."""
    with transaction.atomic():
        kept = _locked(name)
        _check(kept, condition)
        if condition.absent:
            _check_unconditional(name, kept, version)
        _write(name, kept, content, content_type, at)


def post(name: Name, *, content: bytes, content_type: str, condition: Condition, at: datetime) -> None:
    """Merge the members of a JSON object into the present one, or store it as the first."""
    with transaction.atomic():
        kept = _locked(name)
        _check(kept, condition)
        given = _json_object(content, content_type) if kept or _is_json(content_type) else None
        if kept is not None and given is not None:
            present = _json_object(bytes(kept.content), kept.content_type)
            content = rules.text_of({**present, **given}).encode()
        _write(name, kept, content, content_type, at)


def delete(name: Name, *, condition: Condition) -> None:
    """Delete one document; nothing happens if there is none."""
    with transaction.atomic():
        kept = _locked(name)
        _check(kept, condition)
        if kept is not None:
            kept.delete()


def delete_all(name: Name, *, any_registration: bool) -> None:
    """Delete every state of an agent in an activity (and registration, when given)."""
    with transaction.atomic():
        _among(name, any_registration=any_registration).delete()


def _locked(name: Name) -> XapiDocument | None:
    return _among(name).select_for_update(of=("self",)).filter(document_id=name.document_id).first()


def _check(kept: XapiDocument | None, condition: Condition) -> None:
    if condition.match is not None and not (kept and _names(condition.match, kept.etag)):
        raise PreconditionError("Le document a changé depuis sa lecture. / If-Match does not hold.")
    if condition.none_match is not None and kept and _names(condition.none_match, kept.etag):
        raise PreconditionError("Le document existe déjà. / If-None-Match does not hold.")


def _names(header: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    return "*" in tags or etag in tags


def _check_unconditional(name: Name, kept: XapiDocument | None, version: str) -> None:
    if version == VERSION_1:
        if name.kind == DocumentKind.STATE:
            return
        if kept is None:
            raise StatementError(
                "If-Match", "If-Match ou If-None-Match attendu", "If-Match or If-None-Match expected"
            )
    if kept is not None:
        raise StatementConflictError(
            "Le document existe\u00a0: lisez-le, puis envoyez If-Match avec son ETag. "
            "/ The document exists: read it, then send If-Match with its ETag."
        )


def _write(name: Name, kept: XapiDocument | None, content: bytes, content_type: str, at: datetime) -> None:
    if kept is None:
        kept = XapiDocument(
            kind=name.kind, organisation_id=name.organisation_id, activity=name.activity, agent=name.agent,
            registration=name.registration, document_id=name.document_id,
        )  # fmt: skip
    kept.content, kept.content_type, kept.updated_at = content, content_type, at
    kept.etag = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        # Another request has just made it: this one believed that there was none.
        raise PreconditionError(
            "Le document vient d’être créé. / The document has just been created."
        ) from error


def _is_json(content_type: str) -> bool:
    return media_type(content_type) == JSON


def _json_object(content: bytes, content_type: str) -> rules.JsonObject:
    if not _is_json(content_type):
        raise StatementError("Content-Type", "un objet JSON est attendu", "JSON object expected")
    value = strict_json.loads(content)
    if not isinstance(value, dict):
        raise StatementError("$", "un objet JSON est attendu", "JSON object expected")
    return value
