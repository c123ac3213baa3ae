"""The ◆ invariants of the house, each a read-only question to live data (promises: INV-nn)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q

from certification import api as certification
from certification import models as attested
from courses import api as courses
from courses import models as facts
from courses.shared import canonical, clock, documents

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


def _none(result: Result, rows: "facts.models.QuerySet", sentence: str) -> None:  # type: ignore[name-defined]
    result.breaches += [f"{row._meta.label_lower} {row.pk}: {sentence}" for row in rows[: MAX_BREACHES_SHOWN + 1]]


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
    for stored in facts.StoredFile.objects.iterator(500):
        result.checked += 1
        try:
            with documents.open_file(stored.sha256) as file:
                if canonical.sha256(file.read()) != stored.sha256:
                    result.breaches.append(f"file {stored.sha256}: content altered")
        except FileNotFoundError:
            result.breaches.append(f"file {stored.sha256}: missing")


@invariant("08", "a statement keeps its id and its body")
def statements_keep_body(result: Result) -> None:
    for uuid, raw in facts.Statement.objects.values_list("uuid", "raw").iterator(2000):
        result.checked += 1
        if json.loads(raw).get("id") != str(uuid):
            result.breaches.append(f"statement {uuid}: its body names another id")


@invariant("09", "the authority of a statement is the account that wrote it")
def authority_is_the_writer(result: Result) -> None:
    rows = facts.Statement.objects.values_list("uuid", "raw", "authority__ifi")
    for uuid, raw, ifi in rows.iterator(2000):
        result.checked += 1
        account = json.loads(raw).get("authority", {}).get("account", {})
        if account.get("name", "") not in ifi or not account:
            result.breaches.append(f"statement {uuid}: authority differs from its credential")


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
    _none(result, voided.filter(verb__iri="http://adlnet.gov/expapi/verbs/voided"), "a voiding statement was voided")


@invariant("17", "every projection equals what the facts alone give")
def projections_are_true(result: Result) -> None:
    report = courses.rebuild(check=True)
    result.checked = report.rows
    result.breaches += list(report.differences)


@invariant("19", "no certification rests on what a learner declared")
def certified_on_proof(result: Result) -> None:
    today = clock.today()
    for adviser_id in certification.certified_advisers(as_of=today):
        result.checked += 1
        weak = facts.Evidence.objects.known().filter(
            enrolment__adviser=adviser_id, minutes__gt=0, evidence_class__in=["E0", "E4"]
        )
        _none(result, weak, "counts minutes on E0 or E4")
    quoted = attested.CertificateEvidence.objects.exclude(evidence__evidence_class__in=["E1", "E2"])
    _none(result, quoted, "a certificate quotes evidence that proves nothing")


@invariant("20", "a jury decides in session, with quorum, and judges nobody it trained")
def decisions_are_lawful(result: Result) -> None:
    decisions = attested.JuryDecision.objects.select_related("sitting__exam_session", "sitting__candidacy__adviser")
    for decision in decisions:
        result.checked += 1
        session, adviser = decision.sitting.exam_session, decision.sitting.candidacy.adviser
        members = json.loads(decision.members)
        name = f"decision {decision.pk}"
        if decision.corrects_id is None and not session.opens_at <= decision.known_at <= session.closes_at:
            result.breaches.append(f"{name}: signed outside its session")
        if len(members) < session.quorum:
            result.breaches.append(f"{name}: {len(members)} member(s) for a quorum of {session.quorum}")
        if decision.signed_by_id == adviser.user_id:
            result.breaches.append(f"{name}: signed by the candidate")
        seated = session.members.filter(opinions__sitting=decision.sitting_id)
        if seated.filter(conflicts__candidacy=decision.sitting.candidacy_id).exists():
            result.breaches.append(f"{name}: a member had declared a conflict")
        trained = Q(user__training_sessions__sheets__marks__adviser=adviser)
        if seated.filter(trained).exists():
            result.breaches.append(f"{name}: a member trained the candidate")


@invariant("21", "a correction names the decision, its reason and two authors")
def corrections_are_full(result: Result) -> None:
    corrections = attested.JuryDecision.objects.exclude(corrects=None)
    result.checked = corrections.count()
    wrong = Q(correction_reason="") | Q(second_author=None) | Q(second_author=F("signed_by"))
    _none(result, corrections.filter(wrong), "incomplete correction")
    _none(result, corrections.filter(corrects__superseded_at=None), "the corrected decision is still effective")


@invariant("22", "one effective decision for a sitting, one open candidacy for a block")
def one_effective_decision(result: Result) -> None:
    result.checked = attested.Sitting.objects.count()
    for model, group in ((attested.JuryDecision, ["sitting"]), (attested.Candidacy, ["adviser", "block"])):
        doubled = model.objects.known().values(*group).annotate(n=Count("pk")).filter(n__gt=1)
        result.breaches += [f"{model._meta.label_lower}: {row}" for row in doubled]


@invariant("23", "a credential stands on an effective favourable decision, or is revoked")
def credentials_rest_on_decisions(result: Result) -> None:
    credentials = attested.Credential.objects.known().select_related("decision")
    for credential in credentials.filter(revocation=None):
        result.checked += 1
        decision = credential.decision
        if decision.outcome != "acquired" or decision.superseded_at is not None:
            result.breaches.append(f"credential {credential.pk}: its decision is not effective or not favourable")


@invariant("24", "the signed payload of a credential verifies and equals its row")
def credentials_verify(result: Result) -> None:
    for credential in attested.Credential.objects.known().filter(revocation=None):
        result.checked += 1
        state = certification.verify_code(credential.code).state
        if state != "valid":
            result.breaches.append(f"credential {credential.pk}: verification says {state}")


@invariant("25", "nobody is present in two places at once")
def one_place_at_a_time(result: Result) -> None:
    last: dict[int, tuple[object, int]] = {}
    marks = facts.AttendanceMark.objects.filter(presence="present").select_related("sheet")
    for mark in marks.order_by("adviser", "sheet__starts_at").iterator(2000):
        result.checked += 1
        previous = last.get(mark.adviser_id)
        if previous and mark.sheet.starts_at < previous[0]:
            result.breaches.append(f"mark {mark.pk}: overlaps mark {previous[1]}")
        last[mark.adviser_id] = (mark.sheet.ends_at, mark.pk)


@invariant("26", "presence minutes fit the slot")
def minutes_fit(result: Result) -> None:
    marks = facts.AttendanceMark.objects.all()
    result.checked = marks.count()
    _none(result, marks.filter(minutes__gt=F("sheet__minutes")), "more minutes than the slot")
    for sheet in facts.AttendanceSheet.objects.iterator(2000):
        real = int((sheet.ends_at - sheet.starts_at).total_seconds() // 60)
        if sheet.minutes != real:
            result.breaches.append(f"sheet {sheet.pk}: {sheet.minutes} min written, {real} elapsed")


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


def _money(check: Callable[[], list[Any]]) -> Check:
    def run(result: Result) -> None:
        result.breaches = [f"{breach.object}: {breach.message}" for breach in check()]
        result.checked = attested.Claim.objects.count()

    return run


# Funding checks its own books.
_CHECKS += [(name, check.__doc__ or name, _money(check)) for name, check in certification.FUNDING_INVARIANTS.items()]
