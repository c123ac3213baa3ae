"""The record store over HTTP: small for now, and already as strict as it will be.

Every answer, errors included, bears the version header; no request gives a 500 (INV-16).
"""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from courses.shared import clock, strict_json
from courses.shared.errors import DomainError
from courses.shared.policy import MACHINE, policy

from . import queries, services
from .errors import CredentialError, StatementError, TooLargeError, UnknownStatementError
from .models import LrsKey
from .rules import instant_text
from .store import VERSION_1, VERSION_2

View = Callable[[HttpRequest], HttpResponse]
VERSION_HEADER = "X-Experience-API-Version"
_REALM = 'Basic realm="xAPI", charset="UTF-8"'
_ACCEPTED = {"1.0": VERSION_1} | {f"1.0.{patch}": VERSION_1 for patch in range(4)} | {
    "2.0": VERSION_2, "2.0.0": VERSION_2,
}  # fmt: skip


def _resource(view: View) -> View:
    """Answer refusals in JSON, and put the headers of xAPI on everything."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        announced = request.headers.get(VERSION_HEADER, "")
        try:
            response = view(request)
        except DomainError as refusal:
            response = JsonResponse(
                {"message": refusal.message, "field": refusal.field}, status=refusal.status
            )
            if refusal.status == 401:
                response["WWW-Authenticate"] = _REALM
        response[VERSION_HEADER] = _ACCEPTED.get(announced, VERSION_2)
        response["Cache-Control"] = "no-store"
        if through := queries.consistent_through():
            response["X-Experience-API-Consistent-Through"] = instant_text(through)
        return response

    return answered


def _check_version(request: HttpRequest) -> None:
    if request.headers.get(VERSION_HEADER, "") not in _ACCEPTED:
        raise StatementError(
            VERSION_HEADER, "version 1.0.x ou 2.0.x attendue", "version 1.0.x or 2.0.x expected"
        )


def _credential(request: HttpRequest) -> LrsKey:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        key, separator, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise CredentialError("Autorisation illisible. / Malformed Authorization.") from error
    if kind.lower() != "basic" or not separator or "\0" in key:
        raise CredentialError("Une clé est attendue (HTTP Basic). / Basic credentials expected.")
    return queries.credential(key=key, secret=secret, at=clock.now())


def _parameters(request: HttpRequest, *allowed: str) -> dict[str, str]:
    """Query parameters: known, once each."""
    for name, values in request.GET.lists():
        if name not in allowed:
            raise StatementError(f"?{name}", "paramètre inconnu", "unknown parameter")
        if len(values) > 1:
            raise StatementError(f"?{name}", "paramètre répété", "repeated parameter")
    return request.GET.dict()


def _uuid(parameters: dict[str, str], name: str) -> UUID:
    try:
        return UUID(parameters[name])
    except KeyError as error:
        raise StatementError(f"?{name}", "paramètre manquant", "missing parameter") from error
    except ValueError as error:
        raise StatementError(f"?{name}", "un UUID est attendu", "UUID expected") from error


def _body(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise StatementError("Content-Type", "application/json attendu", "application/json expected")
    try:
        body = request.read(strict_json.MAX_BYTES + 1)  # a batch may be larger than a form
    except UnreadablePostError as error:
        raise StatementError("$", "corps interrompu", "broken body") from error
    if len(body) > strict_json.MAX_BYTES:
        raise TooLargeError("Corps trop grand. / Body too large.")
    return body


@csrf_exempt
@policy(MACHINE)
@_resource
def about(request: HttpRequest) -> HttpResponse:
    """Which versions are spoken here; needs neither key nor version."""
    if request.method not in {"GET", "HEAD"}:
        return _not_allowed("GET", "HEAD")
    _parameters(request)
    announced = _ACCEPTED.get(request.headers.get(VERSION_HEADER, ""))
    # The Python client raises on a version that it does not know.
    return JsonResponse({"version": [VERSION_1] if announced == VERSION_1 else [VERSION_1, VERSION_2]})


@csrf_exempt
@policy(MACHINE)
@_resource
def statements(request: HttpRequest) -> HttpResponse:
    """POST one or many, PUT one, GET one."""
    handlers: dict[str, Callable[[HttpRequest, LrsKey], HttpResponse]] = {
        "GET": _get, "HEAD": _get, "POST": _post, "PUT": _put,
    }  # fmt: skip
    handler = handlers.get(request.method or "")
    if handler is None:
        return _not_allowed(*handlers)
    _check_version(request)
    return handler(request, _credential(request))


def _not_allowed(*methods: str) -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})


def _get(request: HttpRequest, credential: LrsKey) -> HttpResponse:
    parameters = _parameters(request, "statementId", "format", "attachments")
    raw = queries.readable_statement(uuid=_uuid(parameters, "statementId"), credential=credential)
    if raw is None:
        raise UnknownStatementError("Aucune trace de cet identifiant. / No such statement.")
    return HttpResponse(raw, content_type="application/json")


def _post(request: HttpRequest, credential: LrsKey) -> HttpResponse:
    _parameters(request)
    ids = services.ingest(raw=_body(request), credential=credential, at=clock.now())
    return JsonResponse([str(one) for one in ids], safe=False)


def _put(request: HttpRequest, credential: LrsKey) -> HttpResponse:
    statement_id = _uuid(_parameters(request, "statementId"), "statementId")
    services.ingest(raw=_body(request), credential=credential, at=clock.now(), statement_id=statement_id)
    return HttpResponse(status=204)
