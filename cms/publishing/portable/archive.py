"""The file itself: a zip that holds `path.json` and media named by their hash. Nothing of it is believed."""

import hashlib
import re
import zipfile
import zlib
from io import BytesIO
from typing import IO, Any

from courses.shared import canonical, strict_json

from .errors import PathFileError

FORMAT, VERSION = "parcours", 1
JSON_NAME = "path.json"
MEDIA_NAME = re.compile(r"media/([0-9a-f]{64})")
MAX_FILE = 100 * 1024 * 1024
MAX_JSON = 8 * 1024 * 1024
MAX_MEDIA = 25 * 1024 * 1024
MAX_WHOLE = 300 * 1024 * 1024
MAX_ENTRIES = 1_000
# A text shrinks ten times, seldom twenty: past that it was made to swell.
MAX_RATIO = 100
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def pack(document: dict[str, Any], media: dict[str, bytes]) -> bytes:
    """The same content gives the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, JSON_NAME, canonical.dumps(document).encode(), zipfile.ZIP_DEFLATED)
        for name in sorted(media):
            _put(archive, f"media/{name}", media[name], zipfile.ZIP_STORED)
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type, entry.external_attr, entry.create_system = method, 0o600 << 16, 3
    archive.writestr(entry, data, compresslevel=9)


def unpack(file: IO[bytes]) -> tuple[Any, dict[str, bytes]]:
    """The document and the media, by their hash; PathFileError with a sentence otherwise."""
    if file.seek(0, 2) > MAX_FILE:
        raise PathFileError(f"Le fichier dépasse {MAX_FILE // 1024**2}\u202fMo.")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = _entries(archive)
            return _read_all(archive, entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise PathFileError("Ce fichier n’est pas une archive zip lisible.") from error


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found = archive.infolist()
    if len(found) > MAX_ENTRIES:
        raise PathFileError(f"L’archive compte plus de {MAX_ENTRIES} fichiers.")
    names = {entry.filename: entry for entry in found}
    if len(names) != len(found):
        raise PathFileError("L’archive contient deux fichiers du même nom.")
    for name, entry in names.items():
        if name != JSON_NAME and not MEDIA_NAME.fullmatch(name):
            raise PathFileError(
                f"L’archive contient un fichier inattendu\u202f: «\u00a0{name[:60]!r}\u00a0»."
            )
        if entry.flag_bits & 0x1 or entry.compress_type not in _METHODS:
            raise PathFileError("L’archive est chiffrée, ou compressée d’une façon inconnue.")
    if JSON_NAME not in names:
        raise PathFileError(f"L’archive ne contient pas de parcours ({JSON_NAME}).")
    _refuse_overlaps(archive, found)
    return names


def _refuse_overlaps(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """One stretch of bytes read many times is how a small file becomes a large one."""
    end = 0
    for entry in sorted(entries, key=lambda it: it.header_offset):
        if entry.header_offset < end:
            raise PathFileError("L’archive se lit plusieurs fois au même endroit\u202f: elle est refusée.")
        end = entry.header_offset + 30 + len(entry.filename.encode()) + entry.compress_size
    if end > archive.start_dir:
        raise PathFileError("L’archive se lit plusieurs fois au même endroit\u202f: elle est refusée.")


def _read_all(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> tuple[Any, dict[str, bytes]]:
    text = _read(archive, entries.pop(JSON_NAME), MAX_JSON)
    document = _document(text)
    media, whole = {}, len(text)
    for name, entry in entries.items():
        data = _read(archive, entry, min(MAX_MEDIA, MAX_WHOLE - whole))
        whole += len(data)
        if hashlib.sha256(data).hexdigest() != name.removeprefix("media/"):
            raise PathFileError(
                "Un fichier de l’archive a été modifié\u202f: son empreinte ne correspond pas."
            )
        media[name.removeprefix("media/")] = data
    return document, media


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """By what is really read, never by what the archive announces."""
    with archive.open(entry) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit or len(data) > MAX_RATIO * max(entry.compress_size, 1024):
        raise PathFileError("Un fichier de l’archive est trop gros une fois ouvert.")
    return data


def _document(text: bytes) -> Any:
    try:
        document = strict_json.loads(text, max_bytes=MAX_JSON)
    except strict_json.JsonError as error:
        raise PathFileError(f"Le parcours de l’archive est illisible. {error.message}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PathFileError("Cette archive ne contient pas un parcours.")
    if document.get("version") != VERSION:
        raise PathFileError("Ce parcours a été exporté dans une version que cette plateforme ne lit pas.")
    return document
