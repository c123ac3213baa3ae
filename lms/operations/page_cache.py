"""Public pages given again to strangers without being made again, for as long as nothing public has changed.

Kept only: a 200 to a GET that says it is for anyone (`courses.shared.public`), sets no cookie and uses no nonce. Given
only to a request without session, message or credential. Each time, one cheap fact of the database says whether
anything was published, opened or decided since (`cms.api.site_version`), by whatever process of whatever host. What
that fact does not tell (a figure that grew, a name) is seen within `KEPT_SECONDS`.
"""

import gzip
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import Error, connection

from courses.shared.public import KEPT

KEPT_SECONDS = 60
MOST_PAGES = 512
MOST_BYTES = 32 * 1024 * 1024
LARGEST_PAGE = 1024 * 1024
LONGEST_QUERY = 512
_NEVER = ("/static/", "/media/", "/healthz/", "/administration/")
_NONCE = re.compile(r" ?'nonce-([\w-]+)'")
_SAME_FOR_ALL = {"cookie", "accept-encoding"}
# A page not modified tells its reader no more than this.
_REMINDED = {"cache-control", "vary", "content-security-policy", "etag"}

Application = Callable[..., Iterable[bytes]]
Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Kept:
    """One page, as it is and compressed."""

    version: tuple[object, ...]
    at: float
    headers: Headers
    etag: str
    plain: bytes
    packed: bytes

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed)


class PageCache:
    """Stands before the application; knows nothing of what the pages hold."""

    def __init__(self, application: Application, version: Callable[[], tuple[object, ...]]) -> None:
        self.application, self.version = application, version
        self.pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self.bytes = 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        key = self._key(environ)
        version = self._version() if key else None
        if key is None or version is None:
            return self.application(environ, start_response)
        page = self._find(key, version)
        if page is not None:
            return _give(page, environ, start_response)
        held: list[Any] = []

        def begin(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            held[:] = [(status, headers)]
            # Django gives its whole answer back, and never writes by this door.
            return held.append

        answer = self.application(environ, begin)
        status, headers = held[0]
        if environ["REQUEST_METHOD"] == "GET" and _may_keep(status, headers):
            body = _whole(answer)
            page = _made(version, headers, body)
            if page is None:
                start_response(status, headers)
                return [body]
            self._keep(key, page)
            return _give(page, environ, start_response)
        start_response(status, headers)
        return answer

    def _key(self, environ: dict[str, Any]) -> tuple[str, ...] | None:
        """None when the answer may depend on who asks."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        if cookies and (settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies):
            return None
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if path.startswith(_NEVER) or len(query) > LONGEST_QUERY:
            return None
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "") + environ.get("wsgi.url_scheme", "")
        return environ.get("HTTP_HOST", ""), path, query, scheme

    def _version(self) -> tuple[object, ...] | None:
        """None when the database does not answer: the application will say so itself."""
        try:
            return self.version()
        except Error:
            connection.close()
            return None

    def _find(self, key: tuple[str, ...], version: tuple[object, ...]) -> Kept | None:
        page = self.pages.get(key)
        if page is None or page.version != version or time.monotonic() - page.at > KEPT_SECONDS:
            return None
        return page

    def _keep(self, key: tuple[str, ...], page: Kept) -> None:
        """The page longest kept leaves first."""
        with self.lock:
            if former := self.pages.pop(key, None):
                self.bytes -= former.size
            self.pages[key] = page
            self.bytes += page.size
            while len(self.pages) > MOST_PAGES or self.bytes > MOST_BYTES:
                _, oldest = self.pages.popitem(last=False)
                self.bytes -= oldest.size


def _may_keep(status: str, headers: Headers) -> bool:
    said = {name.lower(): value for name, value in headers}
    vary = {name.strip().lower() for name in said.get("vary", "").split(",")} - {""}
    return (
        status.startswith("200 ")
        and said.get("cache-control") == KEPT
        and "set-cookie" not in said
        and "content-encoding" not in said
        and vary <= _SAME_FOR_ALL
    )


def _whole(answer: Iterable[bytes]) -> bytes:
    try:
        return b"".join(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()


def _made(version: tuple[object, ...], headers: Headers, body: bytes) -> Kept | None:
    """None when the page is too large, or bears a nonce: two readers must not share one."""
    if len(body) > LARGEST_PAGE:
        return None
    kept: Headers = []
    for name, value in headers:
        if name.lower() == "content-security-policy":
            if any(nonce.encode() in body for nonce in _NONCE.findall(value)):
                return None
            value = _NONCE.sub("", value)
        if name.lower() not in {"content-length", "x-request-id", "vary", "etag"}:
            kept.append((name, value))
    kept.append(("Vary", "Cookie, Accept-Encoding"))
    etag = f'W/"{sha256(body).hexdigest()[:32]}"'
    kept.append(("ETag", etag))
    # Compressed: nothing of these pages is secret, nor drawn from what the reader sent in a cookie.
    return Kept(version, time.monotonic(), kept, etag, body, gzip.compress(body, 6, mtime=0))


def _give(page: Kept, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    name = ("X-Request-Id", str(uuid4()))
    if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", [*(h for h in page.headers if h[0].lower() in _REMINDED), name])
        return [b""]
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    packed = "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "")
    body = page.packed if packed else page.plain
    encoding = [("Content-Encoding", "gzip")] if packed else []
    start_response("200 OK", [*page.headers, *encoding, ("Content-Length", str(len(body))), name])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
