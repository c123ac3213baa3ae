"""Pure rules of money: the one rounding, the reasons that block a line, the accounts, the file of lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from courses.shared.durations import MINUTES_PER_HOUR, spoken

from .errors import LedgerError

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip

# INV-28: closed sheets and graded remote sequences. Hours of placement are the host structure's, not the State's.
TRAINING_KINDS = ("presence", "quiz_graded")
PROVING_CLASSES = ("E1", "E2")
RETAKE_AFTER = frozenset({"not_acquired", "absent_unexcused"})

Entry = tuple[str, int]


def amount(minutes: int, cents_per_hour: int) -> int:
    """Minutes at an hourly price, in whole cents, rounded half up: the only rounding of the house."""
    if minutes < 0 or cents_per_hour < 0:
        raise ValueError("Time and price are not negative.")
    return (2 * minutes * cents_per_hour + MINUTES_PER_HOUR) // (2 * MINUTES_PER_HOUR)


def french_day(day: date) -> str:
    """« 3 avril 2026 », with unbreakable spaces."""
    return f"{'1er' if day.day == 1 else day.day}\u00a0{MONTHS[day.month - 1]}\u00a0{day.year}"


def french_euros(cents: int) -> str:
    """« 1 250,00 € »."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{whole:,}".replace(",", "\u202f") + f",{rest:02d}\u00a0€"


@dataclass(frozen=True)
class Window:
    """When an order may be drawn on: from its own day, inside its contract."""

    order_number: str
    ordered_on: date
    contract_number: str
    contract_start: date
    contract_end: date | None

    def refusal(self, day: date) -> str:
        """Why a proof of `day` cannot be billed on this order, or nothing."""
        if day < self.contract_start or (self.contract_end and day > self.contract_end):
            return f"Hors des dates du marché {self.contract_number}."
        if day < self.ordered_on:
            return f"Antérieure au bon de commande {self.order_number} du {french_day(self.ordered_on)}."
        return ""


@dataclass(frozen=True)
class Proof:
    """What decides whether one proof of training may be billed."""

    day: date
    minutes: int
    kind: str
    right_granted: bool | None
    has_certificate: bool
    claimed_in: str
    window: Window | None
    has_price: bool
    billed_minutes: int
    proved_minutes: int
    ceiling_minutes: int


def claimed_sentence(number: str, day: date) -> str:
    """« Déjà facturée dans la demande DP-2026-00014 (3 avril 2026). »"""
    return f"Déjà facturée dans la demande {number} ({french_day(day)})."


def training_refusal(proof: Proof) -> str:
    """Why this proof of training is not billed, the reason nearest to its mending first; nothing when it may be."""
    if proof.claimed_in:
        return proof.claimed_in
    if proof.kind not in TRAINING_KINDS:
        return "Stage : les heures passées en structure ne sont pas facturées à l’État."
    if proof.right_granted is None:
        return "Aucun droit à financement n’a été décidé pour cette inscription."
    if not proof.right_granted:
        return "Hors quota : cette inscription n’est pas prise en charge par l’État."
    if not proof.has_certificate:
        return "Pas de certificat de réalisation : il s’émet quand le module est achevé."
    return _order_refusal(proof.window, proof.day, has_price=proof.has_price) or _ceiling_refusal(proof)


def _order_refusal(window: Window | None, day: date, *, has_price: bool) -> str:
    if window is None:
        return "Aucun bon de commande n’est enregistré pour cet organisme."
    if refusal := window.refusal(day):
        return refusal
    return "" if has_price else "Pas de prix à cette date pour ce lot."


def _ceiling_refusal(proof: Proof) -> str:
    after = proof.billed_minutes + proof.minutes
    if after > proof.ceiling_minutes:
        return f"Plafond atteint : {spoken(proof.ceiling_minutes)} financées pour ce parcours."
    if after > proof.proved_minutes:
        return f"Seules {spoken(proof.proved_minutes)} sont prouvées pour ce parcours."
    return ""


def certification_refusal(
    *,
    day: date,
    claimed_in: str,
    validated: bool,
    retake: bool,
    first: bool,
    window: Window | None,
    has_price: bool,
) -> str:
    """Why a favourable decision is not billed as a first certification (domain.md §1.7), or nothing."""
    if claimed_in:
        return claimed_in
    if not first:
        return "Ce n’est pas la première certification de ce conseiller pour ce bloc."
    if retake:
        return "Nouvelle présentation après un échec : elle est à la charge de la structure."
    if not validated:
        return "Le procès-verbal du jury n’est pas encore validé."
    return _order_refusal(window, day, has_price=has_price)


def balanced(entries: Sequence[Entry]) -> list[Entry]:
    """Double entry: at least two sides, none empty, and a sum of zero."""
    if len(entries) < 2 or any(not cents for _, cents in entries):
        raise LedgerError("Une écriture a au moins deux lignes, toutes différentes de zéro.")
    if sum(cents for _, cents in entries):
        raise LedgerError("Une écriture doit être équilibrée.")
    return list(entries)


def reversed_entries(entries: Iterable[Entry]) -> list[Entry]:
    """The same accounts with the opposite signs."""
    return [(account, -cents) for account, cents in entries]


def training_account(contract: str, lot: int) -> str:
    return f"Formation – marché {contract}, lot {lot}"


def payable_account(siret: str) -> str:
    return f"À payer – organisme {siret}"


def treasury_account() -> str:
    return "Trésor – paiements émis"


def available_account(order: str) -> str:
    return f"Crédits disponibles – bon de commande {order}"


def committed_account(order: str) -> str:
    return f"Crédits engagés – bon de commande {order}"


def subsidy_account(envelope: str) -> str:
    return f"Subventions de poste – {envelope}"


def subsidy_payable_account(envelope: str) -> str:
    return f"À verser aux structures – {envelope}"
