"""One request to the record store, whatever its syntax, and one answer with the headers of xAPI."""

import base64
import binascii
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from courses.shared import clock, strict_json
from courses.shared.errors import DomainError
from courses.shared.policy import MACHINE, policy
from courses.xapi import rules, store, texts, validation
from courses.xapi.errors import CredentialError, StatementError, TooLargeError
from courses.xapi.models import LrsKey
from courses.xapi.queries import credentials
from courses.xapi.validation import VERSION_1, VERSION_2

MAX_BODY = 32 * 1024 * 1024
VERSION_HEADER = "X-Experience-API-Version"
THROUGH_HEADER = "X-Experience-API-Consistent-Through"
logger = logging.getLogger(__name__)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_REALM = 'Basic realm="xAPI", charset="UTF-8"'
_ACCEPTED = re.compile(r"(1\.0(?:\.\d{1,3})?)|(2\.0(?:\.\d{1,3})?)")
_FORM = "application/x-www-form-urlencoded"
# What the alternate request syntax of 1.0.3 carries as form fields (Communication 1.3).
_FORM_HEADERS = (
    "Authorization", VERSION_HEADER, "Content-Type", "Content-Length", "If-Match", "If-None-Match",
    "Accept-Language", "Accept", "Accept-Encoding",
)  # fmt: skip
# Packages run on another origin, without cookies.
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": f"Authorization, Content-Type, {VERSION_HEADER}, If-Match, If-None-Match",
    "Access-Control-Expose-Headers": f"ETag, Last-Modified, {VERSION_HEADER}, {THROUGH_HEADER}",
    "Access-Control-Max-Age": "86400",
}


@dataclass
class Call:
    """What a handler needs of a request."""

    request: HttpRequest
    method: str
    version: str = VERSION_2
    parameters: dict[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    through: datetime | None = None

    @property
    def path(self) -> str:
        return self.request.path

    def body(self) -> bytes:
        """The bytes sent, 413 beyond the limit."""
        if self.content is not None:
            return self.content
        if self.headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}:
            raise StatementError(
                "Content-Encoding", "aucune compression n’est acceptée", "no compression accepted"
            )
        try:
            # Not `request.body`: a batch may be larger than a form.
            body = self.request.read(MAX_BODY + 1)
        except (UnreadablePostError, RawPostDataException, OSError) as error:
            raise StatementError("$", "corps interrompu", "broken body") from error
        if len(body) > MAX_BODY:
            raise TooLargeError("Corps trop grand. / Body too large.")
        self.content = body
        return body

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    def credential(self) -> LrsKey:
        """The key of the caller, or 401."""
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        try:
            text = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise CredentialError("Autorisation illisible. / Malformed Authorization.") from error
        key, separator, secret = text.partition(":")
        if kind.lower() != "basic" or not separator or "\0" in key:
            raise CredentialError("Une clé est attendue (HTTP Basic). / Basic credentials expected.")
        return credentials.credential(key=key, secret=secret, at=clock.now())

    def allow(self, *names: str) -> None:
        """Refuse every other parameter: their names are case sensitive."""
        for name in self.parameters:
            if name not in names:
                raise StatementError(f"?{name}", "paramètre inconnu", "unknown parameter")

    def text(self, name: str) -> str:
        """A parameter that must be there, and not be empty."""
        value = self.parameters.get(name)
        if not value:
            raise StatementError(f"?{name}", "paramètre manquant", "missing parameter")
        if "\0" in value:
            raise StatementError(f"?{name}", "caractère NUL", "NUL character")
        return value

    def uuid(self, name: str) -> UUID:
        value = self.text(name)
        validation.check_part("uuid", value, path=f"?{name}")
        return UUID(value)

    def iri(self, name: str) -> str:
        value = self.text(name)
        validation.check_part("iri", value, path=f"?{name}")
        return value

    def instant(self, name: str) -> datetime | None:
        if name not in self.parameters:
            return None
        # A plus that was not escaped has become a blank.
        value = re.sub(r" (?=\d\d:?\d\d$)", "+", self.text(name))
        validation.check_part("timestamp", value, path=f"?{name}")
        return validation.instant(value, f"?{name}")

    def boolean(self, name: str) -> bool:
        """Strict `true` or `false`, except that the Python client writes a capital."""
        value = self.parameters.get(name, "false")
        if value not in {"true", "false", "True", "False"}:
            raise StatementError(f"?{name}", "true ou false attendu", "true or false expected")
        return value.lower() == "true"

    def actor(self, name: str, *, part: str) -> dict[str, Any]:
        """An agent (or, as `actor`, an identified group too) given as JSON."""
        value = strict_json.loads(self.text(name).encode("utf-8", "surrogatepass"))
        validation.check_part(part, value, path=f"?{name}")
        if rules.ifi(value) is None:
            raise StatementError(f"?{name}", "un identifiant est attendu", "identifier expected")
        return dict(value)


Handler = Callable[[Call], HttpResponse]


