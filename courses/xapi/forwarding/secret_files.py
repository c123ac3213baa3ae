"""The secrets of external stores: one file each, read by its owner only; never a row, a log or a screen (R-66)."""

import os
import tempfile
from pathlib import Path

from django.conf import settings

from .errors import UnreachableError


def _path(code: str) -> Path:
    return Path(settings.LMS_VAR_DIR) / "secrets" / "stores" / code


def write(code: str, secret: str) -> None:
    """Keep the secret of a store, in the place of the former one."""
    path = _path(code)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # born 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def read(code: str) -> str:
    """The secret of a store; UnreachableError when there is none."""
    try:
        return _path(code).read_text(encoding="utf-8")
    except OSError as error:
        raise UnreachableError("Le secret de ce magasin manque : enregistrez-le de nouveau.") from error
