"""Loading the rules; deciding the right and enrolling, in one act."""

import json
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from certification.qualifications.errors import ReferenceDataError
from courses import api as courses
from courses.models import Adviser, Enrolment, PathVersion, User
from courses.shared import canonical
from courses.shared.clock import PARIS

from .enums import RightKind
from .errors import AlreadyEnrolledError, NotFundedError
from .models import FundingRight, RuleSet
from .queries import decision_for

FILE = Path(__file__).parent / "data" / "programme.json"


@transaction.atomic
def load_rules(path: Path = FILE) -> int:
    """Create the versions that the file adds; a loaded version never changes. Returns how many the file holds."""
    given = json.loads(path.read_text(encoding="utf-8"))
    for entry in given["versions"]:
        content = canonical.dumps(entry["content"])
        known = RuleSet.objects.filter(code=given["code"], version=entry["version"]).first()
        if known is None:
            RuleSet.objects.create(
                code=given["code"],
                version=entry["version"],
                content=content,
                start=date.fromisoformat(entry["start"]),
                end=date.fromisoformat(entry["end"]) if entry["end"] else None,
                known_at=datetime.fromisoformat(entry["known_at"]),
            )
        elif known.content != content:
            raise ReferenceDataError(
                f"Rules {given['code']} v{entry['version']} are loaded already: write the next version."
            )
    return len(given["versions"])


@transaction.atomic
def enrol_adviser(
    *,
    adviser: Adviser,
    path_version: PathVersion,
    source: str,
    actor: User,
    at: datetime,
    keep_unfunded: bool = False,
) -> Enrolment:
    """Decide the right by the rules in force, then enrol; without the right, only if someone chose to go unfunded."""
    adviser = Adviser.objects.select_for_update(of=("self",), no_key=True).get(pk=adviser.pk)
    day = at.astimezone(PARIS).date()
    _refuse_twice(adviser, path_version)
    found, inputs, decision = decision_for(adviser, path_version, day)
    if not decision.granted and not keep_unfunded:
        raise NotFundedError(decision.reasons)
    enrolment: Enrolment = courses.enrol(
        adviser=adviser, path_version=path_version, source=source, actor=actor, at=at
    )
    initial = path_version.path.kind == courses.PathKind.INITIAL
    right = FundingRight.objects.create(
        adviser=adviser,
        enrolment=enrolment,
        kind=RightKind.INITIAL_PATH if initial else RightKind.MODULE,
        year=decision.year,
        granted=decision.granted,
        ceiling_minutes=decision.ceiling_minutes,
        rule_set=found.rule_set,
        rule=decision.rule,
        reasons="\n".join(decision.reasons),
        inputs=canonical.dumps(inputs.as_json()),
        valid_on=day,
        known_at=at,
    )
    courses.audit.record(
        "programme.right.decide",
        actor=actor,
        target=right,
        at=at,
        after={
            "enrolment": enrolment.pk,
            "granted": decision.granted,
            "rule": decision.rule,
            "rule_version": found.rule_set.version,
            "ceiling_minutes": decision.ceiling_minutes,
        },
    )
    return enrolment


def _refuse_twice(adviser: Adviser, path_version: PathVersion) -> None:
    existing = (
        Enrolment.objects.known()
        .filter(adviser=adviser, path=path_version.path)
        .select_related("path", "path_version")
        .first()
    )
    if existing is not None:
        raise AlreadyEnrolledError(
            f"L’inscription au parcours «\u00a0{existing.path.title}\u00a0» existe déjà "
            f"depuis le {existing.valid_on:%d/%m/%Y} (version {existing.path_version.number})."
        )
