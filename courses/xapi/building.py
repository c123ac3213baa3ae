"""The one file that talks to tincan: our own facts become statements here."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import tincan

from courses.shared import durations

from .vocabulary import Term

VERSION = "1.0.3"
LANGUAGE = "fr"


def statement_body(
    *,
    actor: tuple[str, str],
    verb: Term,
    object_iri: str,
    object_name: str,
    object_type: Term | None,
    registration: UUID | None,
    success: bool | None,
    completion: bool | None,
    score_percent: int | None,
    minutes: int | None,
    extensions: Mapping[str, Any] | None,
    context_activities: Mapping[str, Iterable[str]] | None,
) -> dict[str, Any]:
    """A statement without what the store sets (id, stored, authority, timestamp). `actor` is (homePage, name)."""
    home_page, name = actor
    built = tincan.Statement(
        actor=tincan.Agent(account=tincan.AgentAccount(home_page=home_page, name=name)),
        verb=tincan.Verb(id=verb.iri, display=tincan.LanguageMap({LANGUAGE: verb.label})),
        object=tincan.Activity(id=object_iri, definition=_definition(object_name, object_type)),
        version=VERSION,
    )
    result = _result(success, completion, score_percent)
    if result:
        built.result = tincan.Result(**result)
    built.context = _context(registration, extensions, context_activities)
    body: dict[str, Any] = built.as_version(VERSION)
    if minutes is not None:  # tincan writes PT03H30M00S, which some readers refuse
        body.setdefault("result", {})["duration"] = durations.iso(minutes)
    if score_percent is not None:
        body["result"]["score"] |= {"raw": score_percent, "min": 0, "max": 100}
    return body


def voiding_body(*, actor: tuple[str, str], verb: Term, target: UUID) -> dict[str, Any]:
    """The statement that voids another."""
    home_page, name = actor
    built = tincan.Statement(
        actor=tincan.Agent(account=tincan.AgentAccount(home_page=home_page, name=name)),
        verb=tincan.Verb(id=verb.iri, display=tincan.LanguageMap({LANGUAGE: verb.label})),
        object=tincan.StatementRef(id=target),
        version=VERSION,
    )
    body: dict[str, Any] = built.as_version(VERSION)
    return body


def _definition(name: str, kind: Term | None) -> tincan.ActivityDefinition:
    words = tincan.LanguageMap({LANGUAGE: name})
    return tincan.ActivityDefinition(name=words, **({"type": kind.iri} if kind else {}))


def _result(success: bool | None, completion: bool | None, score_percent: int | None) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if success is not None:
        result["success"] = success
    if completion is not None:
        result["completion"] = completion
    if score_percent is not None:
        result["score"] = tincan.Score(scaled=score_percent / 100, raw=score_percent, min=0, max=100)
    return result


def _context(
    registration: UUID | None,
    extensions: Mapping[str, Any] | None,
    activities: Mapping[str, Iterable[str]] | None,
) -> tincan.Context:
    context = tincan.Context(language=LANGUAGE)
    if registration:
        context.registration = registration
    if extensions:
        context.extensions = tincan.Extensions(dict(extensions))
    if activities:
        context.context_activities = tincan.ContextActivities(
            **{
                role: tincan.ActivityList([tincan.Activity(id=iri) for iri in iris])
                for role, iris in activities.items()
            }
        )
    return context
