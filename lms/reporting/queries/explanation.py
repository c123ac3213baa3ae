"""What the commands say of one person: status, proofs, and what is missing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from certification import api as certification
from courses import api as courses
from courses.models import Adviser, Enrolment


def find_adviser(reference: str) -> Adviser | None:
    """By number, by the opaque id of the account, or by login."""
    rows = Adviser.objects.select_related("user")
    if reference.isdigit():
        return rows.filter(number=int(reference)).first()
    try:
        return rows.filter(user__public_id=UUID(reference)).first()
    except ValueError:
        return rows.filter(user__username=reference).first()


def status_report(adviser: Adviser, *, as_of: date, known_at: datetime | None) -> dict[str, Any]:
    """Status, the rule, and every row it rests on."""
    status = certification.certification_status(adviser, as_of=as_of, known_at=known_at)
    return {
        "adviser": adviser.number,
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "state": str(status.state),
        "label": status.label,
        "certified": status.certified,
        "since": status.since.isoformat() if status.since else None,
        "rule": {"code": status.rule, "version": status.rule_version},
        "parts": [_part(part) for part in status.parts],
        "missing": [missing.text for missing in status.missing],
    }


def _part(part: certification.Part) -> dict[str, Any]:
    return {
        "code": part.code,
        "title": part.title,
        "state": str(part.state),
        "label": part.label,
        "reason": part.reason,
        "on": part.on.isoformat() if part.on else None,
        "evidence": [
            {
                "kind": proof.kind,
                "label": proof.label,
                "reference": proof.reference,
                "class": proof.evidence_class,
                "valid_on": proof.valid_on.isoformat(),
                "known_at": proof.known_at.isoformat(),
                "seal": proof.seal,
                "detail": proof.detail,
            }
            for proof in part.evidence
        ],
    }


def explanation(adviser: Adviser, *, today: date) -> dict[str, Any]:
    """What stands between this person and the qualification: in training, then in certification."""
    status = certification.certification_status(adviser, as_of=today)
    enrolments = (
        Enrolment.objects.known()
        .filter(adviser=adviser)
        .select_related("path__organisation")
        .with_versions()
        .order_by("pk")
    )
    return {
        "adviser": adviser.number,
        "state": str(status.state),
        "label": status.label,
        "certified": status.certified,
        "rule": {"code": status.rule, "version": status.rule_version},
        "training": [_training(enrolment) for enrolment in enrolments],
        "certification": [
            {"code": part.code, "state": str(part.state), "label": part.label, "reason": part.reason}
            for part in status.parts
        ],
        "missing": [] if status.certified else [missing.text for missing in status.missing],
    }


def _training(enrolment: Enrolment) -> dict[str, Any]:
    standing = courses.path_outcome(enrolment)
    modules = [
        {
            "module": one.module.title,
            "state": one.outcome.state,
            "asked": one.asked,
            "proved_minutes": one.outcome.proved_minutes,
            "required_minutes": one.outcome.required_minutes,
            # What is left in a module that is not asked stands in nobody’s way.
            "missing": [
                {"reason": lack.text, "minutes": lack.minutes} for lack in (one.missing if one.asked else ())
            ],
        }
        for one in standing.modules
    ]
    return {
        "path": enrolment.path.title,
        "version": enrolment.version.number,
        "organisation": enrolment.path.organisation.name,
        "registration": str(enrolment.registration),
        "done": standing.done,
        "missing": [lack.text for lack in standing.missing],
        "modules": modules,
    }
