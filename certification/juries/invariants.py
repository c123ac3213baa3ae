"""What must hold of juries on live data (promises.md, INV-20 to INV-22): each returns what does not."""

import json
from collections.abc import Callable, Iterator

from django.db.models import Count, Q

from certification.candidacies.models import Candidacy
from courses.shared import canonical

from .models import JuryDecision, JuryReport, Sitting
from .queries import reported_seals, why_barred

Fault = tuple[str, str]  # which object, and what is wrong (French)


def decisions_out_of_order() -> Iterator[Fault]:
    """INV-20: session open at that time, quorum met, members listed and free, author not the candidate."""
    decisions = JuryDecision.objects.filter(corrects=None).select_related(
        "sitting__exam_session", "sitting__candidacy__adviser"
    )
    for decision in decisions.order_by("pk").iterator(500):
        for sentence in _faults(decision):
            yield str(decision.public_id), sentence


def _faults(decision: JuryDecision) -> Iterator[str]:
    sitting, session = decision.sitting, decision.sitting.exam_session
    members = {one["user"] for one in json.loads(decision.members)}
    if not session.opens_at <= decision.known_at < session.closes_at:
        yield "Décision signée hors de la session."
    if len(members) < session.quorum:
        yield f"Quorum non atteint : {len(members)} membres sur {session.quorum}."
    if str(decision.signed_by.public_id) not in members:
        yield "Signée par une personne qui n’a pas délibéré."
    for seat in session.members.select_related("user").filter(user__public_id__in=members):
        if reason := why_barred(seat, sitting.candidacy):
            yield f"Un membre ayant délibéré ne le pouvait pas : {reason}."
    sealed = set(sitting.opinions.values_list("seal", flat=True))
    if not {one["seal"] for one in json.loads(decision.members)} <= sealed:
        yield "Un avis cité n’existe pas."


def bad_corrections() -> Iterator[Fault]:
    """INV-21: a correction names the old row, which knows it is replaced, its reason and two distinct authors."""
    for decision in JuryDecision.objects.exclude(corrects=None).select_related("corrects").order_by("pk"):
        old = decision.corrects
        if old is None or old.superseded_at != decision.known_at:
            yield str(decision.public_id), "La décision corrigée n’est pas marquée comme remplacée."
        if not decision.correction_reason or decision.second_author_id in (None, decision.signed_by_id):
            yield str(decision.public_id), "Une correction porte un motif et deux auteurs distincts."


def crowded_sittings() -> Iterator[Fault]:
    """INV-22: at most one effective decision for a sitting; one open sitting for a candidate and a block."""
    standing = Count("decisions", filter=Q(decisions__superseded_at=None))
    for sitting in Sitting.objects.annotate(standing=standing).filter(standing__gt=1):
        yield str(sitting.public_id), "Plusieurs décisions en vigueur pour un même passage."
    waiting = Q(sittings__superseded_at=None) & ~Q(
        sittings__in=JuryDecision.objects.known().values("sitting")
    )
    for candidacy in Candidacy.objects.annotate(waiting=Count("sittings", filter=waiting)).filter(
        waiting__gt=1
    ):
        yield str(candidacy.public_id), "Plusieurs passages ouverts pour une même candidature."


def altered_reports() -> Iterator[Fault]:
    """A report still has its hash, and each decision it lists exists with the seal it froze."""
    for report in JuryReport.objects.order_by("pk").iterator(200):
        if canonical.sha256(report.content) != report.content_hash:
            yield (
                report.exam_session.reference,
                "Le contenu du procès-verbal ne correspond pas à son empreinte.",
            )
        seals = {str(k): v for k, v in JuryDecision.objects.filter(
            sitting__exam_session=report.exam_session_id).values_list("public_id", "seal")}  # fmt: skip
        if any(seals.get(decision) != seal for decision, seal in reported_seals(report).items()):
            yield report.exam_session.reference, "Une décision du procès-verbal n’a plus la même empreinte."


def unlawful_decisions() -> Iterator[Fault]:
    """INV-20: a jury decides in session, with quorum, judges nobody it trained, and its report keeps its words."""
    yield from decisions_out_of_order()
    yield from altered_reports()


INVARIANTS: dict[str, Callable[[], Iterator[Fault]]] = {
    "INV-20": unlawful_decisions,
    "INV-21": bad_corrections,
    "INV-22": crowded_sittings,
}
