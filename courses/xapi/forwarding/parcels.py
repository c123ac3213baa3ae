"""From kept statements to requests: consecutive statements of one version, their bytes untouched."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import uuid4

from courses.shared import documents
from courses.xapi.models import Statement, StatementAttachment

from .client import Parcel
from .errors import UnreachableError

MAX_PARCEL_BYTES = 1024 * 1024
JSON = "application/json"
_LINE = b"\r\n"


@dataclass(frozen=True)
class Item:
    """A statement on its way out. Without attachments, JSON says it all."""

    statement: Statement
    attachments: tuple[StatementAttachment, ...] = ()

    @property
    def size(self) -> int:
        return len(self.statement.raw.encode()) + sum(one.file.size for one in self.attachments)


def runs(statements: Iterable[Statement]) -> Iterator[list[Item]]:
    """Requests in the stored order: one version each, payloads apart, about 1 MB at most (a statement is whole)."""
    for _, same in groupby(
        _items(list(statements)), key=lambda i: (i.statement.version, bool(i.attachments))
    ):
        run: list[Item] = []
        size = 0
        for item in same:
            if run and size + item.size > MAX_PARCEL_BYTES:
                yield run
                run, size = [], 0
            run.append(item)
            size += item.size
        if run:
            yield run


def _items(statements: list[Statement]) -> Iterator[Item]:
    bare = {one.pk for one in statements if _needs_payloads(one.raw)}
    held: dict[int, list[StatementAttachment]] = {}
    if bare:
        found = StatementAttachment.objects.filter(statement__in=bare).select_related("file").order_by("pk")
        for attachment in found:
            held.setdefault(attachment.statement_id, []).append(attachment)
    for statement in statements:
        yield Item(statement, tuple(held.get(statement.pk, ())))


def _needs_payloads(raw: str) -> bool:
    """An attachment without an address of its own travels with its statement."""
    if '"attachments"' not in raw:
        return False
    body = json.loads(raw)
    named: list[Any] = [*body.get("attachments", []), *body.get("object", {}).get("attachments", [])]
    return any("fileUrl" not in one for one in named)


def parcel(items: list[Item]) -> Parcel:
    """One request. A single statement is an object, several are an array."""
    texts = [item.statement.raw.encode() for item in items]
    content = texts[0] if len(texts) == 1 else b"[" + b",".join(texts) + b"]"
    version = items[0].statement.version
    attachments = {one.sha2: one for item in items for one in item.attachments}
    if not attachments:
        return Parcel(version, JSON, content)
    boundary = uuid4().hex
    parts = [_part({"Content-Type": JSON}, content), *map(_payload, attachments.values())]
    mark = f"--{boundary}".encode()
    body = b"".join(mark + _LINE + part + _LINE for part in parts) + mark + b"--" + _LINE
    # Unquoted and last: some readers take all that follows « boundary= » as it stands.
    return Parcel(version, f"multipart/mixed; boundary={boundary}", body)


def _payload(attachment: StatementAttachment) -> bytes:
    try:
        with documents.open_file(attachment.file_id) as file:
            data = file.read()
    except OSError as error:
        raise UnreachableError(
            f"Une pièce jointe n’est plus sur notre disque ({attachment.file_id})."
        ) from error
    kind = attachment.content_type
    headers = {
        "Content-Type": kind
        if kind.isascii() and kind.isprintable() and kind
        else "application/octet-stream",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": attachment.sha2,
    }
    return _part(headers, data)


def _part(headers: dict[str, str], data: bytes) -> bytes:
    lines = [f"{name}: {value}".encode() for name, value in headers.items()]
    return _LINE.join([*lines, b"", data])
