"""What learners think: sums of published blocks only, so that no filter ever isolates fewer than the threshold."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from courses.api import (
    Block,
    Marks,
    ModuleState,
    Moment,
    Role,
    participations,
    published_blocks,
    structure_of,
    summed,
    surveys,
)
from courses.models import Module, ModuleProgress, PathVersion, User
from courses.templatetags.lms_format import number

from .opinions import NBSP, Asked, Group, Line, Mean, Rate, Row, SatisfactionView, month_words

READERS = (Role.TRAINER, Role.ORGANISATION_MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR)


def modules_visible_to(user: User) -> QuerySet[Module]:
    """The nation’s readers: all; a manager: his organisation’s; a trainer: those he teaches."""
    rights = user.rights
    if rights.reads_nation:
        return Module.objects.all()
    taught = Q(
        organisation__in=rights.organisations_as(Role.TRAINER),
        pk__in=Module.objects.filter(sessions__trainers=user).values("pk"),
    )
    return Module.objects.filter(
        Q(organisation__in=rights.organisations_as(Role.ORGANISATION_MANAGER)) | taught
    )


class _Reading:
    """All that a view is counted from: five queries, whatever is shown."""

    def __init__(self, modules: QuerySet[Module], asked: Asked) -> None:
        self.asked = asked
        self.nation = published_blocks(Module.objects.order_by())
        self.answered = participations(modules.order_by())
        self.able = _able(modules.order_by())
        self.rows = [
            Row(*values)
            for values in modules.order_by("title", "pk").values_list(
                "pk", "public_id", "title", "organisation__public_id", "organisation__name"
            )
        ]
        self.blocks: dict[int, list[Block]] = defaultdict(list)
        for block in self.nation:
            self.blocks[block.module].append(block)

    def kept(self, rows: Iterable[Row]) -> list[Block]:
        return [block for row in rows for block in self.blocks[row.pk] if self.asked.keeps(block)]

    def rate(self, rows: Iterable[Row]) -> Rate:
        """Of those who could answer, how many did, since the beginning."""
        moments = [self.asked.moment] if self.asked.moment else Moment.values
        keys = [(row.pk, moment) for row in rows for moment in moments]
        able = sum(self.able.get(key, 0) for key in keys)
        given = sum(self.answered.get(key, 0) for key in keys)
        return Rate(given, max(able, given))

    def group(self, label: str, url: str, rows: list[Row], hint: str = "") -> Group:
        marks = summed(self.kept(rows))
        return Group(label, url, marks.answers, Mean(marks.tenths), self.rate(rows), hint)

    def view(self, rows: list[Row], **lists: object) -> SatisfactionView:
        kept = self.kept(rows)
        here, nation = summed(kept), summed(filter(self.asked.keeps, self.nation))
        during, after = (summed(b for b in kept if b.moment == moment) for moment in Moment.values)
        questions = [question for question in surveys().questions if here.of(question.code) is not None]
        names = {row.pk: row for row in self.rows}
        return SatisfactionView(
            here=here,
            mean=Mean(here.tenths),
            national=Mean(nation.tenths),
            rate=self.rate(rows),
            questions=tuple(
                Line(q.short, Mean(here.of(q.code)), Mean(nation.of(q.code)), hint=q.text) for q in questions
            ),
            moments=tuple(Line(q.short, Mean(during.of(q.code)), Mean(after.of(q.code))) for q in questions)
            if during.answers and after.answers
            else (),
            months=_months(kept, list(filter(self.asked.keeps, self.nation))),
            blocks=tuple((names[block.module], block) for block in kept),
            month_choices=_month_choices(self.nation),
            **lists,  # type: ignore[arg-type]
        )


def satisfaction_view(user: User, asked: Asked) -> SatisfactionView:
    """By path, by module, and for the nation’s readers by organisation."""
    reading = _Reading(modules_visible_to(user), asked)
    paths = _paths({row.public_id for row in reading.rows})
    within = {module for path, _, modules in paths if str(path) == asked.parcours for module in modules}
    rows = [
        row
        for row in reading.rows
        if (not asked.organisme or str(row.organisation) == asked.organisme)
        and (not asked.parcours or row.public_id in within)
    ]
    organisations = {str(row.organisation): row.organisation_name for row in reading.rows}
    return reading.view(
        rows,
        paths=tuple(
            reading.group(title, asked.url("satisfaction", parcours=str(path)), held)
            for path, title, modules in paths
            if (held := [row for row in rows if row.public_id in modules])
        ),
        modules=tuple(
            reading.group(
                row.title, asked.url("satisfaction_module", row.public_id, organisme="", parcours=""), [row],
                row.organisation_name if len(organisations) > 1 else "",
            )
            for row in rows
        ),
        organisations=tuple(
            reading.group(name, asked.url("satisfaction", organisme=key), held)
            for key, name in sorted(organisations.items(), key=lambda item: item[1])
            if (held := [row for row in rows if str(row.organisation) == key])
        )
        if len(organisations) > 1
        else (),
        organisation_choices=_choices(organisations.items()),
        path_choices=_choices((str(path), title) for path, title, _ in paths),
    )  # fmt: skip


def module_satisfaction(module: Module, asked: Asked) -> SatisfactionView:
    """One module against the nation."""
    reading = _Reading(Module.objects.filter(pk=module.pk), asked)
    return reading.view(reading.rows)


def _able(modules: QuerySet[Module]) -> dict[tuple[int, str], int]:
    """(module, moment) → the advisers who could answer: the rule of the survey, said to the database."""
    done = Q(state=ModuleState.DONE)
    proved = F("on_site_minutes") + F("remote_minutes")
    begun = Q(on_site_minutes__gt=0) | Q(required_minutes__gt=0, required_minutes__lte=2 * proved)
    rows = (
        ModuleProgress.objects.filter(module__in=modules, enrolment__superseded_at=None)
        .order_by()
        .values_list("module")
        .annotate(
            during=Count("enrolment__adviser", distinct=True, filter=done | begun),
            after=Count("enrolment__adviser", distinct=True, filter=done),
        )
    )
    return {
        (module, moment): count
        for module, during, after in rows
        for moment, count in ((Moment.DURING.value, during), (Moment.AFTER.value, after))
    }


def _paths(modules: set[UUID]) -> list[tuple[UUID, str, set[UUID]]]:
    """The paths whose latest version holds one of these modules."""
    latest = PathVersion.objects.known().order_by().values("path").annotate(last=Max("pk")).values("last")
    versions = PathVersion.objects.filter(pk__in=latest).select_related("path").order_by("path__title", "pk")
    held = [
        (v.path.public_id, v.path.title, {m.public_id for m in structure_of(v).modules}) for v in versions
    ]
    return [(path, title, inside & modules) for path, title, inside in held if inside & modules]


def _months(kept: list[Block], nation: list[Block]) -> tuple[Line, ...]:
    """Blocks by the month that completed them, the oldest first."""
    months = sorted({block.last_month for block in kept})
    pick: Callable[[list[Block], date], Marks] = lambda parts, month: summed(  # noqa: E731
        block for block in parts if block.last_month == month
    )
    lines = []
    for month in months:
        here = pick(kept, month)
        first = here.first_month or month
        label = month_words(month) if first == month else f"{month_words(first)} à {month_words(month)}"
        lines.append(Line(label, Mean(here.tenths), Mean(pick(nation, month).tenths), here.answers))
    return tuple(lines)


def _month_choices(nation: list[Block]) -> tuple[dict[str, str], ...]:
    months = sorted({month for block in nation for month in (block.first_month, block.last_month)})
    return tuple({"value": f"{month:%Y-%m}", "label": month_words(month)} for month in months)


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], ...]:
    found = ({"value": value, "label": label} for value, label in pairs)
    return tuple(sorted(found, key=lambda choice: choice["label"]))


@dataclass(frozen=True)
class Opinion:
    """Satisfaction as one figure of a desk."""

    text: str
    detail: str


def satisfaction_figure(user: User) -> Opinion:
    """The mean of what this person may read, in one query."""
    marks = summed(published_blocks(modules_visible_to(user).order_by()))
    mean = Mean(marks.tenths)
    if not mean.text:
        return Opinion("—", mean.words)
    return Opinion(mean.text, f"{number(marks.answers)}{NBSP}réponses publiées")
