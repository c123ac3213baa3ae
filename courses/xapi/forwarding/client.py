"""Talking to another record store, through tincan's client: the statements leave exactly as they are kept.

tincan's own call has no timeout, decodes what it should carry untouched and reads whatever comes; ours replaces it.
"""

import base64
import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tincan import HTTPRequest, RemoteLRS
from tincan.lrs_response import LRSResponse

from . import rules
from .errors import UnreachableError

SILENCE_SECONDS = 10  # between two signs of life
WHOLE_SECONDS = 30  # for the whole exchange
MAX_ANSWER_BYTES = 64 * 1024
MAX_DETAIL = 400
VERSION_HEADER = "X-Experience-API-Version"


@dataclass(frozen=True)
class Target:
    """Where to send, and as whom. `public_only`: an address of the inner network is refused."""

    endpoint: str
    key: str
    secret: str = field(repr=False)
    public_only: bool = False


@dataclass(frozen=True)
class Parcel:
    """One request: the version of its statements, and its bytes."""

    version: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Answer:
    """What the other side said; `retry_after` in seconds, 0 when it does not say."""

    status: int
    detail: str = ""
    retry_after: int = 0


def send(target: Target, parcel: Parcel) -> Answer:
    """POST a parcel of statements; UnreachableError when no answer comes."""
    credentials = base64.b64encode(f"{target.key}:{target.secret}".encode()).decode()
    store = _Store(endpoint=target.endpoint, auth=f"Basic {credentials}", public_only=target.public_only)
    headers = {
        VERSION_HEADER: parcel.version,
        "Content-Type": parcel.content_type,
        "Accept": "application/json",
    }
    request = _Request(method="POST", resource=rules.STATEMENTS, headers=headers, content=parcel.content)
    answer = store._send_request(request)
    waiting = answer.response.getheader("Retry-After", "")
    return Answer(
        status=answer.response.status,
        detail="" if answer.success else _detail(answer.data, target.secret, credentials),
        retry_after=int(waiting) if waiting.isascii() and waiting.isdecimal() and len(waiting) < 6 else 0,
    )


def _detail(said: str, *secrets: str) -> str:
    """The beginning of what the other side said, on one line, without what only we may know."""
    for secret in secrets:
        if secret:
            said = said.replace(secret, "•••")
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    return words[:MAX_DETAIL]


class _Request(HTTPRequest):
    """A request whose content is bytes, sent as they are."""

    @property
    def content(self) -> bytes | None:
        return self._content

    @content.setter
    def content(self, value: bytes | None) -> None:
        self._content = value


class _Store(RemoteLRS):
    """A remote store reached with bounds: time, size of the answer, and no redirection."""

    _props = [*RemoteLRS._props, "public_only"]

    def _send_request(self, request: _Request) -> LRSResponse:
        url = urlsplit(self.endpoint + request.resource)
        if self.public_only:
            _refuse_inner(url.hostname or "", url.port)
        connection = _connection(url.scheme, url.hostname or "", url.port)
        watchdog = threading.Timer(WHOLE_SECONDS, _hang_up, [connection])
        watchdog.daemon = True
        watchdog.start()
        try:
            response, data = _exchange(
                connection, url.path, {"Authorization": self.auth, **request.headers}, request.content
            )
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise UnreachableError(_why(error)) from error
        finally:
            watchdog.cancel()
            connection.close()
        return LRSResponse(
            success=200 <= response.status < 300,
            request=request,
            response=response,
            data=data.decode("utf-8", errors="replace"),
        )


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=SILENCE_SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=SILENCE_SECONDS)


def _exchange(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str], content: bytes | None
) -> tuple[http.client.HTTPResponse, bytes]:
    # A store may answer (413, 401) and close before it has read all: its answer is what matters.
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.request("POST", path, body=content, headers=headers)
    response = connection.getresponse()
    return response, response.read(MAX_ANSWER_BYTES)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """Whoever drips one sign at a time never falls silent: cut the line."""
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _refuse_inner(host: str, port: int | None) -> None:
    """The store of an organisation is on the internet; a manager’s form must not open our own network."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(_why(error)) from error
    for *_, address in found:
        ip = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if not (getattr(ip, "ipv4_mapped", None) or ip).is_global:
            raise UnreachableError("L’adresse mène à un réseau interne : elle est refusée.")


_WHY: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "Le magasin ne répond pas à temps."),
    (ssl.SSLCertVerificationError, "Le certificat du magasin n’est pas valable."),
    (ssl.SSLError, "La connexion chiffrée avec le magasin échoue."),
    (socket.gaierror, "Le nom du magasin est introuvable."),
    (ConnectionRefusedError, "Le magasin refuse la connexion."),
    (UnicodeError, "Le nom du magasin est illisible."),
    (http.client.RemoteDisconnected, "Le magasin a coupé la connexion sans répondre."),
    (http.client.HTTPException, "La réponse du magasin est illisible."),
)


def _why(error: Exception) -> str:
    return next(
        (words for kind, words in _WHY if isinstance(error, kind)), "La connexion avec le magasin est coupée."
    )
