"""The national view: every figure is counted from the rows that its link shows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from courses.models import User
from lms.reporting.enums import NO_POST, Stage
from lms.reporting.queries.situation import Filters, PersonRow, situation
from lms.reporting.rules import Moment


@dataclass(frozen=True)
class Count:
    """A figure and the list it leads to."""

    count: int
    url: str


@dataclass(frozen=True)
class GroupRow:
    """One département or one training organisation, with its figures."""

    code: str
    label: str
    in_post: Count
    enrolled: Count
    completed: Count
    candidates: Count
    certified: Count


@dataclass(frozen=True)
class Choice:
    """One option of a filter."""

    value: str
    label: str


@dataclass(frozen=True)
class NationalView:
    """The whole screen, for the persons that the reader may see."""

    funnel: tuple[dict[str, object], ...]
    certified: Count
    certified_without_post: Count
    in_post: Count
    departements: tuple[GroupRow, ...]
    organisations: tuple[GroupRow, ...]
    map_values: dict[str, int]
    map_url: str
    departement_choices: tuple[Choice, ...]
    region_choices: tuple[Choice, ...]
    organisation_choices: tuple[Choice, ...]


STAGES = (Stage.IN_POST, Stage.ENROLLED, Stage.COMPLETED, Stage.CANDIDATE, Stage.CERTIFIED)
DETAILS = {
    Stage.ENROLLED: "dont inscrits à un parcours",
    Stage.COMPLETED: "un certificat de réalisation pour chaque module",
    Stage.CANDIDATE: "CCP1 ou Pix, par la formation ou la VAE",
    Stage.CERTIFIED: "CCP1 et Pix acquis",
}


def persons_url(moment: Moment, filters: Filters) -> str:
    """The list of the persons behind a figure."""
    return f"{reverse('persons')}?{urlencode({**moment.parameters, **filters.parameters})}"


def national_view(*, user: User, moment: Moment, filters: Filters) -> NationalView:
    """Funnel, départements and organisations at a moment."""
    everyone = situation(moment, user)
    rows = filters.keep(everyone)

    def counted(people: Iterable[PersonRow], **narrower: str) -> Count:
        chosen = replace(filters, **narrower)
        return Count(len(chosen.keep(people)), persons_url(moment, chosen))

    funnel = []
    for stage in STAGES:
        found = counted(rows, etape=stage.value, poste="oui")
        funnel.append(
            {"label": stage.label, "count": found.count, "url": found.url, "detail": DETAILS.get(stage, "")}
        )
    departements = _groups(rows, _departements_of, counted, "departement")
    return NationalView(
        funnel=tuple(funnel),
        certified=counted(rows, etape=Stage.CERTIFIED.value),
        certified_without_post=counted(
            [row for row in rows if not row.in_post], etape=Stage.CERTIFIED.value, departement=NO_POST
        ),
        in_post=counted(rows, etape=Stage.IN_POST.value),
        departements=departements,
        organisations=_groups(rows, _organisations_of, counted, "organisme"),
        map_values={row.code: row.certified.count for row in departements if row.code != NO_POST},
        map_url=persons_url(moment, replace(filters, departement="CODE", etape=Stage.CERTIFIED.value)),
        departement_choices=_choices(everyone, _departements_of),
        region_choices=_choices(everyone, _regions_of),
        organisation_choices=_choices(everyone, _organisations_of),
    )


Keys = Callable[[PersonRow], list[tuple[str, str]]]


def _departements_of(row: PersonRow) -> list[tuple[str, str]]:
    if row.place is None:
        return [(NO_POST, "Sans poste ce jour-là")]
    return [(row.place.departement_code, f"{row.place.departement_name} ({row.place.departement_code})")]


def _regions_of(row: PersonRow) -> list[tuple[str, str]]:
    return [(row.place.region_code, row.place.region_name)] if row.place else []


def _organisations_of(row: PersonRow) -> list[tuple[str, str]]:
    return [(trainer.public_id, trainer.name) for trainer in row.organisations]


def _groups(
    rows: list[PersonRow], keys: Keys, counted: Callable[..., Count], parameter: str
) -> tuple[GroupRow, ...]:
    """One row for each key, in the order of its code or name."""
    people: dict[tuple[str, str], list[PersonRow]] = defaultdict(list)
    for row in rows:
        for key in keys(row):
            people[key].append(row)
    by_code = parameter == "departement"
    ordered = sorted(people, key=lambda key: (key[0] == NO_POST, key[0] if by_code else key[1]))
    return tuple(
        GroupRow(
            code,
            label,
            *(counted(people[code, label], **{parameter: code, "etape": stage.value}) for stage in STAGES),
        )
        for code, label in ordered
    )


def _choices(rows: list[PersonRow], keys: Keys) -> tuple[Choice, ...]:
    found = {key for row in rows for key in keys(row)}
    return tuple(Choice(code, label) for code, label in sorted(found, key=lambda key: key[1]))
