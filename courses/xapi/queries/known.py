"""What the store knows of agents and activities, within one organisation."""

from typing import Any

from courses.xapi import rules, texts
from courses.xapi.models import ActivityDefinition, Statement, StatementAttachment, XapiActivity

from .credentials import Sight

_LAST = 50


def person(agent: dict[str, Any], *, sight: Sight) -> dict[str, Any]:
    """The Person object of an agent: what was asked, and the names that statements within sight gave it."""
    result: dict[str, Any] = {"objectType": "Person"}
    for key in rules.IFI_KEYS:
        if key in agent:
            result[key] = [agent[key]]
    told = Statement.objects.filter(
        actor__ifi=rules.interned_actor(agent), organisation=sight.organisation_id, voided_at=None
    ).order_by("-seq")
    if sight.credential_id is not None:
        told = told.filter(credential=sight.credential_id)
    names = [agent["name"]] if "name" in agent else []
    for raw in told.values_list("raw", flat=True)[:_LAST]:
        name = texts.decoded(raw)["actor"].get("name")
        if name and name not in names:
            names.append(name)
    if names:
        result["name"] = names
    return result


def activity(iri: str, *, sight: Sight) -> dict[str, Any]:
    """The activity with its definition: this site’s own, then what the organisation’s statements told."""
    result: dict[str, Any] = {"objectType": "Activity", "id": iri}
    definition = definition_of(iri, sight=sight)
    return result | {"definition": definition} if definition else result


def definition_of(iri: str, *, sight: Sight) -> dict[str, Any]:
    """The merged definition, empty when nobody told any.

    A key that reads only its own statements gets this site’s own: what other keys told is not told apart (INV-11).
    """
    found = XapiActivity.objects.filter(iri=iri).first()
    if found is None:
        return {}
    own = texts.decoded(found.definition)
    if sight.credential_id is not None:
        return own
    told = ActivityDefinition.objects.filter(activity=found, organisation=sight.organisation_id).first()
    return rules.merged(texts.decoded(told.definition) if told else {}, own)


def payloads(uuids: list[str]) -> list[StatementAttachment]:
    """The stored payloads of these statements, each content once."""
    rows = StatementAttachment.objects.filter(statement__uuid__in=uuids).select_related("file").order_by("pk")
    return list({row.sha2.lower(): row for row in rows}.values())