def resource(handler: Handler, *methods: str, free: bool = False) -> Callable[..., HttpResponse]:
    """A view: reads the request in either syntax, answers refusals in JSON, puts xAPI's headers on everything.

    `free`: needs no version (the resource About). `base` is the version announced when a request names none.
    """

    @csrf_exempt
    @policy(MACHINE, methods=methods)
    @wraps(handler)
    def view(request: HttpRequest, base: str = VERSION_2) -> HttpResponse:
        call = Call(request, request.method or "", version=base, headers=request.headers)
        if call.method == "OPTIONS":
            return HttpResponse(status=204, headers=_CORS)
        if call.path.endswith("/statements"):
            # No question to the database for its health: writing tries again, and reading may be asked again.
            connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            # Before the page is read: what a reader is told to be complete must be in it.
            if call.path.endswith("/statements") and call.method in {"GET", "HEAD"}:
                call.through = store.consistent_through(clock.now())
            response = _answer(handler, call, methods, free=free)
        except (OperationalError, InterfaceError):
            logger.exception("record store: the database does not answer")
            connection.close()
            body = {"message": "La base ne répond pas\u00a0: recommencez. / Try again.", "field": None}
            response = JsonResponse(body, status=503, headers={"Retry-After": "1"})
        except DomainError as refusal:
            body = {"message": refusal.message, "field": refusal.field}
            response = JsonResponse(body, status=refusal.status, json_dumps_params={"ensure_ascii": False})
            if refusal.status == 401:
                response["WWW-Authenticate"] = _REALM
        return _finish(response, call)

    return view


def _answer(handler: Handler, call: Call, methods: tuple[str, ...], *, free: bool) -> HttpResponse:
    _read_parameters(call)
    given = call.headers.get(VERSION_HEADER)
    accepted = _ACCEPTED.fullmatch(given) if given else None
    if accepted:
        call.version = VERSION_1 if accepted[1] else VERSION_2
    if "method" in call.parameters and call.method == "POST":
        _read_form(call)
        accepted = _ACCEPTED.fullmatch(call.headers.get(VERSION_HEADER, ""))
    if not accepted and not free:
        raise StatementError(
            VERSION_HEADER, "version 1.0.x ou 2.0.x attendue", "version 1.0.x or 2.0.x expected"
        )
    if call.method not in methods:
        return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
    return handler(call)


def _read_parameters(call: Call) -> None:
    for name, values in call.request.GET.lists():
        if len(values) > 1:
            raise StatementError(f"?{name}", "paramètre répété", "repeated parameter")
        call.parameters[name] = str(values[0])


def _read_form(call: Call) -> None:
    """The alternate request syntax, which 2.0.0 took away: all is in the form, nothing beside `method`."""
    method = call.parameters.pop("method").upper()
    if call.parameters or method not in METHODS:
        raise StatementError(
            "?method", "syntaxe de remplacement mal formée", "malformed alternate request syntax"
        )
    if texts.media_type(call.content_type) != _FORM:
        raise StatementError("Content-Type", f"{_FORM} attendu", f"{_FORM} expected")
    try:
        pairs = parse_qsl(
            call.body().decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50
        )
    except ValueError as error:
        raise StatementError("$", "formulaire illisible", "unreadable form") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise StatementError("$", "champ répété", "repeated field")
    lower = {name.lower(): name for name in _FORM_HEADERS}
    headers = {lower[name.lower()]: value for name, value in fields.items() if name.lower() in lower}
    call.headers = {"Content-Type": "application/json"} | headers
    for name in ("Authorization", VERSION_HEADER):
        if name not in headers and name in call.request.headers:
            call.headers = {**call.headers, name: call.request.headers[name]}
    if not re.fullmatch(r"1\.0(\.\d{1,3})?", call.headers.get(VERSION_HEADER, "")):
        raise StatementError(
            "?method",
            "la syntaxe de remplacement n’existe qu’en 1.0.x",
            "alternate syntax exists in 1.0.x only",
        )
    call.version = VERSION_1
    call.method = method
    call.content = fields.get("content", "").encode()
    call.parameters = {
        name: value for name, value in fields.items() if name.lower() not in lower and name != "content"
    }
    if "content" in fields and method in {"GET", "HEAD", "DELETE"}:
        raise StatementError("content", "pas de contenu avec cette méthode", "no content with this method")


def _finish(response: HttpResponse, call: Call) -> HttpResponse:
    response[VERSION_HEADER] = call.version
    response["Cache-Control"] = "no-store"
    for name, value in _CORS.items():
        response[name] = value
    if call.through is not None:
        response[THROUGH_HEADER] = rules.instant_text(call.through)
    if not response.streaming:
        response.setdefault("Content-Length", str(len(response.content)))
        if call.method == "HEAD" or response.status_code == 204:
            # Truly empty: some servers would send what is here, and clients hang on stray bytes.
            response.content = b""
    if response.status_code == 204:
        del response["Content-Type"]
        del response["Content-Length"]
    return response
