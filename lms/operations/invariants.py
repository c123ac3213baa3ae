"""The ◆ invariants of the house, each a read-only question to live data (promises: INV-nn)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from certification import api as certification
from certification import models as attested
from courses import api as courses
from courses import models as facts
from courses.shared import clock, documents

MAX_BREACHES_SHOWN = 50


@dataclass
class Result:
    """What one invariant answers: how many objects were looked at, and what is wrong with which."""

    id: str
    title: str
    checked: int = 0
    breaches: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.breaches

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.id,
            "ok": self.ok,
            "checked": self.checked,
            "title": self.title,
            "breaches": self.breaches[:MAX_BREACHES_SHOWN],
        }


Check = Callable[[Result], None]
_CHECKS: list[tuple[str, str, Check]] = []


def invariant(number: str, title: str) -> Callable[[Check], Check]:
    """Declare the check of one invariant."""

    def register(check: Check) -> Check:
        _CHECKS.append((f"INV-{number}", title, check))
        return check

    return register


def check_all() -> Iterator[Result]:
    """Every invariant that has an object already."""
    for name, title, check in _CHECKS:
        result = Result(name, title)
        check(result)
        yield result


def _none(result: Result, rows: "QuerySet[Any]", sentence: str) -> None:
    result.breaches += [
        f"{row._meta.label_lower} {row.pk}: {sentence}" for row in rows[: MAX_BREACHES_SHOWN + 1]
    ]


@invariant("03", "every posted work is done, or younger than the alarm delay")
def outbox_flows(result: Result) -> None:
    entries = facts.OutboxEntry.objects.all()
    result.checked = entries.count()
    late = Q(state="posted", posted_at__lte=clock.now() - timedelta(minutes=10))
    _none(result, entries.filter(Q(state="dead") | late), "neither done nor young")
    for kind, model in (
        ("completion.render", attested.CompletionCertificate),
        ("credentials.render", attested.Credential),
    ):
        posted = set(entries.filter(kind=kind).values_list("key", flat=True))
        result.breaches += [
            f"{model._meta.label_lower} {pk}: no work posted"
            for pk in model._base_manager.values_list("pk", flat=True)
            if str(pk) not in posted
        ]


@invariant("06", "files named in the database exist with the recorded SHA-256")
def files_exist(result: Result) -> None:
    result.checked = facts.StoredFile.objects.count()
    result.breaches += documents.damaged_files()


@invariant("08", "a statement keeps its id and its body, and none was taken away")
def statements_keep_body(result: Result) -> None:
    result.checked = facts.Statement.objects.count()
    result.breaches += courses.statement_faults()


@invariant("09", "the authority of a statement is the account that wrote it")
def authority_is_the_writer(result: Result) -> None:
    result.checked = facts.Statement.objects.count()
    result.breaches += courses.authority_faults()


@invariant("10", "stored never goes back along the stored order")
def stored_in_order(result: Result) -> None:
    previous = None
    for seq, stored in facts.Statement.objects.order_by("seq").values_list("seq", "stored").iterator(5000):
        result.checked += 1
        if previous is not None and stored < previous:
            result.breaches.append(f"statement {seq}: stored before its predecessor")
        previous = stored


@invariant("12", "a voided statement stays stored, and a voiding one is never voided")
def voiding_is_lawful(result: Result) -> None:
    voided = facts.Statement.objects.exclude(voided_at=None).select_related("verb")
    result.checked = voided.count()
    _none(
        result,
        voided.filter(verb__iri="http://adlnet.gov/expapi/verbs/voided"),
        "a voiding statement was voided",
    )


@invariant("17", "every projection equals what the facts alone give")
def projections_are_true(result: Result) -> None:
    report = courses.rebuild(check=True)
    result.checked = report.rows
    result.breaches += list(report.differences)


@invariant("41", "the audit chains, the seals and the closed sheets verify from genesis")
def audit_verifies(result: Result) -> None:
    result.checked = facts.AuditEntry.objects.count()
    result.breaches += [f"{b.chain} {b.sequence} {b.object}: {b.message}" for b in courses.verify_audit()]
    result.breaches += [f"{b.object}: {b.message}" for b in courses.verify_sheets()]


_AUDITED = (
    facts.Membership, facts.Committee, facts.PostAttachment, facts.PostAssignment, facts.PathVersion, facts.Enrolment,
    facts.QuizAttempt, facts.Signature, facts.PlacementAttestation, attested.FundingRight,
    attested.CompletionCertificate, attested.Candidacy, attested.PixResult, attested.ExamSession,
    attested.JuryMember, attested.JuryDecision, attested.JuryReport, attested.ReportValidation,
    attested.Credential, attested.CredentialRevocation, attested.PostSubsidy, attested.Contract,
)  # fmt: skip


@invariant("42", "every act left its audit row")
def acts_are_audited(result: Result) -> None:
    for model in _AUDITED:
        label = model._meta.label_lower
        named = set(
            facts.AuditEntry.objects.filter(object_type=label).values_list("object_id", flat=True).distinct()
        )
        for pk in model._base_manager.values_list("pk", flat=True).iterator(5000):
            result.checked += 1
            if str(pk) not in named:
                result.breaches.append(f"{label} {pk}: no audit row")


def _told(faults: Iterable[Any]) -> list[str]:
    """Rooms name the object and the fault, as a pair or as a value with these two fields."""
    pairs = ((one.object, one.message) if hasattr(one, "message") else one for one in faults)
    return [f"{name}: {sentence}" for name, sentence in pairs]


def _of_a_room(check: Callable[[], Iterable[Any]], model: type[Any]) -> Check:
    def run(result: Result) -> None:
        result.checked = model._base_manager.count()
        result.breaches = _told(check())

    return run


@invariant("19", "no certification rests on what a learner declared")
def certified_on_proof(result: Result) -> None:
    quoted = attested.CertificateEvidence.objects.all()
    result.checked = quoted.count()
    _none(
        result,
        quoted.exclude(evidence__evidence_class__in=["E1", "E2"]),
        "quotes evidence that proves nothing",
    )
    result.breaches += _told(certification.weak_certifications(clock.today()))


invariant("25", "nobody is present in two places at once")(
    _of_a_room(courses.overlapping_presences, facts.AttendanceMark)
)
invariant("26", "presence minutes fit the slot")(_of_a_room(courses.impossible_minutes, facts.AttendanceMark))
invariant("23", "a credential stands on a favourable decision")(
    _of_a_room(certification.false_credentials, attested.Credential)
)
invariant("24", "the signed payload of a credential verifies and equals its row")(
    _of_a_room(certification.false_credentials, attested.Credential)
)

# Juries and funding check their own books.
for _room, _model in (
    (certification.JURY_INVARIANTS, attested.JuryDecision),
    (certification.FUNDING_INVARIANTS, attested.Claim),
):
    for _name, _check in _room.items():
        _title = (_check.__doc__ or _name).split("\n")[0].removeprefix(f"{_name}: ")
        _CHECKS.append((_name, _title, _of_a_room(_check, _model)))
