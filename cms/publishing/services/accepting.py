"""The one door of every publication: button, approval, schedule, code."""

from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import PageLogEntry, Revision

from cms.pages.models import PathPage
from cms.pages.nation import is_national
from cms.publishing.errors import NationalPathError, UnfinishedPageError
from cms.publishing.gate import Report, keep_report, report_on
from cms.publishing.roles import edits_nation
from courses import api as courses
from courses.models import User

NATIONAL_SENTENCE = (
    "Ce parcours est national\u00a0: l’ANCT le publie après votre accord. "
    "Soumettez-le plutôt que de le publier."
)


@transaction.atomic
def accept_publication(*, page: Any, revision: Revision, user: User | None, at: datetime) -> None:
    """Refuse what is unfinished; keep the report of what is published. Called inside the publication."""
    if is_national(page):
        answering = user or _planner(revision)
        if answering is None or not edits_nation(answering):
            raise NationalPathError(NATIONAL_SENTENCE)
    report = report_on(page)
    if not report.passed:
        raise _refusal(page, report)
    if not page.live:
        # Scheduled: what is published on that day is checked on that day.
        return
    keep_report(page=page, revision=revision, report=report, user=user, at=at)
    after = {"revision": revision.pk, "checks": len(report.lines)}
    author = user or revision.user
    if author is not None:
        courses.audit.record("content.page.publish", actor=author, target=page, at=at, after=after)
    else:
        courses.audit.record_system(
            "content.page.publish", object_type=page._meta.label_lower, object_id=str(page.pk), at=at
        )


def _planner(revision: Revision) -> Any:
    """Who set the date at which the machine publishes."""
    planned = PageLogEntry.objects.filter(revision=revision, action="wagtail.publish.schedule")
    entry = planned.order_by("-timestamp", "-pk").first()
    return entry.user if entry else None


def _refusal(page: Any, report: Report) -> UnfinishedPageError:
    faults = list(report.faults)
    kind = page._meta.verbose_name.capitalize()
    sentences = " ".join(fault.text for fault in faults)
    advice = (
        " Ou soumettez le parcours\u00a0: son accord publie tout."
        if isinstance(page, PathPage)
        and any(line.code == "modules" and not line.passed for line in report.lines)
        else ""
    )
    return UnfinishedPageError(
        f"{kind} «\u00a0{page.title}\u00a0»\u00a0: {sentences}{advice}", field=faults[0].field
    )
