"""An adviser’s record for a reader (PDF) and for a spreadsheet (CSV). The same facts give the same bytes."""

from pathlib import Path
from typing import Any

from django.conf import settings

from courses.shared.clock import PARIS
from courses.shared.documents import render_pdf
from courses.shared.spreadsheet import csv_bytes
from courses.templatetags.lms_format import french_datetime
from lms.reporting.queries.record import PathLine, Record

TEMPLATE = Path(__file__).parent / "record.typ"
CSV_HEADER = (
    "Date",
    "Nature",
    "Fait",
    "Précision",
    "Minutes",
    "Classe de preuve",
    "Connu le",
    "Situation au",
)


def csv_file(record: Record) -> bytes:
    """One fact a line, the oldest first (R-51)."""
    as_of = record.as_of.isoformat()
    return csv_bytes(
        CSV_HEADER,
        (
            (
                event.valid_on.isoformat(), event.label, event.title, event.text, event.minutes or "",
                event.evidence_class, event.known_at.astimezone(PARIS).isoformat(timespec="seconds"), as_of,
            )
            for event in reversed(record.events)
        ),
    )  # fmt: skip


def pdf_file(record: Record) -> bytes:
    """The paper (PDF/A), drawn from the facts alone."""
    return render_pdf(TEMPLATE, _paper(record))


def _paper(record: Record) -> dict[str, Any]:
    return {
        "site": settings.LMS_SITE_NAME,
        "url": settings.LMS_PUBLIC_URL,
        "holder": str(record.adviser),
        "number": record.adviser.number,
        "as_of": record.as_of.isoformat(),
        "known_at": french_datetime(record.known_at) if record.known_at else "aucun fait connu",
        "status": record.status.label,
        "since": record.status.since.isoformat() if record.status.since else "",
        "parts": [part.reason for part in record.status.parts],
        "minutes": record.minutes,
        "years": [
            {
                "year": str(one.year), "on_site": one.on_site_minutes, "remote": one.remote_minutes,
                "placement": one.placement_minutes, "total": one.minutes,
            }
            for one in record.years
        ],
        "paths": [_path(path) for path in record.paths],
        "credentials": [
            {
                "code": line.code, "on": line.issued_on.isoformat(), "url": line.verify_url,
                "revoked_on": line.revoked_on.isoformat() if line.revoked_on else "",
            }
            for line in record.credentials
        ],
        "certificates": [
            {
                "number": line.number, "module": line.module, "minutes": line.minutes,
                "on": line.issued_on.isoformat(),
            }
            for line in record.certificates
        ],
        "events": [
            {"on": event.valid_on.isoformat(), "title": event.title, "text": event.text, "class": event.evidence_class}
            for event in record.events
        ],
    }  # fmt: skip


def _path(path: PathLine) -> dict[str, Any]:
    return {
        "title": path.title,
        "organisation": path.organisation,
        "version": path.version,
        "state": path.state_label,
        "enrolled_on": path.enrolled_on.isoformat(),
        "completed_on": path.completed_on.isoformat() if path.completed_on else "",
        "proved": path.proved_minutes,
        "required": path.required_minutes,
        "modules": [
            {
                "title": module.title,
                "state": module.state_label,
                "proved": module.proved_minutes,
                "required": module.required_minutes,
                "on": module.completed_on.isoformat() if module.completed_on else "",
                "equivalent": module.equivalent,
            }
            for module in path.modules
        ],
    }
