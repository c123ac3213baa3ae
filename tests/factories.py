"""A small world for tests, made through the services. All persons are plainly fictional."""

from datetime import UTC, date, datetime
from itertools import count

from courses import api
from courses.models import (
    Adviser,
    HostStructure,
    Organisation,
    Post,
    PostAssignment,
    TrainingOrganisation,
    User,
)

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 12)
START = date(2026, 1, 5)

_numbers = count(1)

# Valid keys, of no real organisation's interest: digits chosen so that both Luhn sums hold.
_SIRENS = ("732829320", "404833048", "552100554", "542051180", "572015246", "775670417")


def siret(n: int) -> str:
    """A SIRET whose key is right: a SIREN of the public vectors and the NIC that completes it."""
    siren = _SIRENS[n % len(_SIRENS)]
    for nic in range(n * 10, n * 10 + 10):
        candidate = f"{siren}{nic:05d}"
        if _luhn(candidate):
            return candidate
    raise AssertionError("one of ten keys is right")


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def root() -> User:
    """Whoever does what is not the subject of the test."""
    user = User.objects.filter(username="racine").first()
    return user or api.create_user(
        username="racine", first_name="Racine", last_name="Fictive", actor=None, at=NOON
    )


def a_user(role: str | None = None, organisation: Organisation | None = None, **extra: str) -> User:
    """An account, with a role when given; agency, ministry and prefecture are made when the role needs them."""
    n = next(_numbers)
    user = api.create_user(
        username=f"personne{n}", first_name=f"Camille{n}", last_name="Fictif", actor=root(), at=NOON
    )
    if role:
        organisation = organisation or _place_for(role)
        api.grant_role(
            user=user, role=role, organisation=organisation, start=START, actor=root(), at=NOON, **extra
        )
    return user


def _place_for(role: str) -> Organisation | None:
    kind = {
        "programme_manager": "agency",
        "auditor": "agency",
        "service_certifier": "agency",
        "payer": "agency",
        "ministry_representative": "ministry",
        "prefect": "prefecture",
    }.get(role)
    if kind:
        return Organisation.objects.filter(kind=kind).first() or api.create_organisation(
            kind=kind, name=f"{kind} fictive", actor=root(), at=NOON
        )
    if role == "host_manager":
        return a_host_structure()
    if role in {"jury_member", "administrator"}:
        return None
    return a_training_organisation()


def a_training_organisation(**values: object) -> TrainingOrganisation:
    n = next(_numbers)
    given = {
        "name": f"Organisme fictif {n}",
        "siret": siret(n),
        "nda": f"1175{n:07d}",
        "departement_code": "75",
    }
    return api.create_training_organisation(**{**given, **values}, actor=root(), at=NOON)  # type: ignore[arg-type]


def a_host_structure(**values: object) -> HostStructure:
    given = {"name": f"Commune fictive {next(_numbers)}", "departement_code": "46"}
    return api.create_host_structure(**{**given, **values}, actor=root(), at=NOON)  # type: ignore[arg-type]


def a_post(structure: HostStructure | None = None, held_on: date = START) -> Post:
    """A post granted by a committee of its own and attached to a structure."""
    committee = api.record_committee(
        code=f"comite-{next(_numbers)}",
        wave="vague fictive",
        status="granted",
        source="document fictif",
        held_on=held_on,
        awards=[api.Award(structure or a_host_structure(), 1)],
        actor=root(),
        at=NOON,
    )
    return committee.posts.get()


def an_adviser(*, in_post: bool = True, structure: HostStructure | None = None) -> Adviser:
    """A conseiller numérique, on a post since January unless told otherwise."""
    adviser = api.create_adviser(
        user=a_user(), number=next(_numbers), birth_date=date(1990, 1, 1), actor=root(), at=NOON
    )
    if in_post:
        an_assignment(adviser, structure=structure)
    return adviser


def an_assignment(adviser: Adviser, structure: HostStructure | None = None) -> PostAssignment:
    return api.assign_post(post=a_post(structure), adviser=adviser, start=START, actor=root(), at=NOON)
