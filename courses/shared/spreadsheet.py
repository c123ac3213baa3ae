"""Text tables that a spreadsheet opens without harm: `;`, UTF-8 with BOM, RFC 4180, no formula (R-51)."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def cell(value: object) -> str:
    """The text of one cell; a text that a spreadsheet would run gets a leading apostrophe, an integer does not."""
    if value is None:
        return ""
    if isinstance(value, float):
        raise TypeError("A float has no place in an export: use cents, minutes or text.")
    if isinstance(value, int):
        return str(int(value))
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The whole file; the same rows give the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def euros(cents: int) -> str:
    """Cents as a spreadsheet of France reads a number: 123456 → « 1234,56 »."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"
