"""The resource Statements (xAPI Communication 2.1)."""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.utils.http import http_date

from courses.shared import clock, documents
from courses.xapi import formats, ingest, multipart, rules, texts
from courses.xapi.errors import StatementError, UnknownStatementError
from courses.xapi.ingest import Part
from courses.xapi.models import LrsKey
from courses.xapi.queries import credentials, known, search
from courses.xapi.texts import JSON

from .call import Call, resource

_ONE = ("statementId", "voidedStatementId")
_SHAPE = ("format", "attachments")
_FILTERS = (
    "agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until", "limit",
    "ascending",
)  # fmt: skip
_FORMATS = ("exact", "ids", "canonical")


def _statements(call: Call) -> HttpResponse:
    handlers: dict[str, Callable[[Call, LrsKey], HttpResponse]] = {
        "GET": _get, "HEAD": _get, "POST": _post, "PUT": _put,
    }  # fmt: skip
    return handlers[call.method](call, call.credential())


def _received(call: Call) -> tuple[bytes, dict[str, Part]]:
    kind = texts.media_type(call.content_type)
    if kind == JSON:
        return call.body(), {}
    if kind == "multipart/mixed":
        return multipart.read(call.body(), call.content_type)
    raise StatementError(
        "Content-Type",
        "application/json ou multipart/mixed attendu",
        "application/json or multipart/mixed expected",
    )


def _post(call: Call, credential: LrsKey) -> HttpResponse:
    call.allow()
    raw, parts = _received(call)
    ids = ingest.ingest(raw=raw, parts=parts, credential=credential, version=call.version, at=clock.now())
    return JsonResponse([str(one) for one in ids], safe=False)


def _put(call: Call, credential: LrsKey) -> HttpResponse:
    call.allow("statementId")
    statement_id = call.uuid("statementId")
    raw, parts = _received(call)
    ingest.ingest(
        raw=raw,
        parts=parts,
        credential=credential,
        version=call.version,
        at=clock.now(),
        statement_id=statement_id,
    )
    return HttpResponse(status=204)


def _get(call: Call, credential: LrsKey) -> HttpResponse:
    sight = credentials.sight(credential)
    shape = call.parameters.get("format", "exact")
    if shape not in _FORMATS:
        raise StatementError("?format", "exact, ids ou canonical attendu", "exact, ids or canonical expected")
    render = _renderer(call, shape, sight)
    if any(name in call.parameters for name in _ONE):
        return _one(call, sight, render)
    call.allow(*_SHAPE, *_FILTERS, "cursor")
    asked = _search(call)
    page = search.page(asked, sight)
    texts_ = [render(raw) for _, raw in page.rows]
    more = _more(call, page.rows[-1][0], asked.limit) if page.more else ""
    body = f'{{"statements":[{",".join(texts_)}],"more":"{more}"}}'
    return _shown(call, body, [raw for _, raw in page.rows])


def _one(call: Call, sight: credentials.Sight, render: Callable[[str], str]) -> HttpResponse:
    (name, *others) = [name for name in _ONE if name in call.parameters]
    if others:
        raise StatementError("?statementId", "un seul identifiant à la fois", "one id at a time")
    call.allow(name, *_SHAPE)
    found = search.statement(uuid=call.uuid(name), sight=sight, voided=name == "voidedStatementId")
    if found is None:
        raise UnknownStatementError("Aucune trace de cet identifiant. / No such statement.")
    response = _shown(call, render(found.raw), [found.raw])
    response["Last-Modified"] = http_date(found.stored.timestamp())
    return response


def _shown(call: Call, body: str, raws: list[str]) -> HttpResponse:
    if not call.boolean("attachments"):
        return HttpResponse(body, content_type=JSON)
    kept = known.payloads([_id(raw) for raw in raws if '"attachments"' in raw])
    contents = []
    for row in kept:
        with documents.open_file(row.file_id) as file:
            contents.append((row.sha2, row.content_type, file.read()))
    content, content_type = multipart.write(body, contents)
    return HttpResponse(content, content_type=content_type)


def _id(raw: str) -> str:
    return str(texts.decoded(raw)["id"])


def _renderer(call: Call, shape: str, sight: credentials.Sight) -> Callable[[str], str]:
    """From stored text to served text; the exact form is the stored text."""
    if shape == "ids":
        return lambda raw: rules.text_of(formats.only_ids(texts.decoded(raw)))
    if shape == "canonical":
        languages = formats.accepted_languages(call.headers.get("Accept-Language", ""))

        @cache
        def definition_of(iri: str) -> dict[str, Any]:
            return known.definition_of(iri, sight=sight)

        return lambda raw: rules.text_of(formats.canonical(texts.decoded(raw), languages, definition_of))
    return lambda raw: raw


def _search(call: Call) -> search.Search:
    parameters = call.parameters
    return search.Search(
        agent=rules.interned_actor(call.actor("agent", part="actor")) if "agent" in parameters else None,
        verb=call.iri("verb") if "verb" in parameters else None,
        activity=call.iri("activity") if "activity" in parameters else None,
        registration=call.uuid("registration") if "registration" in parameters else None,
        related_agents=call.boolean("related_agents"),
        related_activities=call.boolean("related_activities"),
        since=call.instant("since"),
        until=call.instant("until"),
        ascending=call.boolean("ascending"),
        limit=_whole(call, "limit", least=0) or search.DEFAULT_LIMIT,
        cursor=_whole(call, "cursor", least=1) if "cursor" in parameters else None,
    )


def _whole(call: Call, name: str, *, least: int) -> int:
    value = call.parameters.get(name, "0")
    if not (value.isascii() and value.isdecimal()) or len(value) > 18 or int(value) < least:
        raise StatementError(f"?{name}", "un entier positif est attendu", "positive integer expected")
    return min(int(value), search.MAX_LIMIT) if name == "limit" else int(value)


def _more(call: Call, last: int, limit: int) -> str:
    """Path and query of the next page: nothing is kept for it, so it never expires."""
    parameters = {name: value for name, value in call.parameters.items() if name != "cursor"}
    return f"{call.path}?{urlencode(parameters | {'limit': str(limit), 'cursor': str(last)})}"


statements = resource(_statements, "GET", "HEAD", "POST", "PUT")
