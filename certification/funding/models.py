"""Public money: envelopes and post subsidies, contracts and prices, claims and the ledger. Integer cents."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from certification.completion.models import CompletionCertificate
from certification.juries.models import JuryDecision
from courses.models import Adviser, Evidence, Post, TrainingOrganisation, User
from courses.shared.history import Fact, Period, period_in_order

from .enums import ClaimState, LedgerKind, PriceItem


class Envelope(Fact):
    """Where post subsidies come from."""

    APPEND_ONLY = True

    code = models.SlugField("code", max_length=40)
    title = models.CharField("intitulé", max_length=200)
    source = models.TextField("source")

    class Meta:
        verbose_name = "enveloppe"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(superseded_at=None), name="envelope_code_unique"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PostSubsidy(Fact):
    """What the State grants for one post (an amount of its own, never a constant)."""

    APPEND_ONLY = True

    post = models.ForeignKey(Post, models.PROTECT, related_name="subsidies")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="subsidies")
    amount_cents = models.BigIntegerField("montant")
    source = models.TextField("source")

    class Meta:
        verbose_name = "subvention de poste"
        verbose_name_plural = "subventions de poste"
        constraints = [
            models.UniqueConstraint(
                fields=["post", "envelope"],
                condition=Q(superseded_at=None),
                name="post_subsidy_one_per_envelope",
                violation_error_message="Ce poste a déjà une subvention dans cette enveloppe.",
            ),
            models.CheckConstraint(name="post_subsidy_positive", condition=Q(amount_cents__gt=0)),
        ]


class Contract(Period):
    """Marché: the State buys training from an organisation."""

    APPEND_ONLY = True

    number = models.CharField("numéro de marché", max_length=40)
    title = models.CharField("objet", max_length=200)
    organisation = models.ForeignKey(TrainingOrganisation, models.PROTECT, related_name="contracts")

    class Meta:
        verbose_name = "marché"
        verbose_name_plural = "marchés"
        constraints = [
            period_in_order("contract_in_order"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(superseded_at=None), name="contract_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Lot(models.Model):
    """A territory of a contract."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="lots")
    number = models.PositiveSmallIntegerField("lot")
    title = models.CharField("territoire", max_length=200)

    class Meta:
        verbose_name = "lot"
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="lot_unique")]

    def __str__(self) -> str:
        return f"{self.contract} – lot {self.number}"


class UnitPrice(Period):
    """The price of one unit in a lot, from a day to another."""

    APPEND_ONLY = True

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="prices")
    item = models.CharField("unité", max_length=20, choices=PriceItem)
    cents = models.PositiveBigIntegerField("prix")

    class Meta:
        verbose_name = "prix unitaire"
        verbose_name_plural = "prix unitaires"
        constraints = [
            period_in_order("unit_price_in_order"),
            models.UniqueConstraint(
                fields=["lot", "item", "start"],
                condition=Q(superseded_at=None),
                name="unit_price_unique",
                violation_error_message="Un prix existe déjà à cette date.",
            ),
        ]


