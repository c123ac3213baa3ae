"""The stored text of a statement: what was received, then what the server sets (R-34)."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from courses.shared import canonical

from . import rules

JSON = "application/json"


def media_type(header: str) -> str:
    """The media type of a Content-Type, without its parameters."""
    return header.partition(";")[0].strip().lower()


_ADDED = ',"stored":"'


@lru_cache(maxsize=4096)
def authority_text(home_page: str, name: str) -> str:
    """The JSON of an authority: one for each voucher, so kept."""
    return rules.text_of(rules.account(home_page, name))


def compose(
    text: str, body: Mapping[str, Any], *, uuid: str, stored: str, authority: str, version: str
) -> tuple[str, str | None]:
    """The served text, and the received one when the first does not begin with it.

    `body` is `text` decoded; `authority` is JSON; `version` is what a statement without one gets ("1.0.0", "2.0.0").
    """
    received = None
    if not _may_be_kept(body, version):
        received, text = text, rules.text_of(_as_served(body, version))
    added = [f'{_ADDED}{stored}","authority":{authority}']
    if "timestamp" not in body:
        added.append(f',"timestamp":"{stored}"')
    if "version" not in body:
        added.append(f',"version":"{version}"')
    if "id" not in body:
        added.append(f',"id":"{uuid}"')
    return f"{text[:-1]}{''.join(added)}}}", received


def received_text(raw: str, received: str | None) -> str:
    """The text that the sender sent, from a stored row."""
    return raw[: raw.rindex(_ADDED)] + "}" if received is None else received


def received_hash(text: str | bytes) -> str:
    """SHA-256 of the text received."""
    return canonical.sha256(text)


def _may_be_kept(body: Mapping[str, Any], version: str) -> bool:
    if "stored" in body or "authority" in body:
        return False
    timestamp = body.get("timestamp")
    if timestamp and version[0] == "2" and timestamp[-1] not in "Zz":
        return False  # 2.0.0 serves UTC
    return _lists(body) and (body["object"].get("objectType") != "SubStatement" or _lists(body["object"]))


def _lists(body: Mapping[str, Any]) -> bool:
    context = body.get("context")
    if not context or "contextActivities" not in context:
        return True
    return all(isinstance(value, list) for value in context["contextActivities"].values())


def _as_served(body: Mapping[str, Any], version: str) -> dict[str, Any]:
    served = {key: value for key, value in body.items() if key not in {"stored", "authority"}}
    if "timestamp" in served and version[0] == "2":
        served["timestamp"] = rules.instant_text(rules.utc(served["timestamp"]))
    if not _lists(served):
        context = served["context"]
        served["context"] = context | {"contextActivities": rules.listed(context["contextActivities"])}
    if served["object"].get("objectType") == "SubStatement":
        served["object"] = _as_served(served["object"], "1")
    return served


def decoded(raw: str) -> dict[str, Any]:
    """A stored text as a value."""
    value: dict[str, Any] = json.loads(raw)
    return value
