"""The record, read once: paths and modules, hours, credentials, certificates, rights, accommodations, events."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from certification import api as certification
from certification.models import (
    CompletionCertificate,
    Credential,
    CredentialRevocation,
    FundingRight,
)
from courses import api as courses
from courses.models import Accommodation, Adviser, Enrolment, Evidence, VersionAdoption
from courses.shared import clock
from courses.shared.together import Rows, read_together
from lms.reporting.links import link
from lms.reporting.rules import Moment

from .hours import hours_by_year
from .lines import CertificateLine, CredentialLine, ModuleLine, PathLine, Record
from .rights import right_lines, year_rights
from .timeline import events_of

_BADGES = {"todo": "todo", "in_progress": "in_progress", "done": "passed"}


def record_of(adviser: Adviser, moment: Moment) -> Record:
    """As of `moment.as_of`, as known at `moment.known_at` (now when None)."""
    day, known_at = moment.as_of, moment.known_at
    past = known_at is not None or day != clock.today()
    lists = read_together(**_lists(adviser, day, known_at))
    enrolments = courses.enrolments_from(lists)
    outcomes = courses.path_outcomes(enrolments, as_of=day, known_at=known_at)
    lists["adoptions"] = [row for row in lists["adoptions"] if _believed(row, day, known_at)]
    rights = lists["rights"]
    traces = list(
        Evidence.objects.as_of(day, known_at)
        .filter(enrolment__in=enrolments)
        .select_related("activity", "module", "statement__activity")
        .defer("statement__received")
        .order_by("valid_on", "pk")
    )
    return Record(
        adviser=adviser,
        as_of=day,
        known_at=known_at or _last_known(traces, lists),
        status=certification.status_from(lists, as_of=day, known_at=known_at),
        years=hours_by_year(traces),
        paths=tuple(_path_line(row, outcomes[row.pk], day) for row in enrolments),
        credentials=tuple(_credential_line(row, lists["revocations"]) for row in lists["credentials"]),
        certificates=tuple(_certificate_line(row) for row in lists["certificates"]),
        rights=right_lines(rights),
        # What would be decided is a question of today: of a past day, the rights then given answer.
        year_rights=None if past else year_rights(adviser, rights, day),
        past=past,
        accommodations=tuple(sorted(lists["accommodations"], key=lambda row: (row.start, row.pk))),
        events=events_of(adviser, lists, traces),
    )


def _lists(adviser: Adviser, day: date, known_at: datetime | None) -> dict[str, Rows]:
    credentials = Credential.objects.as_of(day, known_at).filter(adviser=adviser)
    accommodations = Accommodation.objects.known(known_at).filter(adviser=adviser, start__lte=day)
    return {
        **certification.status_lists(adviser.pk, as_of=day, known_at=known_at),
        **courses.enrolment_lists(Enrolment.objects.as_of(day, known_at).filter(adviser=adviser)),
        "certificates": Rows(
            CompletionCertificate.objects.as_of(day, known_at).filter(enrolment__adviser=adviser),
            related=("module",),
            without=("context",),
        ),
        "credentials": Rows(credentials, without=("payload", "signature")),
        "revocations": Rows(
            CredentialRevocation.objects.as_of(day, known_at).filter(credential__in=credentials.values("pk"))
        ),
        "rights": Rows(
            FundingRight.objects.as_of(day, known_at).filter(adviser=adviser),
            related=("rule_set", "enrolment", "enrolment__path"),
            without=("inputs", "content"),
        ),
        "accommodations": Rows(accommodations.filter(Q(end=None) | Q(end__gte=day))),
    }


def _believed(row: VersionAdoption, day: date, known_at: datetime | None) -> bool:
    if known_at is None:
        return row.superseded_at is None and row.valid_on <= day
    kept = row.superseded_at is None or row.superseded_at > known_at
    return kept and row.known_at <= known_at and row.valid_on <= day


def _last_known(traces: Iterable[Evidence], lists: dict[str, list[Any]]) -> datetime | None:
    """The instant of the last fact that the record holds."""
    facts = [row for name, rows in lists.items() if name not in {"rule_sets", "blocks"} for row in rows]
    return max((row.known_at for row in [*facts, *traces]), default=None)


def _path_line(enrolment: Enrolment, outcome: courses.PathOutcome, day: date) -> PathLine:
    held = [version for version, until in enrolment.held if until is None or until > day]
    return PathLine(
        registration=str(enrolment.registration),
        public_id=str(enrolment.path.public_id),
        title=enrolment.path.title,
        kind=str(enrolment.path.get_kind_display()),
        organisation=enrolment.path.organisation.name,
        version=held[0].number,
        enrolled_on=enrolment.valid_on,
        done=outcome.done,
        completed_on=outcome.completed_on,
        proved_minutes=outcome.proved_minutes,
        required_minutes=outcome.required_minutes,
        url=link("enrolment", enrolment.registration),
        modules=tuple(_module_line(standing) for standing in outcome.modules),
    )


def _module_line(standing: courses.ModuleStanding) -> ModuleLine:
    outcome = standing.outcome
    return ModuleLine(
        public_id=str(standing.module.public_id),
        title=standing.module.title,
        state=outcome.state,
        badge=_BADGES[outcome.state],
        state_label=str(courses.ModuleState(outcome.state).label),
        proved_minutes=outcome.proved_minutes,
        required_minutes=outcome.required_minutes,
        completed_on=outcome.completed_on,
        equivalent=standing.equivalent,
    )


def _credential_line(row: Credential, revocations: list[CredentialRevocation]) -> CredentialLine:
    revoked = next((one.valid_on for one in revocations if one.credential_id == row.pk), None)
    return CredentialLine(
        code=row.code,
        issued_on=row.valid_on,
        revoked_on=revoked,
        verify_url=f"{settings.LMS_PUBLIC_URL}{link('verify_code', row.code)}",
        download_url=link("download_credential", row.public_id),
    )


def _certificate_line(row: CompletionCertificate) -> CertificateLine:
    return CertificateLine(
        number=row.number,
        module=row.module.title,
        minutes=row.minutes,
        issued_on=row.valid_on,
        url=link("certificate", row.public_id),
    )
