"""Certification status: read the facts as of a day and as known at an instant, then fold them (rules.py)."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, Min, Q

from certification.candidacies.enums import PixStatus
from certification.candidacies.models import Candidacy, PixResult
from certification.juries.enums import Outcome
from certification.juries.models import JuryDecision, JuryReport, ReportValidation, Sitting
from certification.juries.queries import PROGRAMME, programme_rules, reported_seals
from certification.juries.rules import day_of
from certification.programme.models import RuleSet
from certification.qualifications.models import CompetencyBlock
from courses import api as training
from courses.models import Adviser
from courses.shared.together import Rows, read_together

from .enums import PartState
from .rules import (
    PIX,
    CertificationStatus,
    DecisionFact,
    JuryFacts,
    Part,
    PixFacts,
    Proof,
    Rule,
    fold,
    fold_jury,
    fold_pix,
)


def certification_rule(day: date, known_at: datetime | None = None) -> Rule:
    """What the certification asks for on `day`; without any rule that says so: CCP1 and Pix."""
    return _rule(programme_rules(day, known_at))


def _rule(rules: RuleSet | None) -> Rule:
    certified = json.loads(rules.content).get("certification", {}).get("certified") if rules else None
    if rules is None or certified is None:
        return Rule()
    return Rule(
        code=rules.code,
        version=rules.version,
        jury_blocks=tuple(code for code in certified if code != PIX),
        pix_required=PIX in certified,
    )


def certification_status(
    adviser: Adviser, *, as_of: date, known_at: datetime | None = None
) -> CertificationStatus:
    """Where an adviser stands on `as_of`, as known at `known_at` (now when None), and every row it rests on."""
    lists = read_together(**status_lists(adviser.pk, as_of=as_of, known_at=known_at))
    return status_from(lists, as_of=as_of, known_at=known_at)


def status_lists(adviser_id: int, *, as_of: date, known_at: datetime | None = None) -> dict[str, Rows]:
    """What the status is folded from, to be read in one question, alone or with other lists."""
    candidacies = Candidacy.objects.as_of(as_of, known_at).filter(adviser=adviser_id)
    sittings = Sitting.objects.as_of(as_of, known_at).filter(candidacy__in=candidacies.values("pk"))
    # A validated report keeps its effect when a later one replaces it for another candidate’s correction.
    reports = JuryReport.objects.filter(exam_session__in=sittings.values("exam_session"), valid_on__lte=as_of)
    if known_at is not None:
        reports = reports.filter(known_at__lte=known_at)
    decisions = JuryDecision.objects.as_of(as_of, known_at).filter(
        sitting__candidacy__in=candidacies.values("pk")
    )
    validations = ReportValidation.objects.as_of(as_of, known_at).filter(report__in=reports.values("pk"))
    results = PixResult.objects.as_of(as_of, known_at).filter(candidacy__in=candidacies.values("pk"))
    return {
        "rule_sets": Rows(RuleSet.objects.known(known_at).filter(code=PROGRAMME, start__lte=as_of)),
        "blocks": Rows(CompetencyBlock.objects.all()),
        "candidacies": Rows(candidacies, related=("block",)),
        "sittings": Rows(sittings, related=("exam_session", "candidacy", "candidacy__block")),
        "decisions": Rows(decisions, related=("sitting", "sitting__candidacy", "sitting__candidacy__block")),
        "reports": Rows(reports),
        "validations": Rows(validations),
        "results": Rows(results),
    }


def status_from(
    lists: Mapping[str, list[Any]], *, as_of: date, known_at: datetime | None = None
) -> CertificationStatus:
    """The fold of `status_lists`, once read."""
    rule = _rule(max(lists["rule_sets"], key=lambda row: (row.start, row.version), default=None))
    facts = _Facts(lists)
    parts = [fold_jury(facts.jury(code), rule) for code in rule.jury_blocks]
    if rule.pix_required:
        parts.append(fold_pix(facts.pix(rule.pix_block), rule))
    state, since = fold(parts)
    return CertificationStatus(
        state=state,
        since=since,
        parts=tuple(parts),
        rule=rule.code,
        rule_version=rule.version,
        as_of=as_of,
        known_at=known_at,
        missing=tuple(_missing(part) for part in parts if part.state != PartState.ACQUIRED),
    )


def _missing(part: Part) -> Any:
    return training.Missing(text=part.reason, minutes=0, url_name="candidacies", url_args=())


class _Facts:
    """The rows of one adviser, in the order of their keys."""

    def __init__(self, lists: Mapping[str, list[Any]]) -> None:
        self.blocks: list[CompetencyBlock] = lists["blocks"]
        self.candidacies: list[Candidacy] = lists["candidacies"]
        self.sittings: list[Sitting] = lists["sittings"]
        self.decisions: list[JuryDecision] = lists["decisions"]
        self.reports: list[JuryReport] = lists["reports"]
        self.validations = {validation.report_id: validation for validation in lists["validations"]}
        self.results: list[PixResult] = lists["results"]

    def _candidacies(self, code: str) -> tuple[Proof, ...]:
        return tuple(
            _proof("candidacy", "Candidature", candidacy, "E2", detail=candidacy.get_route_display())
            for candidacy in self.candidacies
            if candidacy.block.code == code
        )

    def _title(self, code: str) -> str:
        """As the candidate’s own block says it; else as the block in force does."""
        own = [candidacy.block.title for candidacy in self.candidacies if candidacy.block.code == code]
        known = [block.title for block in self.blocks if block.code == code]
        return own[0] if own else known[-1] if known else code

    def jury(self, code: str) -> JuryFacts:
        """The facts of one block decided by a jury."""
        sittings = tuple(
            (_proof("sitting", "Convocation", s, "E2", detail=f"session {s.exam_session}"), _exam_day(s))
            for s in self.sittings
            if s.candidacy.block.code == code
        )
        decisions = tuple(self._decision(d) for d in self.decisions if d.sitting.candidacy.block.code == code)
        return JuryFacts(code, self._title(code), self._candidacies(code), sittings, decisions)

    def _decision(self, decision: JuryDecision) -> DecisionFact:
        report = next(
            (r for r in sorted(self.reports, key=self._validated_first) if _lists(r, decision)), None
        )
        validation = self.validations.get(report.pk) if report else None
        return DecisionFact(
            outcome=decision.outcome,
            outcome_label=decision.get_outcome_display(),
            rule=decision.rule,
            sitting=str(decision.sitting.public_id),
            proof=_proof("decision", "Décision du jury", decision, "E3", detail=decision.rule),
            report=_proof("report", "Procès-verbal", report, "E3", detail=report.content_hash)
            if report
            else None,
            validation=_proof("validation", "Validation du ministère", validation, "E3")
            if validation
            else None,
        )

    def _validated_first(self, report: JuryReport) -> tuple[bool, int]:
        return report.pk not in self.validations, report.pk

    def pix(self, code: str) -> PixFacts:
        """The facts of Pix."""
        results = tuple(
            (
                result.status,
                result.get_status_display(),
                _proof(
                    "pix", "Résultat officiel Pix", result, "E4", reference=result.certification_number,
                    detail=f"{result.get_origin_display()}, {result.origin_reference}",
                ),
            )
            for result in self.results
        )  # fmt: skip
        return PixFacts(code, self._title(code), self._candidacies(code), results)


def _lists(report: JuryReport, decision: JuryDecision) -> bool:
    """The report froze this very decision, seal included."""
    return report.exam_session_id == decision.sitting.exam_session_id and (
        reported_seals(report).get(str(decision.public_id)) == decision.seal
    )


def _proof(
    kind: str, label: str, row: Any, evidence_class: str, *, reference: str = "", detail: str = ""
) -> Proof:
    return Proof(
        kind=kind,
        label=label,
        reference=reference or str(getattr(row, "public_id", row.pk)),
        seal=row.seal,
        evidence_class=evidence_class,
        valid_on=row.valid_on,
        known_at=row.known_at,
        detail=detail,
    )


def _exam_day(sitting: Sitting) -> date:
    return day_of(sitting.exam_session.opens_at)


def certified_advisers(as_of: date, known_at: datetime | None = None) -> dict[int, date]:
    """Adviser id → the day he became certified, for the whole nation in as many queries as there are parts."""
    rule = certification_rule(as_of, known_at)
    parts = [_acquired_from_jury(code, as_of, known_at) for code in rule.jury_blocks]
    if rule.pix_required:
        parts.append(_acquired_from_pix(as_of, known_at))
    everyone = set.intersection(*(set(part) for part in parts)) if parts else set()
    return {adviser: max(part[adviser] for part in parts) for adviser in sorted(everyone)}


def _believed(prefix: str, known_at: datetime | None) -> Q:
    """FactQuerySet.known() for a related row."""
    if known_at is None:
        return Q(**{f"{prefix}superseded_at": None})
    unreplaced = Q(**{f"{prefix}superseded_at": None}) | Q(**{f"{prefix}superseded_at__gt": known_at})
    return Q(**{f"{prefix}known_at__lte": known_at}) & unreplaced


def _acquired_from_jury(code: str, as_of: date, known_at: datetime | None) -> dict[int, date]:
    report, validation = "sitting__exam_session__reports__", "sitting__exam_session__reports__validation__"
    listed = Q(**{f"{report}known_at__gte": F("known_at"), f"{report}valid_on__lte": as_of}) & (
        Q(superseded_at=None) | Q(superseded_at__gt=F(f"{report}known_at"))
    )
    validated = Q(**{f"{validation}valid_on__lte": as_of}) & _believed(validation, known_at)
    if known_at is not None:
        listed &= Q(**{f"{report}known_at__lte": known_at})
    people = _believed("sitting__", known_at) & _believed("sitting__candidacy__", known_at)
    decisions = JuryDecision.objects.as_of(as_of, known_at).filter(
        people & listed & validated, outcome=Outcome.ACQUIRED, sitting__candidacy__block__code=code
    )
    rows = decisions.values_list("sitting__candidacy__adviser").annotate(on=Min(f"{validation}valid_on"))
    return dict(rows.order_by())


def _acquired_from_pix(as_of: date, known_at: datetime | None) -> dict[int, date]:
    results = PixResult.objects.as_of(as_of, known_at).filter(
        _believed("candidacy__", known_at), status=PixStatus.VALIDATED
    )
    return dict(results.values_list("candidacy__adviser").annotate(on=Min("valid_on")).order_by())
