"""The catalogue as a file."""

from django.http import HttpRequest, HttpResponse

from courses.shared.policy import PUBLIC, policy
from courses.shared.spreadsheet import csv_bytes

from .catalogue.results import FILE_HEADER, every_offer, file_rows


@policy(PUBLIC, methods=["GET"])
def catalogue_file(request: HttpRequest) -> HttpResponse:
    """The list that the same address shows, whole."""
    body = csv_bytes(FILE_HEADER, file_rows(every_offer(request)))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="catalogue.csv"'
    return response
