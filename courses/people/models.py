"""Persons, organisations, who holds which role, and the funded posts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from courses.shared import clock
from courses.shared.history import Fact, FactQuerySet, Period, PeriodQuerySet, period_in_order
from courses.shared.identifiers import validate_nda, validate_siret

from .enums import (
    NATIONAL_READERS,
    AccommodationKind,
    AwardStatus,
    LegalKind,
    OrganisationKind,
    Role,
)


@dataclass(frozen=True)
class Rights:
    """What a person may be today: roles, and where each is held."""

    roles: frozenset[str] = frozenset()
    organisations: dict[str, frozenset[int]] = field(default_factory=dict)
    departements: frozenset[str] = frozenset()
    adviser_id: int | None = None

    def has(self, *roles: str) -> bool:
        return bool(self.roles & {str(role) for role in roles})

    def organisations_as(self, *roles: str) -> set[int]:
        """Ids of the organisations where one of `roles` is held."""
        return {pk for role in roles for pk in self.organisations.get(str(role), frozenset())}

    @property
    def reads_nation(self) -> bool:
        return bool(self.roles & NATIONAL_READERS)


class User(AbstractUser):
    """An account. `public_id` is the only name that statements and audit know."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField("adresse électronique", blank=True)

    class Meta:
        verbose_name = "compte"

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def rights(self) -> Rights:
        """Read from the database once for each request (the instance lives no longer)."""
        if not hasattr(self, "_rights"):
            self._rights = self._read_rights(clock.today())
        return self._rights

    def _read_rights(self, day: date) -> Rights:
        held = list(
            Membership.objects.as_of(day).filter(user=self).values_list("role", "organisation", "departement")
        )
        # Asked once: the account then knows its adviser.
        adviser_id = self.adviser.pk if hasattr(self, "adviser") else None
        roles = {role for role, _, _ in held} | ({Role.ADVISER.value} if adviser_id else set())
        return Rights(
            roles=frozenset(roles),
            organisations={r: frozenset(o for role, o, _ in held if role == r and o) for r in roles},
            departements=frozenset(d for role, _, d in held if role == Role.PREFECT and d),
            adviser_id=adviser_id,
        )


class Departement(models.Model):
    """One of the 101 départements and 8 overseas collectivities (source: géographie administrative, Etalab)."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    region_code = models.CharField(max_length=3)
    region_name = models.CharField("région", max_length=60)
    zone = models.CharField(max_length=5)

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """National readers, payers and certifiers see all; others the organisations where they hold a role."""
        rights = user.rights
        if rights.reads_nation or rights.has(Role.SERVICE_CERTIFIER, Role.PAYER, Role.ADMINISTRATOR):
            return self
        own = {pk for pks in rights.organisations.values() for pk in pks}
        return self.filter(Q(pk__in=own) | Q(departement__in=rights.departements))


class Organisation(models.Model):
    """A legal person of the programme."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=12, choices=OrganisationKind)
    name = models.CharField("nom", max_length=200)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, verbose_name="département"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret", "kind"],
                condition=~Q(siret=""),
                name="organisation_siret_unique",
                violation_error_message="Une organisation de cette nature porte déjà ce SIRET.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TrainingOrganisation(Organisation):
    """Organisme de formation: authors, trains, claims."""

    nda = models.CharField("déclaration d’activité", max_length=11, validators=[validate_nda])
    approved_centre = models.BooleanField("centre d’examen agréé", default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme de formation"
        constraints = [
            models.UniqueConstraint(
                fields=["nda"],
                name="training_organisation_nda_unique",
                violation_error_message="Un organisme porte déjà ce numéro de déclaration d’activité.",
            )
        ]


class HostStructure(Organisation):
    """Structure d’accueil: holds posts, employs advisers. Its SIRET may still be unknown."""

    legal_kind = models.CharField(
        "statut juridique", max_length=8, choices=LegalKind, default=LegalKind.PUBLIC
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "structure d’accueil"


class Membership(Period):
    """A role held by a person in an organisation, with dates; ended by a new row, never erased."""

    APPEND_ONLY = True

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="personne")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField("rôle", max_length=24, choices=Role)
    departement = models.ForeignKey(Departement, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = "rôle"
        constraints = [
            period_in_order("membership_in_order"),
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "start"],
                condition=Q(superseded_at=None),
                name="membership_unique",
                violation_error_message="Cette personne tient déjà ce rôle dans cette organisation.",
            ),
            models.CheckConstraint(
                name="membership_prefect_has_departement",
                condition=~Q(role=Role.PREFECT) | Q(departement__isnull=False),
                violation_error_message="Une préfecture agit dans un département : indiquez-le.",
            ),
        ]


class AdviserQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Oneself; national readers; the manager of the structure where the post is; the prefect of its département."""
        rights = user.rights
        if rights.reads_nation:
            return self
        today = clock.today()
        attachments = PostAttachment.objects.as_of(today).filter(
            Q(host_structure__in=rights.organisations_as(Role.HOST_MANAGER))
            | Q(host_structure__departement__in=rights.departements)
        )
        posts = PostAssignment.objects.as_of(today).filter(post__in=attachments.values("post"))
        return self.filter(Q(user=user) | Q(pk__in=posts.values("adviser")))


class Adviser(models.Model):
    """Conseiller numérique. `number` is the stable public key of the agency's own tools."""

    user = models.OneToOneField(User, models.PROTECT, related_name="adviser", verbose_name="compte")
    number = models.PositiveIntegerField("numéro de conseiller", unique=True)
    birth_date = models.DateField("date de naissance", null=True, blank=True)

    objects = AdviserQuerySet.as_manager()

    class Meta:
        verbose_name = "conseiller numérique"
        verbose_name_plural = "conseillers numériques"
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.user)


class Accommodation(Period):
    """Aménagement: what is arranged for a learner, as he declared it. Never the cause, never a medical paper."""

    APPEND_ONLY = True

    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="accommodations")
    kind = models.CharField("aménagement", max_length=16, choices=AccommodationKind)
    detail = models.CharField("précision utile à l’organisation", max_length=200, blank=True)

    class Meta:
        verbose_name = "aménagement"
        constraints = [period_in_order("accommodation_in_order")]

    def __str__(self) -> str:
        return self.get_kind_display()


class RecordShare(models.Model):
    """A link by which an adviser lets someone read a part of his record, until a day. Only its hash is kept."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="shares")
    label = models.CharField("destinataire", max_length=120)
    # Names of `ShareScope`, separated by blanks.
    scopes = models.CharField("ce qui est montré", max_length=100)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le")
    expires_at = models.DateTimeField("fin")
    revoked_at = models.DateTimeField("arrêté le", null=True)
    last_read_at = models.DateTimeField("dernière lecture", null=True)

    class Meta:
        verbose_name = "partage du dossier"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="record_share_ends",
                condition=Q(expires_at__gt=models.F("created_at")),
                violation_error_message="Un partage prend fin après sa création.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class CommitteeQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """The nation’s readers."""
        return self.known() if user.rights.reads_nation else self.none()


class Committee(Fact):
    """One decision of a selection committee: a wave, a status, the document that states it."""

    APPEND_ONLY = True

    code = models.SlugField("code", max_length=40)
    wave = models.CharField("vague", max_length=60)
    status = models.CharField("portée", max_length=12, choices=AwardStatus, default=AwardStatus.GRANTED)
    source = models.TextField("document", help_text="Titre, lieu et date du document qui l’énonce.")
    date_is_assumed = models.BooleanField("date supposée", default=False)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = "comité de sélection"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(superseded_at=None),
                name="committee_code_unique",
                violation_error_message="Ce comité est déjà enregistré.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.wave}"


class Post(Fact):
    """A funded post, reserved by a committee. Where it is and who holds it are two other dated things."""

    APPEND_ONLY = True

    number = models.CharField("numéro de poste", max_length=40)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="posts", verbose_name="comité")

    class Meta:
        verbose_name = "poste"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(superseded_at=None),
                name="post_number_unique",
                violation_error_message="Ce numéro de poste existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.number


class PostAttachment(Period):
    """A post attached to a host structure, from a day to another."""

    APPEND_ONLY = True
    NO_OVERLAP = ("post_id",)
    NO_OVERLAP_MESSAGES = {"post_id": "Ce poste est déjà rattaché à une structure à ces dates."}

    post = models.ForeignKey(Post, models.PROTECT, related_name="attachments")
    host_structure = models.ForeignKey(HostStructure, models.PROTECT, related_name="attachments")

    class Meta:
        verbose_name = "rattachement de poste"
        constraints = [period_in_order("post_attachment_in_order")]


class PostAssignment(Period):
    """An adviser on a post, from a day to another."""

    APPEND_ONLY = True
    NO_OVERLAP = ("post_id", "adviser_id")
    NO_OVERLAP_MESSAGES = {
        "post_id": "Ce poste est déjà occupé à ces dates.",
        "adviser_id": "Ce conseiller occupe déjà un autre poste à ces dates.",
    }

    post = models.ForeignKey(Post, models.PROTECT, related_name="assignments")
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="assignments")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "affectation sur un poste"
        constraints = [period_in_order("post_assignment_in_order")]
