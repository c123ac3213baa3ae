"""The rows of an audit pack: what was true on a day, as known at an instant, in an order that never changes.

Each function gives the rows of one file, their cells in the order of its columns. Nothing is read that a later fact
could change: a row that was replaced after `known_at` is written as it stood.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime

from django.db.models import Count, F, Q

from certification.api import ClaimState, certification_rule
from certification.models import (
    Claim,
    ClaimLine,
    ClaimReturn,
    CompletionCertificate,
    Credential,
    CredentialRevocation,
    FundingRight,
    JuryDecision,
    PixResult,
    PostSubsidy,
    ReportValidation,
)
from courses.models import (
    AttendanceSheet,
    AuditEntry,
    Evidence,
    Post,
    PostAssignment,
    PostAttachment,
)
from lms.reporting.queries.situation import situation
from lms.reporting.rules import Moment, end_of_day

Row = tuple[object, ...]


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z") if at else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(value: bool | None) -> str:
    return "" if value is None else "oui" if value else "non"


def _limit(moment: Moment) -> datetime:
    """The last instant that the pack looks at."""
    end = end_of_day(moment.as_of)
    return min(end, moment.known_at) if moment.known_at else end


def _replaced(row: object, moment: Moment) -> str:
    """When a row was replaced, if that was known already."""
    at: datetime | None = row.superseded_at  # type: ignore[attr-defined]
    return _instant(at) if at and (moment.known_at is None or at <= moment.known_at) else ""


def _ever(moment: Moment) -> Q:
    """Rows that had happened and were known, replaced since or not."""
    known = Q(known_at__lte=moment.known_at) if moment.known_at else Q()
    return known & Q(valid_on__lte=moment.as_of)


def statuses(moment: Moment) -> Iterator[Row]:
    day, known_at = moment.as_of, moment.known_at
    rule = certification_rule(day, known_at)
    decisions = {
        row.sitting.candidacy.adviser_id: row
        for row in JuryDecision.objects.as_of(day, known_at)
        .filter(outcome="acquired", sitting__candidacy__block__code__in=rule.jury_blocks)
        .select_related("sitting__candidacy")
        .order_by("-pk")
    }
    pix = {
        row.candidacy.adviser_id: row
        for row in PixResult.objects.as_of(day, known_at)
        .filter(status="validated")
        .select_related("candidacy")
        .order_by("-pk")
    }
    counted = Evidence.objects.as_of(day, known_at).order_by().values_list("enrolment__adviser")
    evidence = dict(counted.annotate(found=Count("pk")))
    for row in situation(moment):
        place, decision, result = row.place, decisions.get(row.pk), pix.get(row.pk)
        yield (
            row.number, row.first_name, row.last_name, place.departement_code if place else "",
            place.departement_name if place else "", place.structure if place else "", place.siret if place else "",
            row.post, " / ".join(trainer.name for trainer in row.organisations), _yes(row.completed),
            row.state_label, _day(row.since), str(decision.public_id) if decision else "",
            decision.seal if decision else "", result.certification_number if result else "",
            result.seal if result else "", rule.code, rule.version, evidence.get(row.pk, 0),
        )  # fmt: skip


def evidence(moment: Moment) -> Iterator[Row]:
    rows = (
        Evidence.objects.as_of(moment.as_of, moment.known_at)
        .select_related("enrolment__adviser", "enrolment__path__organisation", "module", "activity")
        .annotate(statement_uuid=F("statement__uuid"))
        .order_by("pk")
    )
    for row in rows.iterator(2000):
        yield (
            row.pk, row.enrolment.adviser.number, str(row.enrolment.registration),
            row.enrolment.path.organisation.name, row.module.title, row.activity.title, row.get_kind_display(),
            row.evidence_class, row.minutes, _yes(row.success), row.score_percent, _day(row.valid_on),
            _instant(row.known_at), row.source_key, str(row.statement_uuid or ""), row.seal,
        )  # fmt: skip


def decisions(moment: Moment) -> Iterator[Row]:
    validated = dict(
        ReportValidation.objects.as_of(moment.as_of, moment.known_at)
        .order_by("-pk")
        .values_list("report__exam_session", "valid_on")
    )
    rows = (
        JuryDecision.objects.filter(_ever(moment))
        .select_related(
            "sitting__candidacy__adviser", "sitting__candidacy__block", "sitting__exam_session__centre"
        )
        .select_related("signed_by", "corrects")
        .order_by("pk")
    )
    for row in rows:
        session = row.sitting.exam_session
        yield (
            str(row.public_id), row.sitting.candidacy.adviser.number, row.sitting.candidacy.block.code,
            session.reference, session.centre.name, row.get_outcome_display(), row.rule,
            str(row.signed_by.public_id), str(row.corrects.public_id) if row.corrects else "",
            row.correction_reason, _day(row.valid_on), _instant(row.known_at), _replaced(row, moment),
            _day(validated.get(session.pk)), row.seal,
        )  # fmt: skip


def pix_results(moment: Moment) -> Iterator[Row]:
    rows = PixResult.objects.as_of(moment.as_of, moment.known_at).select_related("candidacy__adviser")
    for row in rows.order_by("pk"):
        yield (
            row.certification_number, row.candidacy.adviser.number, row.get_status_display(), row.score,
            row.max_reachable, row.get_origin_display(), row.origin_reference, _day(row.valid_on),
            _instant(row.known_at), row.seal,
        )  # fmt: skip


def sheets(moment: Moment) -> Iterator[Row]:
    closed = AttendanceSheet.objects.filter(state="closed", day__lte=moment.as_of)
    if moment.known_at:
        closed = closed.filter(closed_at__lte=moment.known_at)
    rows = closed.select_related("session__module__organisation").annotate(
        present=Count("marks", filter=Q(marks__presence="present"))
    )
    for row in rows.order_by("session__module__organisation", "number"):
        yield (
            str(row.public_id), row.session.module.organisation.name, row.number, row.session.title, _day(row.day),
            row.get_half_day_display(), row.minutes, row.present, _instant(row.closed_at), row.previous_hash, row.hash,
        )  # fmt: skip


def certificates(moment: Moment) -> Iterator[Row]:
    rows = CompletionCertificate.objects.as_of(moment.as_of, moment.known_at)
    for row in rows.select_related("enrolment__adviser", "module").order_by("pk"):
        yield (
            row.number, row.enrolment.adviser.number, str(row.enrolment.registration), row.module.title, row.minutes,
            _day(row.valid_on), _instant(row.known_at), row.context_hash, row.seal,
        )  # fmt: skip


def credentials(moment: Moment) -> Iterator[Row]:
    revoked = {
        row.credential_id: row for row in CredentialRevocation.objects.as_of(moment.as_of, moment.known_at)
    }
    rows = Credential.objects.as_of(moment.as_of, moment.known_at)
    for row in rows.select_related("adviser", "decision", "pix_result").order_by("pk"):
        revocation = revoked.get(row.pk)
        yield (
            row.code, row.adviser.number, str(row.decision.public_id), row.pix_result.certification_number,
            _day(row.valid_on), _instant(row.known_at), _day(revocation.valid_on if revocation else None),
            revocation.reason if revocation else "", row.key_id, row.seal,
        )  # fmt: skip


def claims(moment: Moment) -> Iterator[Row]:
    """A claim has no history of rows: its state is told from the instants of its acts."""
    limit = _limit(moment)
    returned = set(ClaimReturn.objects.as_of(moment.as_of, moment.known_at).values_list("claim", flat=True))
    cancelled = set(
        AuditEntry.objects.filter(action="funding.claim.cancel", at__lte=limit).values_list(
            "object_id", flat=True
        )
    )
    rows = Claim.objects.filter(prepared_at__lte=limit).select_related("organisation", "order__lot__contract")
    for row in rows.order_by("pk"):
        reached = [
            at if at and at <= limit else None for at in (row.submitted_at, row.certified_at, row.paid_at)
        ]
        submitted, certified, paid = reached
        state = _state(reached, row.pk in returned, str(row.pk) in cancelled)
        yield (
            row.number, row.organisation.name, row.organisation.siret, row.order.lot.contract.number,
            row.order.number, _day(row.start), _day(row.end), str(ClaimState(state).label), row.total_cents,
            _instant(row.prepared_at), _instant(submitted), _instant(certified), _instant(paid),
            row.lines_hash if submitted else "",
        )  # fmt: skip


def _state(reached: list[datetime | None], returned: bool, cancelled: bool) -> str:
    submitted, certified, paid = reached
    if cancelled:
        return "cancelled"
    if paid:
        return "paid"
    if certified:
        return "certified"
    if returned:
        return "returned"
    return "submitted" if submitted else "draft"


def claim_lines(moment: Moment) -> Iterator[Row]:
    rows = (
        ClaimLine.objects.filter(_ever(moment))
        .select_related(
            "claim", "price", "decision__sitting__candidacy__adviser", "evidence__enrolment__adviser"
        )
        .order_by("pk")
    )
    for row in rows:
        yield (
            row.pk, row.claim.number, row.get_item_display(), row.learner.number, row.evidence_id,
            str(row.decision.public_id) if row.decision else "", row.minutes, row.price.cents, row.amount_cents,
            _day(row.valid_on), _instant(row.known_at), _replaced(row, moment), row.seal,
        )  # fmt: skip


def posts(moment: Moment) -> Iterator[Row]:
    day, known_at = moment.as_of, moment.known_at
    places = {
        row.post_id: row.host_structure
        for row in PostAttachment.objects.as_of(day, known_at).select_related("host_structure")
    }
    holders = dict(PostAssignment.objects.as_of(day, known_at).values_list("post", "adviser__number"))
    subsidies: dict[int, list[PostSubsidy]] = defaultdict(list)
    for subsidy in PostSubsidy.objects.as_of(day, known_at).select_related("envelope").order_by("pk"):
        subsidies[subsidy.post_id].append(subsidy)
    for row in Post.objects.as_of(day, known_at).select_related("committee").order_by("number", "pk"):
        place, granted = places.get(row.pk), subsidies[row.pk]
        yield (
            row.number, row.committee.code, row.committee.wave, row.committee.get_status_display(), _day(row.valid_on),
            place.name if place else "", place.siret if place else "", place.departement_id if place else "",
            holders.get(row.pk), sum(subsidy.amount_cents for subsidy in granted),
            " / ".join(subsidy.envelope.code for subsidy in granted), row.seal,
        )  # fmt: skip


def rights(moment: Moment) -> Iterator[Row]:
    rows = FundingRight.objects.as_of(moment.as_of, moment.known_at)
    for row in rows.select_related("adviser", "enrolment", "rule_set").order_by("pk"):
        yield (
            row.pk, row.adviser.number, str(row.enrolment.registration), row.get_kind_display(), row.year,
            _yes(row.granted), row.ceiling_minutes, row.rule, str(row.rule_set), row.reasons, _day(row.valid_on),
            _instant(row.known_at), row.seal,
        )  # fmt: skip


# File → its rows; the same names as columns.FILES.
ROWS: dict[str, Callable[[Moment], Iterable[Row]]] = {
    "statuts": statuses,
    "preuves": evidence,
    "decisions": decisions,
    "resultats_pix": pix_results,
    "emargements": sheets,
    "certificats": certificates,
    "attestations": credentials,
    "demandes": claims,
    "lignes": claim_lines,
    "postes": posts,
    "droits": rights,
}
