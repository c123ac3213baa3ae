"""multipart/mixed of statements and their attachments (xAPI Communication 1.5.2, RFC 2046)."""

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from typing import NoReturn
from uuid import uuid4

from .errors import StatementError
from .ingest import Part
from .texts import JSON, media_type

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,70}(?<! )")
MAX_PARTS = 1000


def boundary_of(content_type: str) -> str:
    """The boundary of a multipart/mixed media type; StatementError without a right one."""
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not _BOUNDARY.fullmatch(boundary):
        _refuse("boundary manquant ou faux", "missing or wrong boundary")
    return boundary


def read(body: bytes, content_type: str) -> tuple[bytes, dict[str, Part]]:
    """The JSON of the statements, and the payloads by their declared hash (lower case)."""
    parts = list(_split(body, boundary_of(content_type).encode("latin-1")))
    if not parts:
        _refuse("aucune partie", "no part")
    headers, first = parts[0]
    if media_type(headers.get("content-type", "")) != JSON:
        _refuse("la première partie doit être application/json", "the first part must be application/json")
    payloads: dict[str, Part] = {}
    for headers, content in parts[1:]:
        sha2 = headers.get("x-experience-api-hash", "").strip().lower()
        if not sha2:
            _refuse("X-Experience-API-Hash manquant", "X-Experience-API-Hash missing")
        if headers.get("content-transfer-encoding", "").strip().lower() != "binary":
            _refuse("Content-Transfer-Encoding: binary attendu", "Content-Transfer-Encoding: binary expected")
        payloads[sha2] = Part(headers.get("content-type", "application/octet-stream")[:200], content)
    return first, payloads


def _split(body: bytes, boundary: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    mark = b"--" + boundary
    if not body.startswith(mark):
        start = body.find(b"\r\n" + mark)
        if start < 0:
            _refuse("aucune partie", "no part")
        body = body[start + 2 :]
    pieces = body[len(mark) :].split(b"\r\n" + mark)
    if len(pieces) > MAX_PARTS:
        _refuse(f"plus de {MAX_PARTS} parties", f"more than {MAX_PARTS} parts")
    # What follows the boundary says whether it opens a part or closes the whole.
    if not pieces[-1].startswith(b"--"):
        _refuse("la fin manque", "closing boundary missing")
    for piece in pieces[:-1]:
        line, separator, rest = piece.partition(b"\r\n")
        if line.strip(b" \t") or not separator:
            _refuse("séparateur mal formé", "malformed delimiter")
        if rest.startswith(b"\r\n"):
            yield {}, rest[2:]
            continue
        head, separator, content = rest.partition(b"\r\n\r\n")
        if not separator:
            _refuse("en-têtes de partie mal formés", "malformed part headers")
        yield _headers(head), content


def _headers(head: bytes) -> dict[str, str]:
    found = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, separator, value = line.partition(":")
        if not separator or "\0" in line:
            _refuse("en-têtes de partie mal formés", "malformed part headers")
        found[name.strip().lower()] = value.strip()
    return found


def write(text: str, payloads: Iterable[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """Body and Content-Type of an answer: the JSON, then (hash, media type, bytes) of each payload.

    The boundary is the last parameter and is not quoted: one of the clients takes all that follows `boundary=`.
    """
    boundary = f"xapi-{uuid4().hex}"
    chunks = [f"--{boundary}\r\nContent-Type: application/json\r\n\r\n{text}\r\n".encode()]
    for sha2, kind, content in payloads:
        chunks.append(
            f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n"
            f"X-Experience-API-Hash: {sha2}\r\n\r\n".encode()
        )
        chunks += [content, b"\r\n"]
    chunks.append(f"--{boundary}--\r\n".encode())
    return b"".join(chunks), f"multipart/mixed; boundary={boundary}"


def _refuse(french: str, english: str) -> NoReturn:
    raise StatementError("multipart", french, english)
