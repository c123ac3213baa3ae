"""Who may answer what now, and what may be shown of the answers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import SystemRandom
from uuid import UUID

from django.db.models import Count, QuerySet

from courses.catalogue.models import Module
from courses.people.models import Adviser
from courses.shared import clock

from .models import SurveyAnswer, SurveyParticipation
from .questionnaire import surveys
from .rules import Block, Followed, Sheaf, blocks, moment_of, month_of, summed


@dataclass(frozen=True)
class DueSurvey:
    """An opinion that this adviser may give now."""

    module: UUID
    moment: str


def due_surveys(adviser: Adviser, followed: Iterable[tuple[UUID, Followed]]) -> list[DueSurvey]:
    """Of the modules under way or done, those whose opinion is asked and not given yet: one query."""
    asked = {module: moment for module, where in followed if (moment := moment_of(where))}
    given = set(
        SurveyParticipation.objects.known()
        .filter(adviser=adviser, module__public_id__in=asked)
        .values_list("module__public_id", "moment")
    ) if asked else set()  # fmt: skip
    return [DueSurvey(m, moment.value) for m, moment in asked.items() if (m, moment.value) not in given]


def has_answered(adviser: Adviser, module: Module, moment: str) -> bool:
    """That he did; what he said is nowhere near."""
    return SurveyParticipation.objects.known().filter(adviser=adviser, module=module, moment=moment).exists()


def published_blocks(modules: QuerySet[Module], *, today: date | None = None) -> list[Block]:
    """All that may be shown of these modules, in one query: equal answers are counted by the database."""
    rows = (
        SurveyAnswer.objects.filter(module__in=modules)
        .order_by()
        .values_list("module", "moment", "month", "marks")
        .annotate(count=Count("pk"))
    )
    sheaves = (Sheaf(module, moment, month, json.loads(marks), n) for module, moment, month, marks, n in rows)
    this_month = month_of(today or clock.today())
    return blocks(sheaves, this_month=this_month, threshold=surveys().threshold)


def published_comments(module: Module, *, today: date | None = None) -> list[str]:
    """The comments of what is published, without date, in another order each time; never one alone."""
    ends = {
        block.moment: block.last_month
        for block in published_blocks(Module.objects.filter(pk=module.pk), today=today)
    }
    rows = SurveyAnswer.objects.filter(module=module).exclude(comment="").order_by("pk")
    found = [
        comment
        for moment, month, comment in rows.values_list("moment", "month", "comment")
        if moment in ends and month <= ends[moment]
    ]
    SystemRandom().shuffle(found)
    return found if len(found) >= surveys().comments else []


@dataclass(frozen=True)
class Satisfaction:
    """What the public reads of a module: published answers, their mean out of 5 in tenths, their months."""

    answers: int
    tenths: int | None
    first_month: date | None
    last_month: date | None


def satisfaction_of(module_public_ids: Iterable[UUID]) -> dict[UUID, Satisfaction]:
    """One entry for each module asked, without a mark when too few answered: two queries."""
    asked = list(module_public_ids)
    ids = dict(Module.objects.filter(public_id__in=asked).order_by().values_list("pk", "public_id"))
    parts: dict[UUID, list[Block]] = {public_id: [] for public_id in asked}
    for block in published_blocks(Module.objects.filter(pk__in=ids).order_by()):
        parts[ids[block.module]].append(block)
    marks = {public_id: summed(held) for public_id, held in parts.items()}
    return {
        public_id: Satisfaction(m.answers, m.tenths, m.first_month, m.last_month)
        for public_id, m in marks.items()
    }


def participations(modules: QuerySet[Module]) -> dict[tuple[int, str], int]:
    """(module, moment) → how many gave their opinion."""
    rows = SurveyParticipation.objects.known().filter(module__in=modules).order_by()
    counted = rows.values_list("module", "moment").annotate(count=Count("pk"))
    return {(module, moment): count for module, moment, count in counted}
