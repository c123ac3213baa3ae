"""The lines of a claim with their proofs, and the file that the fingerprint covers."""

from django.db.models import Q, QuerySet, Sum

from certification.funding.models import Claim, ClaimLine
from courses.models import AuditEntry, User
from courses.shared import spreadsheet

LINES_HEADER = (
    "demande", "ligne", "unite", "conseiller", "date", "minutes", "prix_centimes", "montant_centimes",
    "certificat", "preuve", "empreinte_preuve",
)  # fmt: skip


def lines_with_proof(claim: Claim) -> QuerySet[ClaimLine]:
    """Every line of a claim, cancelled or not, with the proof it rests on, in a fixed order."""
    return (
        ClaimLine.objects.filter(claim=claim)
        .select_related(
            "evidence__enrolment__adviser__user",
            "evidence__activity",
            "evidence__module",
            "certificate",
            "decision__sitting__candidacy__adviser__user",
            "decision__sitting__candidacy__block",
            "decision__sitting__exam_session",
            "price",
        )
        .order_by("valid_on", "pk")
    )


def lines_file(claim: Claim) -> bytes:
    """The lines as the certifier and the payer receive them; `Claim.lines_hash` is the SHA-256 of these bytes.

    Numbers and fingerprints only: a name may be mended one day, these bytes may not move.
    """
    rows = []
    for number, line in enumerate(lines_with_proof(claim), start=1):
        proof = line.evidence or line.decision
        adviser = line.learner
        rows.append(
            (
                claim.number, number, line.item, adviser.number, line.valid_on.isoformat(), line.minutes,
                line.price.cents, line.amount_cents, line.certificate.number if line.certificate else "",
                f"{proof._meta.model_name}/{proof.pk}" if proof else "", proof.seal if proof else "",
            )
        )  # fmt: skip
    return spreadsheet.csv_bytes(LINES_HEADER, rows)


def proofs_hold(claim: Claim) -> bool:
    """No proof of the claim was corrected since."""
    corrected = (
        Q(evidence__superseded_at__isnull=False)
        | Q(decision__superseded_at__isnull=False)
        | Q(certificate__superseded_at__isnull=False)
    )
    return not ClaimLine.objects.known().filter(claim=claim).filter(corrected).exists()


def totals(claims: QuerySet[Claim]) -> dict[str, int]:
    """State → sum of the claims in it."""
    return dict(claims.order_by().values_list("state").annotate(total=Sum("total_cents")))


def who_did(claim: Claim, step: str) -> User | None:
    """Who did an act that the claim itself does not name: the audit trail knows him by his opaque id."""
    acts = AuditEntry.objects.filter(
        action=f"funding.claim.{step}", object_type=claim._meta.label_lower, object_id=str(claim.pk)
    )
    actor = acts.values_list("actor", flat=True).first()
    return User.objects.filter(public_id=actor).first() if actor else None
