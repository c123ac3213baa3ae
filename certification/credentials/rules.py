"""The pure fold: from candidacies, sittings, decisions and results to one certification status.

Nothing here reads the database or the clock: the same facts give the same status, in whatever order they come.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format

from .enums import CertificationState, PartState

PIX = "PIX"


@dataclass(frozen=True)
class Proof:
    """One row that a part rests on: what it is, its id and seal, its class, and its two dates."""

    kind: str
    label: str
    reference: str
    seal: str
    evidence_class: str
    valid_on: date
    known_at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Rule:
    """Which parts the certification asks for, by the version of the programme’s rules that says so."""

    code: str = "certification"
    version: int = 1
    jury_blocks: tuple[str, ...] = ("CCP1",)
    pix_required: bool = True
    pix_block: str = PIX


@dataclass(frozen=True)
class JuryFacts:
    """What is known of one block decided by a jury."""

    code: str
    title: str
    candidacies: tuple[Proof, ...] = ()
    sittings: tuple[tuple[Proof, date], ...] = ()
    decisions: tuple["DecisionFact", ...] = ()


@dataclass(frozen=True)
class DecisionFact:
    """One decision that stands; `report` and `validation` are there once it takes effect."""

    outcome: str
    outcome_label: str
    rule: str
    sitting: str
    proof: Proof
    report: Proof | None = None
    validation: Proof | None = None


@dataclass(frozen=True)
class PixFacts:
    """What is known of Pix."""

    code: str
    title: str
    candidacies: tuple[Proof, ...] = ()
    results: tuple[tuple[str, str, Proof], ...] = ()  # status, French label, proof


@dataclass(frozen=True)
class Part:
    """One part of the certification: its state, the reason, the rule, and the rows it rests on."""

    code: str
    title: str
    state: PartState
    reason: str
    on: date | None
    rule: str
    rule_version: int
    evidence: tuple[Proof, ...] = ()

    @property
    def label(self) -> str:
        return str(self.state.label)


@dataclass(frozen=True)
class CertificationStatus:
    """Where a person stands, as of a day and as known at an instant, and why."""

    state: CertificationState
    since: date | None
    parts: tuple[Part, ...]
    rule: str
    rule_version: int
    as_of: date
    known_at: datetime | None
    missing: tuple[Any, ...] = field(default=())

    @property
    def label(self) -> str:
        return str(self.state.label)

    @property
    def certified(self) -> bool:
        return self.state == CertificationState.CERTIFIED


def fold(parts: Iterable[Part]) -> tuple[CertificationState, date | None]:
    """Certified when every part is acquired, since the last one was."""
    parts = tuple(parts)
    if parts and all(part.state == PartState.ACQUIRED for part in parts):
        return CertificationState.CERTIFIED, max(part.on for part in parts if part.on)
    if all(part.state == PartState.NOT_CANDIDATE for part in parts):
        return CertificationState.NOT_CANDIDATE, None
    return CertificationState.IN_PROGRESS, None


def fold_jury(facts: JuryFacts, rule: Rule) -> Part:
    """A block decided by a jury: acquired by a favourable decision in a report that the ministry validated."""
    state, reason, on, evidence = _jury(facts)
    return Part(facts.code, facts.title, state, reason, on, rule.code, rule.version, evidence)


Folded = tuple[PartState, str, date | None, tuple[Proof, ...]]


def _jury(facts: JuryFacts) -> Folded:
    effective = sorted(
        (d for d in facts.decisions if d.validation),
        key=lambda d: (d.validation.valid_on, d.proof.reference),  # type: ignore[union-attr]
    )
    if won := next((d for d in effective if d.outcome == "acquired"), None):
        return _acquired(facts, won)
    judged = {decision.sitting for decision in facts.decisions}
    if pending := next((d for d in facts.decisions if d.validation is None), None):
        reason = (
            f"{facts.code} : le jury a délibéré le {_day(pending.proof.valid_on)} ; il reste à "
            f"{'valider' if pending.report else 'établir puis valider'} le procès-verbal (représentant du ministère)."
        )
        return PartState.AWAITING_VALIDATION, reason, pending.proof.valid_on, _proofs(facts, pending)
    if waiting := next(((p, day) for p, day in facts.sittings if p.reference not in judged), None):
        reason = (
            f"{facts.code} : convocation devant le jury pour le {_day(waiting[1])} ({waiting[0].detail})."
        )
        return PartState.SUMMONED, reason, waiting[1], (*facts.candidacies, waiting[0])
    if effective:
        last = effective[-1]
        reason = (
            f"{facts.code} : décision du jury du {_day(last.proof.valid_on)} : {last.outcome_label.lower()}."
        )
        return PartState.REFUSED, reason, last.proof.valid_on, _proofs(facts, last)
    if facts.candidacies:
        reason = f"{facts.code} : candidature ouverte le {_day(facts.candidacies[0].valid_on)}, pas encore convoquée."
        return PartState.CANDIDATE, reason, facts.candidacies[0].valid_on, facts.candidacies
    return PartState.NOT_CANDIDATE, f"{facts.code} : aucune candidature ouverte.", None, ()


def _acquired(facts: JuryFacts, won: DecisionFact) -> Folded:
    assert won.validation is not None  # noqa: S101 — chosen among the effective ones
    on = won.validation.valid_on
    reason = (
        f"{facts.code} acquis : décision du jury du {_day(won.proof.valid_on)} (règle {won.rule}), "
        f"procès-verbal validé le {_day(on)}."
    )
    return PartState.ACQUIRED, reason, on, _proofs(facts, won)


def _proofs(facts: JuryFacts, decision: DecisionFact) -> tuple[Proof, ...]:
    rows = (*facts.candidacies, decision.proof, decision.report, decision.validation)
    return tuple(row for row in rows if row is not None)


def fold_pix(facts: PixFacts, rule: Rule) -> Part:
    """Pix: an official result, validated by its certifier, with its origin."""
    state, reason, on, evidence = _pix(facts)
    return Part(facts.code, facts.title, state, reason, on, rule.code, rule.version, evidence)


def _pix(facts: PixFacts) -> Folded:
    results = sorted(facts.results, key=lambda result: (result[2].valid_on, result[2].reference))
    if won := next((proof for status, _, proof in results if status == "validated"), None):
        reason = f"Pix acquis : certification passée le {_day(won.valid_on)} ({won.detail})."
        return PartState.ACQUIRED, reason, won.valid_on, (*facts.candidacies, won)
    if results:
        _, label, last = results[-1]
        reason = f"Pix : certification du {_day(last.valid_on)} {label.lower()} ({last.detail})."
        return PartState.REFUSED, reason, last.valid_on, (*facts.candidacies, last)
    if facts.candidacies:
        reason = (
            f"Pix : candidature ouverte le {_day(facts.candidacies[0].valid_on)}, aucun résultat enregistré."
        )
        return PartState.CANDIDATE, reason, facts.candidacies[0].valid_on, facts.candidacies
    return PartState.NOT_CANDIDATE, "Pix : aucune candidature ouverte.", None, ()


def _day(day: date) -> str:
    return date_format(day, "j F Y")
