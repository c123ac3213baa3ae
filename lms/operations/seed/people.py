"""Who is in the demonstration: plainly fictional persons and organisations."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from courses import api as courses
from courses.api import Role
from courses.models import Adviser, Organisation, PostAttachment, TrainingOrganisation, User

PASSWORD = "demonstration-2026"  # noqa: S105  (the demonstration is refused in production)

FIRST_NAMES = (
    "Alix", "Camille", "Charlie", "Claude", "Dominique", "Eden", "Gwenn", "Lou", "Maxence", "Morgan", "Noa",
    "Sacha", "Swann", "Yaël", "Ange", "Andréa", "Céleste", "Côme", "Elia", "Loïs",
)  # fmt: skip
LAST_NAMES = (
    "Essai", "Exemple", "Factice", "Fictif", "Imaginaire", "Inventé", "Maquette", "Modèle", "Prétendu", "Prototype",
    "Simulé", "Supposé", "Témoin", "Théorique", "Virtuel", "Échantillon",
)  # fmt: skip


@dataclass
class Account:
    """One line of what the demonstration prints."""

    user: User
    role: str
    label: str
    organisation: str

    def as_dict(self) -> dict[str, str]:
        return {
            "login": self.user.username,
            "password": PASSWORD,
            "role": self.role,
            "label": self.label,
            "organisation": self.organisation,
        }


@dataclass
class Cast:
    """Everybody, as the story needs them."""

    root: User
    day: date
    random: Random
    accounts: list[Account] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    training: list[TrainingOrganisation] = field(default_factory=list)
    advisers: list[Adviser] = field(default_factory=list)
    by_role: dict[str, User] = field(default_factory=dict)

    def who(self, role: str, index: int = 0) -> User:
        """The account of a role, at the nth organisation for those of a training organisation."""
        return self.by_role[f"{role}:{index}"]


def siret(siren: str) -> str:
    """A head office’s SIRET for a SIREN of our own making: both keys right, of no organisation known to us."""
    for last in range(10):
        candidate = f"{siren}0001{last}"
        if _luhn(candidate):
            return candidate
    raise AssertionError("one of ten digits is right")


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def siren(rank: int) -> str:
    """Nine digits starting with 000: no real SIREN does."""
    for last in range(10):
        candidate = f"000{rank:05d}{last}"
        if _luhn(candidate):
            return candidate
    raise AssertionError("one of ten digits is right")


def make_cast(*, root: User, day: date, at: datetime, organisations: int, random: Random) -> Cast:
    """Organisations and one account for each role."""
    cast = Cast(root=root, day=day, random=random)
    agency = _organisation(cast, "agency", "ANCT (démonstration)", at)
    ministry = _organisation(cast, "ministry", "Ministère chargé de l’emploi (démonstration)", at)
    prefecture = _organisation(cast, "prefecture", "Préfecture des Hautes-Alpes (démonstration)", at, "05")
    names = ("Atelier fictif du numérique", "École imaginaire des usages", "Fabrique d’exemple")
    for rank in range(organisations):
        name = names[rank] if rank < len(names) else f"Organisme fictif n° {rank + 1}"
        organisation = courses.create_training_organisation(
            name=name,
            siret=siret(siren(100 + rank)),
            nda=f"1100{rank + 1:07d}",
            departement_code="75" if rank % 2 else "69",
            approved_centre=rank == 0,
            actor=root,
            at=at,
        )
        cast.training.append(organisation)
        cast.organisations.append(organisation)
        for role, login in (
            (Role.ORGANISATION_MANAGER, "responsable"), (Role.AUTHOR, "auteur"), (Role.TRAINER, "formateur"),
            (Role.PLACEMENT_TUTOR, "tuteur"),
        ):  # fmt: skip
            account(cast, role, login, at=at, organisation=organisation, index=rank)
    for role, login in (
        (Role.PROGRAMME_MANAGER, "programme"), (Role.AUDITOR, "auditeur"), (Role.SERVICE_CERTIFIER, "certificateur"),
        (Role.PAYER, "payeur"),
    ):  # fmt: skip
        account(cast, role, login, at=at, organisation=agency)
    account(cast, Role.MINISTRY_REPRESENTATIVE, "ministere", at=at, organisation=ministry)
    account(cast, Role.PREFECT, "prefecture", at=at, organisation=prefecture, departement="05")
    account(cast, Role.ADMINISTRATOR, "administrateur", at=at)
    for index in range(3):
        account(cast, Role.JURY_MEMBER, "jury", at=at, index=index)
    return cast


def _organisation(
    cast: Cast, kind: str, name: str, at: datetime, departement: str | None = None
) -> Organisation:
    organisation = courses.create_organisation(
        kind=kind, name=name, departement_code=departement, actor=cast.root, at=at
    )
    cast.organisations.append(organisation)
    return organisation


def account(
    cast: Cast,
    role: Role,
    login: str,
    *,
    at: datetime,
    organisation: Organisation | None = None,
    index: int = 0,
    departement: str | None = None,
) -> User:
    """An account and its role; the first of a kind has the plain login."""
    user = _user(cast, login if index == 0 else f"{login}{index + 1}", at)
    courses.grant_role(
        user=user,
        role=role,
        organisation=organisation,
        departement_code=departement,
        start=at.date(),
        actor=cast.root,
        at=at,
    )
    cast.by_role[f"{role.value}:{index}"] = user
    cast.accounts.append(Account(user, role.value, role.label, organisation.name if organisation else ""))
    return user


def _user(cast: Cast, login: str, at: datetime) -> User:
    return courses.create_user(
        username=login,
        first_name=cast.random.choice(FIRST_NAMES),
        last_name=cast.random.choice(LAST_NAMES),
        email=f"{login}@exemple.invalid",
        password=PASSWORD,
        actor=cast.root,
        at=at,
    )


def recruit(cast: Cast, count: int, *, start: date, at: datetime) -> list[Adviser]:
    """Advisers on attached posts, the départements of the founding documents taken in turn."""
    attachments = list(
        PostAttachment.objects.as_of(start)
        .exclude(post__assignments__superseded_at=None, post__assignments__isnull=False)
        .select_related("post", "host_structure")
        .order_by("host_structure__departement", "post__number")
    )
    by_departement: dict[str | None, list[PostAttachment]] = {}
    for attachment in attachments:
        by_departement.setdefault(attachment.host_structure.departement_id, []).append(attachment)
    lanes = list(by_departement.values())
    recruited = []
    for rank in range(count):
        lane = lanes[rank % len(lanes)] if any(lanes) else []
        number = len(cast.advisers) + 1
        adviser = courses.create_adviser(
            user=_user(cast, "conseiller" if number == 1 else f"conseiller{number}", at),
            number=9000 + number,
            birth_date=date(
                1980 + cast.random.randrange(24), 1 + cast.random.randrange(12), 1 + cast.random.randrange(28)
            ),
            actor=cast.root,
            at=at,
        )
        lane = lane or next((lane for lane in lanes if lane), [])
        if lane:
            courses.assign_post(post=lane.pop(0).post, adviser=adviser, start=start, actor=cast.root, at=at)
        cast.advisers.append(adviser)
        recruited.append(adviser)
        cast.accounts.append(Account(adviser.user, "adviser", "Conseiller numérique", ""))
    return recruited


def name_host_managers(cast: Cast, at: datetime) -> None:
    """A manager for the structure of the first adviser."""
    structure = courses.host_structure_of(cast.advisers[0], cast.day)
    if structure is not None:
        account(cast, Role.HOST_MANAGER, "structure", at=at, organisation=structure)
