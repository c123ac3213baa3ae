"""Taking an opinion."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction

from courses.catalogue.models import Module
from courses.people.models import Adviser
from courses.shared import canonical, clock

from .enums import Moment
from .errors import AlreadyAnsweredError, SurveyMarksError
from .models import SurveyAnswer, SurveyParticipation
from .questionnaire import HIGHEST, surveys
from .rules import month_of

COMMENT_LENGTH = 2_000


@transaction.atomic
def answer_survey(
    *, adviser: Adviser, module: Module, moment: str, marks: Mapping[str, int], comment: str, at: datetime
) -> None:
    """Note that this adviser answered, and elsewhere what was answered. Once.

    Nothing is returned, audited or traced: an entry of this act, with its instant, would lead from one to the other.
    """
    questionnaire = surveys().current
    if set(marks) != {q.code for q in questionnaire.questions}:
        raise SurveyMarksError("Donnez une note à chaque question.")
    if not all(type(mark) is int and 1 <= mark <= HIGHEST for mark in marks.values()):
        raise SurveyMarksError(f"Une note va de 1 à {HIGHEST}.")
    day = at.astimezone(clock.PARIS).date()
    moment = Moment(moment).value
    Adviser.objects.select_for_update(of=("self",), no_key=True).get(pk=adviser.pk)
    known = SurveyParticipation.objects.known().filter(adviser=adviser, module=module, moment=moment)
    if known.exists():
        raise AlreadyAnsweredError("Vous avez déjà donné votre avis. Merci\u00a0!")
    SurveyParticipation.objects.create(
        adviser=adviser, module=module, moment=moment, valid_on=day, known_at=at
    )
    answer = SurveyAnswer(
        id=uuid4(),
        module=module,
        moment=moment,
        questionnaire=questionnaire.version,
        month=month_of(day),
        marks=canonical.dumps(dict(marks)),
        comment=comment.strip()[:COMMENT_LENGTH],
    )
    _insert(answer)


def _insert(answer: SurveyAnswer) -> None:
    """SQLite numbers rows as they come, under their key: here the number is drawn, and the order told is none."""
    if connection.vendor != "sqlite":
        answer.save(force_insert=True)
        return
    fields = answer._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(getattr(answer, field.attname), connection) for field in fields]
    places = ", ".join(["%s"] * (len(values) + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{answer._meta.db_table}" (rowid, {columns}) VALUES ({places})',  # noqa: S608
            [secrets.randbelow(2**62) + 1, *values],
        )
