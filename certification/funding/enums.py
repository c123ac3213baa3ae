"""The life of a claim, and what may be paid."""

from django.db.models import TextChoices

from courses.shared.workflow import Step, Workflow


class PriceItem(TextChoices):
    TRAINING_HOUR = "training_hour", "Heure de formation par stagiaire"
    FIRST_CERTIFICATION = "first_certification", "Première certification"


class ClaimState(TextChoices):
    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Déposée"
    RETURNED = "returned", "Renvoyée pour correction"
    CERTIFIED = "certified", "Service fait attesté"
    PAID = "paid", "Payée"
    CANCELLED = "cancelled", "Annulée"


class LedgerKind(TextChoices):
    COMMITMENT = "commitment", "Engagement"
    SERVICE = "service", "Service fait"
    PAYMENT = "payment", "Paiement"
    SUBSIDY = "subsidy", "Subvention de poste"
    REVERSAL = "reversal", "Contre-passation"


CLAIM_WORKFLOW = Workflow(
    "Demande de paiement",
    ClaimState,
    {
        "submit": Step({ClaimState.DRAFT}, ClaimState.SUBMITTED),
        "return": Step({ClaimState.SUBMITTED}, ClaimState.RETURNED),
        "certify": Step({ClaimState.SUBMITTED}, ClaimState.CERTIFIED),
        "pay": Step({ClaimState.CERTIFIED}, ClaimState.PAID),
        "cancel": Step({ClaimState.DRAFT, ClaimState.RETURNED}, ClaimState.CANCELLED),
    },
)
