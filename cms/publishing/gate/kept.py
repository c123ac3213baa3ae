"""The reports that are kept: one for each revision that was published."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.models import Page, Revision

from cms.publishing.models import GateReport
from courses.models import User

from .values import Report


@dataclass(frozen=True)
class KeptReport:
    """A kept report, as the editor shows it."""

    at: datetime
    by: str
    revision: int
    points: list[dict[str, Any]]


def keep_report(
    *, page: Page, revision: Revision, report: Report, user: User | None, at: datetime
) -> GateReport:
    """Keep what was found on the revision that is published; the first publication of a revision says it."""
    kept, _ = GateReport.objects.get_or_create(
        revision=revision,
        defaults={"page_id": page.pk, "user": user, "at": at, "checks": report.to_json()},
    )
    return kept


def kept_reports(page: Page) -> list[KeptReport]:
    """Those of a page, latest first."""
    rows = GateReport.objects.filter(page=page.pk).select_related("user").order_by("-at", "-pk")
    return [
        KeptReport(
            at=row.at,
            by=str(row.user) if row.user else "publication programmée",
            revision=row.revision_id,
            points=json.loads(row.checks),
        )
        for row in rows[:20]
    ]
