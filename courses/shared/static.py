"""Static files of the embedded default, where nothing is collected: each address bears the version of its file, so it
is kept for ever; text is compressed once, when first asked for. In production, collectstatic has done both."""

import gzip
import re
import secrets
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

_TEXT = {".css", ".js", ".json", ".mjs", ".svg", ".txt", ".html", ".ico", ".ttf", ".map", ".geojson"}
SMALLEST = 512
FOREVER = "max-age=315360000, public, immutable"
_VERSION = re.compile(r"(?:^|&)v=([0-9a-f]{12})(?:&|$)")


@cache
def version_of(name: str) -> str:
    """The first signs of the fingerprint of a static file; nothing when there is no such file."""
    found = finders.find(name)
    if not isinstance(found, str) or not Path(found).is_file():
        return ""
    return sha256(Path(found).read_bytes()).hexdigest()[:12]


class VersionedStorage(StaticFilesStorage):
    """`{% static %}` gives the address of the file with its version."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        version = version_of(name) if name and "?" not in name and "#" not in name else ""
        return f"{address}?v={version}" if version else address


class StaticMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, with compression on first use and long life for addresses that bear a version."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready: set[str] = set()
        self.packed = Path(settings.LMS_VAR_DIR) / "static-gz"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        url = request.path_info
        if self.use_finders and url in self.files and url not in self.ready:
            self._pack(url)
        response: HttpResponse = super().__call__(request)
        if self.use_finders and url in self.files:
            asked = _VERSION.search(request.META.get("QUERY_STRING", ""))
            if asked and asked[1] == version_of(url.removeprefix(self.static_prefix)):
                response["Cache-Control"] = FOREVER
        return response

    def _pack(self, url: str) -> None:
        """Give the file its compressed variant, made once and kept beside the database."""
        self.ready.add(url)
        held = self.files[url]
        source = Path(held.alternatives[-1][1]) if isinstance(held, StaticFile) else None
        if source is None or source.suffix not in _TEXT or source.stat().st_size < SMALLEST:
            return
        content = source.read_bytes()
        packed = self.packed / f"{sha256(content).hexdigest()[:32]}.gz"
        if not packed.exists():
            self.packed.mkdir(parents=True, exist_ok=True)
            draft = packed.with_suffix(f".{secrets.token_hex(4)}")
            draft.write_bytes(gzip.compress(content, 9, mtime=0))
            draft.replace(packed)
        headers = Headers([])
        self.add_mime_headers(headers, str(source), url)
        self.add_cache_headers(headers, str(source), url)
        self.files[url] = StaticFile(str(source), headers.items(), encodings={"gzip": str(packed)})
