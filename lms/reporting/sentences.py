"""A trace as a French sentence: a pure function of its text and of the words we know."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote, urlsplit

from courses.api import ACTIVITY_TYPES, VERBS
from courses.shared.durations import spoken

NBSP = "\u00a0"
_TERMS = {term.iri: term for term in VERBS.values()}
_TYPES = {term.iri: term.label for term in ACTIVITY_TYPES.values()}
# What stands between the verb and its object, when something does.
_LINKS = {
    "answered": "à", "attended": "à", "enrolled": "à", "evaluated": "sur", "failed": "à", "progressed": "dans",
    "registered": "à", "scored": "à", "waived": "de",
}  # fmt: skip
# Verbs that say the outcome: « a réussi …, réussite » would say it twice.
_OUTCOMES = {"failed", "mastered", "passed"}

Json = Mapping[str, Any]


def sentence(
    body: Json, *, person: str = "", thing: str = "", seconds: int | None = None, site: str = ""
) -> str:
    """« Camille Fictif a achevé « Leçon » — score 85 %, durée 45 min ».

    `person` is the actor’s name when the reader may see it, `thing` the object’s when the text gives none, `seconds`
    the duration already read, `site` the home page whose accounts need no « de … ».
    """
    told = f"{person or actor_text(body.get('actor'), site)} {_deed(body, thing, site)}"
    results = _results(body, seconds)
    return f"{told} — {', '.join(results)}" if results else told


def verb_label(verb: Json) -> str:
    """Our French word, or the sender’s, or the end of the IRI."""
    iri = str(verb.get("id", ""))
    if iri in _TERMS:
        return _TERMS[iri].label
    return in_french(verb.get("display")) or last_part(iri)


def actor_text(actor: Any, site: str = "") -> str:
    """What identifies an agent or a group: its account, never the name that a sender gave it."""
    if not isinstance(actor, Mapping):
        return "Quelqu’un"
    account = actor.get("account")
    if isinstance(account, Mapping):
        home = str(account.get("homePage", ""))
        at = "" if home == site else f" de {urlsplit(home).netloc or home}"
        return f"Le compte {account.get('name', '')}{at}"
    if "mbox" in actor:
        return str(actor["mbox"]).removeprefix("mailto:")
    if "mbox_sha1sum" in actor:
        return f"L’adresse d’empreinte {actor['mbox_sha1sum']}"
    if "openid" in actor:
        return f"L’identité {actor['openid']}"
    count = len(actor.get("member") or ())
    return f"Un groupe de {count}{NBSP}personne{'s' if count > 1 else ''}"


def object_text(body: Json, thing: str = "", site: str = "") -> str:
    """The object, in words that stand after a verb."""
    target = body.get("object")
    if not isinstance(target, Mapping):
        return ""
    match target.get("objectType", "Activity"):
        case "StatementRef":
            return f"la trace {target.get('id', '')}"
        case "Agent" | "Group":
            text = actor_text(target, site)
            return text[:1].lower() + text[1:] if text.startswith(("Le ", "L’", "Un ")) else text
        case "SubStatement":
            return f"{actor_text(target.get('actor'), site)} {_deed(target, '', site)}"
    definition = target.get("definition")
    given = in_french(definition.get("name")) if isinstance(definition, Mapping) else ""
    return quoted(given or thing or last_part(str(target.get("id", ""))))


def activity_type(body: Json) -> str:
    """The kind of activity, in French when the word is ours."""
    definition = (body.get("object") or {}).get("definition") or {}
    iri = str(definition.get("type", ""))
    return _TYPES.get(iri) or last_part(iri)


def score_text(result: Json) -> str:
    """« 85 % » when the score is scaled, else « 17 sur 20 », else the bare figure."""
    score = result.get("score")
    if not isinstance(score, Mapping):
        return ""
    if (scaled := _decimal(score.get("scaled"))) is not None:
        return f"{french_number(scaled * 100)}{NBSP}%"
    raw, top = _decimal(score.get("raw")), _decimal(score.get("max"))
    if raw is None:
        return ""
    return f"{french_number(raw)} sur {french_number(top)}" if top is not None else french_number(raw)


def duration_text(seconds: int | None) -> str:
    """« 45 min »; « 35 s » under a minute."""
    if seconds is None:
        return ""
    return f"{seconds}{NBSP}s" if seconds < 60 else spoken(seconds // 60)


def in_french(words: Any) -> str:
    """The French of a language map, else its English, else whatever it has."""
    if not isinstance(words, Mapping):
        return ""
    for wanted in ("fr", "en", "und", ""):
        for tag, text in words.items():
            if str(tag).lower().split("-")[0] == wanted or not wanted:
                if isinstance(text, str) and text.strip():
                    return text.strip()
    return ""


def last_part(iri: str) -> str:
    """What a person may recognise of an IRI."""
    end = unquote(iri.rstrip("/#").replace("#", "/").rpartition("/")[2])
    return end.replace("_", " ") or iri


def quoted(text: str) -> str:
    return f"«{NBSP}{text}{NBSP}»"


def french_number(value: Decimal) -> str:
    """At most two decimals, a comma."""
    rounded = value.quantize(Decimal("0.01")) if abs(value) < 10**12 else value
    text = f"{rounded:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("0" if text in {"-0", ""} else text).replace(".", ",").replace("-", "\u2212")


def _deed(body: Json, thing: str, site: str) -> str:
    verb = body.get("verb") or {}
    term = _TERMS.get(str(verb.get("id", "")))
    linked = _LINKS.get(term.name, "") if term else ""
    return " ".join(part for part in (verb_label(verb), linked, object_text(body, thing, site)) if part)


def _results(body: Json, seconds: int | None) -> list[str]:
    result = body.get("result")
    if not isinstance(result, Mapping):
        return []
    term = _TERMS.get(str((body.get("verb") or {}).get("id", "")))
    parts = []
    if isinstance(result.get("success"), bool) and not (term and term.name in _OUTCOMES):
        parts.append("réussite" if result["success"] else "échec")
    if score := score_text(result):
        parts.append(f"score {score}")
    if duration := duration_text(seconds):
        parts.append(f"durée {duration}")
    return parts


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None
