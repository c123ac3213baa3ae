"""Where every adviser stood at a moment: the one reading behind every figure, list and file.

A figure is the length of a list taken here, so it cannot differ from the list it leads to.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from certification import api as certification
from certification.models import Candidacy, CompletionCertificate
from courses import api as courses
from courses.models import (
    Adviser,
    Enrolment,
    PathVersion,
    PostAssignment,
    PostAttachment,
    User,
    VersionAdoption,
)
from lms.reporting.enums import NO_POST, Stage
from lms.reporting.rules import Moment


@dataclass(frozen=True)
class Place:
    """The structure that held an adviser’s post that day, and where it is."""

    structure: str
    siret: str
    departement_code: str
    departement_name: str
    region_code: str
    region_name: str


@dataclass(frozen=True)
class Trainer:
    """A training organisation where an adviser was enrolled."""

    public_id: str
    name: str


@dataclass(frozen=True)
class PersonRow:
    """One adviser at a moment."""

    pk: int
    number: int
    first_name: str
    last_name: str
    post: str
    place: Place | None
    organisations: tuple[Trainer, ...]
    enrolled: bool
    completed: bool
    candidate: bool
    certified: bool
    state: str
    state_label: str
    since: date | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def in_post(self) -> bool:
        return bool(self.post)

    @property
    def departement_code(self) -> str:
        return self.place.departement_code if self.place else NO_POST


REACHED: dict[str, Callable[[PersonRow], bool]] = {
    Stage.ANY: lambda _row: True,
    Stage.IN_POST: lambda row: row.in_post,
    Stage.ENROLLED: lambda row: row.enrolled,
    Stage.COMPLETED: lambda row: row.completed,
    Stage.CANDIDATE: lambda row: row.candidate,
    Stage.CERTIFIED: lambda row: row.certified,
}


@dataclass(frozen=True)
class Filters:
    """What narrows a view; every name is a parameter of the address."""

    departement: str = ""
    region: str = ""
    organisme: str = ""
    etape: str = ""
    poste: str = ""  # « oui »: only those in post that day
    q: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}

    def keep(self, rows: Iterable[PersonRow]) -> list[PersonRow]:
        """The rows that pass every filter, in their order."""
        words = self.q.casefold().split()
        return [
            row
            for row in rows
            if (not self.departement or row.departement_code == self.departement)
            and (not self.region or (row.place is not None and row.place.region_code == self.region))
            and (not self.organisme or any(o.public_id == self.organisme for o in row.organisations))
            and (not self.poste or row.in_post)
            and REACHED.get(self.etape, REACHED[Stage.ANY])(row)
            and all(word in f"{row.number} {row.name}".casefold() for word in words)
        ]


def situation(moment: Moment, user: User | None = None) -> list[PersonRow]:
    """Every adviser that `user` may see (all when None) and of whom anything was known, by number."""
    day, known_at = moment.as_of, moment.known_at
    places = _places(moment)
    posts = {
        adviser: (number, places.get(post))
        for adviser, post, number in PostAssignment.objects.as_of(day, known_at).values_list(
            "adviser", "post", "post__number"
        )
    }
    trainers, completed = _training(moment)
    candidates = set(Candidacy.objects.as_of(day, known_at).values_list("adviser", flat=True))
    advisers = Adviser.objects.visible_to(user) if user is not None else Adviser.objects.all()
    people = advisers.order_by("number").values_list("pk", "number", "user__first_name", "user__last_name")
    certified = certification.certified_advisers(day, known_at)
    rows = []
    for pk, number, first_name, last_name in people:
        if pk not in posts and pk not in trainers and pk not in candidates:
            continue
        post, place = posts.get(pk, ("", None))
        state, label = _state(pk in certified, pk in candidates)
        rows.append(
            PersonRow(
                pk, number, first_name, last_name, post, place, tuple(trainers.get(pk, {}).values()),
                enrolled=pk in trainers, completed=pk in completed, candidate=pk in candidates,
                certified=pk in certified, state=state, state_label=label, since=certified.get(pk),
            )
        )  # fmt: skip
    return rows


def _state(certified: bool, candidate: bool) -> tuple[str, str]:
    """The fold of certification, seen from afar: the same three states, the same words."""
    if certified:
        return "certified", "Certifié"
    return ("in_progress", "Certification en cours") if candidate else ("not_candidate", "Non candidat")


def _places(moment: Moment) -> dict[int, Place]:
    """Post → where it was attached that day."""
    host = "host_structure__"
    rows = PostAttachment.objects.as_of(moment.as_of, moment.known_at).values_list(
        "post", f"{host}name", f"{host}siret", f"{host}departement", f"{host}departement__name",
        f"{host}departement__region_code", f"{host}departement__region_name",
    )  # fmt: skip
    return {post: Place(*(value or "" for value in place)) for post, *place in rows}


def _training(moment: Moment) -> tuple[dict[int, dict[int, Trainer]], set[int]]:
    """Adviser → his training organisations; and the advisers who completed all that a path asks.

    A module is completed by its certificat de réalisation: reading alone never counts.
    """
    trainers: dict[int, dict[int, Trainer]] = defaultdict(dict)
    enrolments: dict[int, tuple[int, int]] = {}
    rows = Enrolment.objects.as_of(moment.as_of, moment.known_at).order_by("pk").values_list(
        "pk", "adviser", "path_version", "path__organisation", "path__organisation__public_id",
        "path__organisation__name",
    )  # fmt: skip
    for pk, adviser, version, organisation, public_id, name in rows:
        trainers[adviser][organisation] = Trainer(str(public_id), name)
        enrolments[pk] = (adviser, version)
    adoptions = VersionAdoption.objects.as_of(moment.as_of, moment.known_at).order_by("valid_on", "pk")
    for pk, version in adoptions.values_list("enrolment", "path_version"):
        if pk in enrolments:
            enrolments[pk] = (enrolments[pk][0], version)
    versions = PathVersion.objects.filter(pk__in={version for _, version in enrolments.values()})
    structures = {version.pk: courses.structure_of(version) for version in versions}
    certified: dict[int, set[UUID]] = defaultdict(set)
    certificates = (
        CompletionCertificate.objects.as_of(moment.as_of, moment.known_at)
        .order_by()
        .values_list("enrolment", "module__public_id")
    )
    for enrolment, module in certificates:
        certified[enrolment].add(module)
    completed = set()
    for enrolment, done in certified.items():
        if enrolment in enrolments:
            adviser, version = enrolments[enrolment]
            if structures[version].completed_by(done):
                completed.add(adviser)
    return trainers, completed