class PurchaseOrder(Fact):
    """Bon de commande: the amount that claims may not pass."""

    APPEND_ONLY = True

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="orders")
    number = models.CharField("numéro d’engagement", max_length=40)
    committed_cents = models.PositiveBigIntegerField("montant engagé")

    class Meta:
        verbose_name = "bon de commande"
        verbose_name_plural = "bons de commande"
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(superseded_at=None), name="purchase_order_number_unique"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The manager of the claiming organisation; the certifier, the payer and the nation’s readers."""
        rights = user.rights
        if rights.reads_nation or rights.has("service_certifier", "payer"):
            return self
        return self.filter(organisation__in=rights.organisations_as("organisation_manager"))


class Claim(models.Model):
    """Demande de paiement: lines each resting on one proof. Prepared, certified and paid by three persons."""

    FROZEN_WHEN = "{row}.state IN ('paid', 'cancelled')"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField("numéro", max_length=30, unique=True)
    organisation = models.ForeignKey(TrainingOrganisation, models.PROTECT, related_name="claims")
    order = models.ForeignKey(
        PurchaseOrder, models.PROTECT, related_name="claims", verbose_name="bon de commande"
    )
    start = models.DateField("du")
    end = models.DateField("au")
    state = models.CharField("état", max_length=10, choices=ClaimState, default=ClaimState.DRAFT)
    total_cents = models.BigIntegerField("total")
    lines_hash = models.CharField("empreinte des lignes", max_length=64, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("préparée le")
    submitted_at = models.DateTimeField("déposée le", null=True)
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField("service fait attesté le", null=True)
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField("payée le", null=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de paiement"
        verbose_name_plural = "demandes de paiement"
        ordering = ["-prepared_at"]
        constraints = [
            period_in_order("claim_in_order"),
            models.CheckConstraint(
                name="claim_certified_full_or_none",
                condition=Q(certified_by=None, certified_at=None)
                | Q(certified_by__isnull=False, certified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_paid_full_or_none",
                condition=Q(paid_by=None, paid_at=None) | Q(paid_by__isnull=False, paid_at__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_three_persons",
                condition=(Q(certified_by=None) | ~Q(certified_by=F("prepared_by")))
                & (Q(paid_by=None) | (~Q(paid_by=F("prepared_by")) & ~Q(paid_by=F("certified_by")))),
                violation_error_message="Préparer, attester et payer sont les actes de trois personnes distinctes.",
            ),
            models.CheckConstraint(
                name="claim_dates_in_order",
                condition=(Q(submitted_at=None) | Q(submitted_at__gte=F("prepared_at")))
                & (Q(certified_at=None) | Q(certified_at__gte=F("submitted_at")))
                & (Q(paid_at=None) | Q(paid_at__gte=F("certified_at"))),
                violation_error_message="Les dates d’une demande se suivent.",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ClaimLine(Fact):
    """One proof, one price, one amount. `superseded_at` is set when the claim is cancelled: the proof is free again."""

    APPEND_ONLY = True
    # Once the claim is handed in, nothing is added to it nor freed from it (INV-32).
    FROZEN_WHEN = (
        "EXISTS (SELECT 1 FROM certification_claim c WHERE c.id = {row}.claim_id "
        "AND c.state IN ('submitted', 'certified', 'paid'))"
    )

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    item = models.CharField("unité", max_length=20, choices=PriceItem)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", verbose_name="preuve")
    certificate = models.ForeignKey(CompletionCertificate, models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(JuryDecision, models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField("minutes", default=0)
    price = models.ForeignKey(UnitPrice, models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField("montant")

    class Meta:
        verbose_name = "ligne de demande"
        verbose_name_plural = "lignes de demande"
        constraints = [
            models.UniqueConstraint(
                fields=["evidence"],
                condition=Q(superseded_at=None, evidence__isnull=False),
                name="claim_line_evidence_once",
                violation_error_message="Cette preuve est déjà facturée : elle ne peut pas l’être deux fois.",
            ),
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(superseded_at=None, decision__isnull=False),
                name="claim_line_decision_once",
                violation_error_message="Cette certification est déjà facturée dans une demande.",
            ),
            models.CheckConstraint(
                name="claim_line_one_proof",
                condition=Q(
                    item=PriceItem.TRAINING_HOUR, evidence__isnull=False, decision=None, minutes__gt=0
                )
                | Q(item=PriceItem.FIRST_CERTIFICATION, evidence=None, decision__isnull=False, minutes=0),
            ),
        ]

    @property
    def learner(self) -> Adviser:
        """The adviser whose proof it is."""
        if self.evidence is not None:
            return self.evidence.enrolment.adviser
        if self.decision is None:
            raise ValueError("A line has one proof.")
        return self.decision.sitting.candidacy.adviser


class ClaimReturn(Fact):
    """The certifier sends a claim back, with the reason."""

    APPEND_ONLY = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="returns")
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField("motif")

    class Meta:
        verbose_name = "renvoi de demande"


class ServiceCertification(Fact):
    """Attestation du service fait: the certifier’s act on a claim."""

    APPEND_ONLY = True

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="service_certification")
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField("montant attesté")

    class Meta:
        verbose_name = "attestation du service fait"


class Payment(Fact):
    """The payer’s act, a third person’s."""

    APPEND_ONLY = True

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="payment")
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField("montant payé")
    reference = models.CharField("référence de paiement", max_length=60, unique=True)

    class Meta:
        verbose_name = "paiement"


class LedgerTransaction(Fact):
    """A balanced set of entries; corrected only by a reversal that names it."""

    APPEND_ONLY = True

    kind = models.CharField("nature", max_length=12, choices=LedgerKind)
    reference = models.CharField("pièce", max_length=60, unique=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        verbose_name = "écriture"


class LedgerEntry(models.Model):
    """One side of a transaction: debit positive, credit negative."""

    APPEND_ONLY = True

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.CharField("compte", max_length=80)
    amount_cents = models.BigIntegerField("montant")

    class Meta:
        verbose_name = "ligne d’écriture"
        indexes = [models.Index(fields=["account"], name="ledger_entry_account")]
        constraints = [models.CheckConstraint(name="ledger_entry_not_zero", condition=~Q(amount_cents=0))]
