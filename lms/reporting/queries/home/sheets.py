"""A sheet as a desk lists it."""

from django.db.models import Count, Q, QuerySet

from courses.models import AttendanceSheet
from courses.templatetags.lms_format import french_date
from lms.reporting.links import link

from .desk import amount, numeric, state, to

SHEET_HEADERS = ("Session", "Demi-journée", numeric("Présents signés"), "État")


def counted(sheets: QuerySet[AttendanceSheet]) -> QuerySet[AttendanceSheet]:
    """With how many are expected and how many signed."""
    return sheets.select_related("session").annotate(
        expected=Count("marks", distinct=True),
        signed=Count("marks", filter=Q(marks__presence="present"), distinct=True),
    )


def sheet_cells(sheet: AttendanceSheet) -> tuple[object, ...]:
    """One line of a board: the sheet opens."""
    return (
        to(sheet.session.title, link("sheet", sheet.public_id), sheet.session.place),
        f"{french_date(sheet.day)}, {sheet.get_half_day_display()}",
        amount(f"{sheet.signed} sur {sheet.expected}"),  # type: ignore[attr-defined]
        state("closed" if sheet.state == "closed" else "open", sheet.get_state_display()),
    )
