"""Reading and verifying the trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from courses.shared.history import Sealed

from .enums import Chain
from .models import AuditChain, AuditEntry
from .rules import entry_hash


@dataclass(frozen=True)
class Breach:
    """One thing that does not hold: which chain, which number, and why (French)."""

    chain: str
    sequence: int
    message: str
    object: str = ""


def heads(known_at: datetime | None = None) -> dict[str, dict[str, str | int]]:
    """The head of each chain, as known at an instant (now when None)."""
    result: dict[str, dict[str, str | int]] = {}
    for chain in Chain.values:
        entries = AuditEntry.objects.filter(chain=chain)
        if known_at is not None:
            entries = entries.filter(at__lte=known_at)
        head = entries.order_by("-sequence").first()
        result[chain] = {"sequence": head.sequence if head else 0, "hash": head.hash if head else ""}
    return result


def verify(head: Mapping[str, Mapping[str, str | int]] | None = None) -> list[Breach]:
    """Walk every chain from genesis; then hold every sealed object against the seal its first entry carries.

    With `head` (what `export_audit_head` gave), also prove that this past head is a prefix of the present log.
    """
    breaches: list[Breach] = []
    for chain in Chain.values:
        breaches += _walk(chain)
        past = head.get(chain) if head else None
        if past and past["sequence"]:
            entry = AuditEntry.objects.filter(chain=chain, sequence=past["sequence"]).first()
            if entry is None or entry.hash != past["hash"]:
                message = "La tête publiée n’est pas un préfixe du journal présent."
                breaches.append(Breach(chain, int(past["sequence"]), message))
    return breaches + _seals()


def entry_is_intact(entry: AuditEntry) -> bool:
    """This one line still has the content it was hashed with."""
    return entry_hash(entry) == entry.hash


def _walk(chain: str) -> list[Breach]:
    previous, expected = "", 1
    for entry in AuditEntry.objects.filter(chain=chain).order_by("sequence").iterator(2000):
        if entry.sequence != expected:
            return [Breach(chain, expected, "Il manque une ligne dans la chaîne.")]
        if entry.previous_hash != previous or entry_hash(entry) != entry.hash:
            return [Breach(chain, entry.sequence, "La ligne d’audit a été altérée.", str(entry))]
        previous, expected = entry.hash, expected + 1
    stored = AuditChain.objects.filter(name=chain).first()
    if stored and (stored.hash != previous or stored.sequence != expected - 1):
        return [Breach(chain, stored.sequence, "La tête de chaîne ne correspond pas à la dernière ligne.")]
    return []


def sealed_models() -> list[type[Sealed]]:
    """Every model whose rows carry a seal."""
    return [model for model in apps.get_models() if issubclass(model, Sealed)]


def _seals() -> list[Breach]:
    """Each sealed row still has the content it was sealed with, and the seal that the trail remembers."""
    breaches = []
    for model in sealed_models():
        label = model._meta.label_lower
        remembered = dict(
            AuditEntry.objects.filter(object_type=label).exclude(object_seal="")
            .order_by("-id").values_list("object_id", "object_seal")
        )  # fmt: skip
        for row in model._base_manager.iterator(2000):
            name = f"{model._meta.verbose_name} {row.pk}"
            known_seal = remembered.pop(str(row.pk), row.seal)
            if row.computed_seal() != row.seal:
                breaches.append(Breach("", 0, f"{name} : contenu altéré.", f"{label} {row.pk}"))
            elif known_seal != row.seal:
                breaches.append(Breach("", 0, f"{name} : empreinte altérée.", f"{label} {row.pk}"))
        breaches += [
            Breach("", 0, f"{model._meta.verbose_name} {pk} : la ligne a disparu.", f"{label} {pk}")
            for pk in remembered
        ]
    return breaches
