"""Files kept by their content, and papers drawn from data: the same data always gives the same bytes.

A file lives at MEDIA_ROOT/<two first signs>/<sha256>. Its bytes are on the disk before its row is written, and nothing
is read through here without a row: a file whose act was rolled back stays invisible (INV-06).
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import typst
from django.conf import settings

from . import canonical
from .models import StoredFile

FONTS = Path(__file__).parent / "fonts"
PDF = "application/pdf"
# Archival (PDF/A-3a) and accessible (PDF/UA-1) at once.
PDF_STANDARDS: list[Any] = ["a-3a", "ua-1"]


def path_of(sha256: str) -> Path:
    """Where the bytes of that hash live."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def store(data: bytes, media_type: str, at: datetime) -> StoredFile:
    """Keep `data`: written aside, flushed, put in place at once, then recorded. A second time changes nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if not _holds(path, sha256):
        _write(path, data)
    file, _ = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "media_type": media_type, "stored_at": at}
    )
    return file


def open_file(sha256: str) -> BinaryIO:
    """The bytes of a recorded file, open for reading; StoredFile.DoesNotExist without a row."""
    return path_of(StoredFile.objects.get(pk=sha256).sha256).open("rb")


def damaged_files() -> Iterator[str]:
    """One French sentence for each recorded file that is gone or has other bytes (INV-06)."""
    for file in StoredFile.objects.order_by("pk").iterator(500):
        path = path_of(file.sha256)
        if not path.exists():
            yield f"Fichier {file.sha256} : absent du disque."
        elif not _holds(path, file.sha256):
            yield f"Fichier {file.sha256} : contenu altéré."


def _holds(path: Path, sha256: str) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o440)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@cache
def _fonts() -> typst.Fonts:
    """Our folder only: what the machine has installed must not change a paper."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def render_pdf(template: str | Path, context: dict[str, Any]) -> bytes:
    """Draw the typst file `template` (absolute path inside the project) with `context`.

    The template reads `json(bytes(sys.inputs.context))`. A picture travels in the context as SVG text. The clock is
    the epoch for the typesetter, so that equal contexts give equal bytes; a template sets its own document date.
    """
    root = Path(settings.LMS_SOURCE_DIR)
    compiler = typst.Compiler(
        str(template),
        root=str(root),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"context": canonical.dumps(context)},
        package_path=str(FONTS),  # no package: neither found here nor downloaded
        package_cache_path=str(FONTS),
    )
    rendered = compiler.compile(format="pdf", pdf_standards=PDF_STANDARDS, timestamp=0)
    if not isinstance(rendered, bytes):
        raise TypeError("typst gave no PDF.")
    return rendered
