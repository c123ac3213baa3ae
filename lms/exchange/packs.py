"""The audit pack: the files an auditor takes away, and the manifest that lets anyone check them.

A pack is a pure function of two dates: equal dates give equal bytes, whoever makes it and whenever (R-51). Who made
it is in the audit trail, not in the files.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courses.api import heads
from courses.shared.spreadsheet import cell
from lms.reporting.rules import Moment

from .columns import FILES, TEXT, Columns
from .rows import ROWS, Row

if TYPE_CHECKING:
    import pandas

# No date of the making is inside: the workbook and the archive bear these.
WORKBOOK_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)
SHEET_ROWS = 1_000_000  # a worksheet holds 1 048 576
FORMAT = "dossier-d-audit-1"


@dataclass(frozen=True)
class PackedFile:
    """One file of a pack."""

    name: str
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True)
class PackReport:
    """What a pack holds; `manifest_sha256` stands for all of it."""

    as_of: date
    known_at: datetime
    files: tuple[PackedFile, ...]
    manifest_sha256: str

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "known_at": _utc(self.known_at),
            "files": [asdict(file) for file in self.files],
            "manifest_sha256": self.manifest_sha256,
        }


def make_audit_pack(*, as_of: date, known_at: datetime, out: Path) -> PackReport:
    """Write the files of a pack and their manifest into the folder `out`."""
    report, contents = build(as_of=as_of, known_at=known_at)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (out / name).write_bytes(data)
    return report


def build(*, as_of: date, known_at: datetime) -> tuple[PackReport, dict[str, bytes]]:
    """The pack in memory: name → bytes, the manifest last."""
    moment = Moment(as_of, known_at)
    frames = {name: frame(columns, list(ROWS[name](moment))) for name, columns in FILES.items()}
    counted = {f"{name}.csv": (csv_file(table), len(table)) for name, table in frames.items()}
    counted["dossier.xlsx"] = (workbook(frames), sum(len(table) for table in frames.values()))
    chains = heads(known_at)
    counted["audit_heads.json"] = (_json(chains), len(chains))
    files = tuple(
        PackedFile(name, hashlib.sha256(data).hexdigest(), len(data), rows)
        for name, (data, rows) in sorted(counted.items())
    )
    manifest = _json(
        {
            "format": FORMAT,
            "parameters": {"as_of": as_of.isoformat(), "known_at": _utc(known_at)},
            "files": [asdict(file) for file in files],
            "columns": {f"{name}.csv": [column for column, _ in columns] for name, columns in FILES.items()},
        }
    )
    contents = {name: data for name, (data, _) in sorted(counted.items())} | {"manifest.json": manifest}
    return PackReport(as_of, known_at, files, hashlib.sha256(manifest).hexdigest()), contents


def frame(columns: Columns, rows: Sequence[Row]) -> "pandas.DataFrame":
    """A table of the declared columns and types; identifiers are texts, money is whole cents."""
    import pandas

    return pandas.DataFrame(
        {
            name: pandas.array([row[rank] for row in rows], dtype=dtype)
            for rank, (name, dtype) in enumerate(columns)
        }
    )


def csv_file(table: "pandas.DataFrame") -> bytes:
    """`;`, UTF-8 with its mark, CR LF, and no cell that a spreadsheet would run."""
    harmless = table.copy()
    for name in harmless.columns:
        if harmless[name].dtype == TEXT:
            harmless[name] = harmless[name].map(cell).astype(TEXT)
    text = harmless.to_csv(sep=";", index=False, lineterminator="\r\n")
    return ("\ufeff" + text).encode()


def workbook(frames: dict[str, "pandas.DataFrame"]) -> bytes:
    """One workbook, one sheet for each table: texts stay texts, and no date of the making."""
    import pandas

    out = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with pandas.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        writer.book.set_properties({"title": "Dossier d’audit", "created": WORKBOOK_CREATED})
        for name, table in frames.items():
            for start in range(0, max(len(table), 1), SHEET_ROWS):
                title = name if start == 0 else f"{name}_{start // SHEET_ROWS + 1}"
                table.iloc[start : start + SHEET_ROWS].to_excel(writer, sheet_name=title, index=False)
                writer.sheets[title].freeze_panes(1, 0)
    return out.getvalue()


def archive(contents: dict[str, bytes]) -> bytes:
    """One zip whose bytes depend on its files alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, date_time=ARCHIVE_DATE)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                0o644 << 16,
                3,
            )
            zipped.writestr(entry, contents[name])
    return out.getvalue()


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
