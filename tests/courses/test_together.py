"""Several lists in one question give the very rows that as many questions give."""

import pytest
from django.db import models

from certification.models import Candidacy, Credential, JuryDecision, Sitting
from courses.models import AttendanceSheet, Enrolment, SessionRegistration, TrainingSession
from courses.shared.together import Rows, read_together
from tests.world import Line, Organisation

pytestmark = pytest.mark.django_db


def columns(row: models.Model) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_each_list_equals_what_its_own_query_gives(django_assert_num_queries):
    Line(Organisation())
    lists = {
        "enrolments": Enrolment.objects.known(),
        "candidacies": Candidacy.objects.known(),
        "decisions": JuryDecision.objects.known(),
        "sheets": AttendanceSheet.objects.all(),
        "sessions": TrainingSession.objects.all(),
        "credentials": Credential.objects.known(),
    }
    wanted = {name: [columns(row) for row in rows.order_by("pk")] for name, rows in lists.items()}

    with django_assert_num_queries(1):
        found = read_together(**{name: Rows(rows) for name, rows in lists.items()})

    assert {name: [columns(row) for row in rows] for name, rows in found.items()} == wanted
    assert all(wanted.values())


def test_related_rows_come_along_and_ask_nothing_more(django_assert_num_queries):
    line = Line(Organisation())

    with django_assert_num_queries(1):
        found = read_together(
            enrolments=Rows(
                Enrolment.objects.known(), related=("path", "path__organisation", "path_version")
            ),
            registrations=Rows(
                SessionRegistration.objects.known(), related=("session", "session__departement")
            ),
            sittings=Rows(Sitting.objects.known(), related=("exam_session",)),
        )
        [enrolment], [registration], [sitting] = found.values()

        assert enrolment.path.organisation.name == line.organisation.training.name
        assert enrolment.path_version.structure == line.organisation.version.structure
        assert registration.session.title == line.session.title
        assert sitting.exam_session.reference == line.exam_session.reference


def test_what_is_left_out_is_read_when_asked():
    line = Line(Organisation(), until="enrol")

    found = read_together(
        versions=Rows(type(line.organisation.version).objects.all(), without=("structure",))
    )

    assert found["versions"][0].structure == line.organisation.version.structure


def test_an_empty_list_is_empty():
    found = read_together(one=Rows(Candidacy.objects.known()), two=Rows(Sitting.objects.none()))

    assert found == {"one": [], "two": []}
