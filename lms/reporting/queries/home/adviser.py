"""« Où en suis-je ? » : the adviser’s home, for one path at a time."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from certification import api as certification
from certification.models import Credential, CredentialRevocation
from courses import api as courses
from courses.models import Enrolment, SurveyParticipation, User, VersionOffer
from courses.shared.clock import PARIS
from courses.shared.together import Rows, read_together
from lms.reporting.links import CATALOGUE, link

from .coming import banners_of, deadline_of, next_session_of, to_sign
from .page import AdviserHome, Choice, Lack, ModuleLine, Step

SHOWN = 4  # lacks shown at once: a phone’s screen
_BADGES = {"todo": "todo", "in_progress": "in_progress", "done": "passed"}


def adviser_home(user: User, now: datetime, registration: UUID | None = None) -> AdviserHome | None:
    """The path asked for, or the first where something is missing; None when the one asked for is not his."""
    today = now.astimezone(PARIS).date()
    lists = read_together(**_lists(user, now, today))
    status = certification.status_from(lists, as_of=today)
    enrolments = courses.enrolments_from(lists)
    for row in enrolments:
        row.adviser = user.adviser
    outcomes = courses.path_outcomes(enrolments)
    enrolment = _chosen(enrolments, outcomes, status.certified, registration)
    if registration is not None and enrolment is None:
        return None
    outcome = outcomes[enrolment.pk] if enrolment else None
    trained = bool(outcome and outcome.done)
    lacks = _lacks(enrolment, outcome, status)
    own_page = link("enrolment", enrolment.registration) if enrolment else ""
    resume_url = _resume_url(enrolment, outcome) if enrolment and outcome and not trained else ""
    credentials = tuple(_credentials(lists))
    return AdviserHome(
        enrolment=enrolment,
        choices=_choices(enrolments, enrolment),
        steps=_steps(enrolment, trained, status, credentials, own_page),
        done_minutes=outcome.proved_minutes if outcome else 0,
        total_minutes=outcome.required_minutes if outcome else 0,
        modules=tuple(_module_line(standing) for standing in outcome.modules) if outcome else (),
        missing=tuple(lacks[:SHOWN]),
        missing_more=max(0, len(lacks) - SHOWN),
        resume_url=resume_url or own_page,
        resume_label="Reprendre" if resume_url else "Voir mon parcours",
        path_url=own_page,
        deadline=deadline_of(outcome, today),
        next_session=next_session_of(lists["registrations"], today),
        to_sign=tuple(to_sign(mark) for mark in lists["marks"]),
        banners=tuple(banners_of(enrolment, outcome, lists)),
        credentials=credentials,
        status=status,
        catalogue_url=CATALOGUE,
        sessions_url=link("my_sessions"),
        calendar_url=link("my_calendar"),
        certificates_url=link("my_certificates"),
        record_url=link("my_record"),
    )


def _lists(user: User, now: datetime, today: date) -> dict[str, Rows]:
    """Everything of one adviser that a home may say, to be read in one question."""
    adviser = user.adviser
    mine = Enrolment.objects.known().filter(adviser=adviser)
    credentials = Credential.objects.known().filter(adviser=adviser)
    return {
        **certification.status_lists(adviser.pk, as_of=today),
        **courses.enrolment_lists(mine),
        "registrations": Rows(courses.next_registrations(adviser, today), related=("session",)),
        "marks": Rows(courses.marks_to_sign(adviser, now), related=("sheet", "sheet__session")),
        "credentials": Rows(credentials, without=("payload", "signature")),
        "revocations": Rows(CredentialRevocation.objects.filter(credential__in=credentials.values("pk"))),
        "offers": Rows(
            VersionOffer.objects.known().filter(path_version__path__in=mine.order_by().values("path")),
            related=("path_version",),
            without=("structure", "impact"),
        ),
        "participations": Rows(
            SurveyParticipation.objects.known().filter(adviser=adviser), related=("module",)
        ),
    }


Outcomes = Mapping[int, courses.PathOutcome]


def _chosen(
    enrolments: list[Enrolment], outcomes: Outcomes, certified: bool, registration: UUID | None
) -> Enrolment | None:
    """The one asked for; else the first where something is missing, the initial one before others; else the first."""
    if registration is not None:
        return next((row for row in enrolments if row.registration == registration), None)
    ordered = sorted(enrolments, key=lambda row: (row.path.kind != courses.PathKind.INITIAL, -row.pk))
    unfinished = [
        row
        for row in ordered
        if not (certified and row.path.kind == courses.PathKind.INITIAL) and not outcomes[row.pk].done
    ]
    return next(iter([*unfinished, *ordered]), None)


def _choices(enrolments: list[Enrolment], shown: Enrolment | None) -> tuple[Choice, ...]:
    if len(enrolments) < 2:
        return ()
    return tuple(
        Choice(row.path.title, f"{link('home')}?parcours={row.registration}", row is shown)
        for row in enrolments
    )


def _lacks(
    enrolment: Enrolment | None,
    outcome: courses.PathOutcome | None,
    status: certification.CertificationStatus,
) -> list[Lack]:
    """What the decision itself finds missing: in the path, then, once it is done, in the certification."""
    lacks = [Lack(item.text, "", item.url, item.action) for item in outcome.missing] if outcome else []
    if not status.certified and (outcome is None or outcome.done):
        lacks += [
            Lack(item.text, "Certification", item.url, "Voir mes candidatures") for item in status.missing
        ]
    return lacks


def _resume_url(enrolment: Enrolment, outcome: courses.PathOutcome) -> str:
    """The very block left; else the first thing that may be done alone."""
    structure = courses.structure_of(enrolment.version)
    place = courses.bookmark_of(enrolment)
    if place and (found := structure.find(place.activity)):
        standing = outcome.module(found[0].public_id)
        if standing and not standing.done and not standing.locked_by:
            anchor = f"#{place.block}" if place.block else ""
            return f"{link('lesson', enrolment.registration, place.activity)}{anchor}"
    return next((item.url for item in outcome.missing if item.url), "")


def _module_line(standing: courses.ModuleStanding) -> ModuleLine:
    outcome = standing.outcome
    note = standing.locked_by
    if standing.equivalent:
        note = f"Acquis par équivalence\u00a0: «\u00a0{standing.equivalent}\u00a0»"
    elif not standing.asked and not standing.done:
        note = "Facultatif"
    return ModuleLine(
        standing.module.title,
        _BADGES[outcome.state],
        str(courses.ModuleState(outcome.state).label),
        outcome.proved_minutes,
        outcome.required_minutes,
        note,
    )


def _steps(
    enrolment: Enrolment | None,
    trained: bool,
    status: Any,
    credentials: tuple[dict[str, Any], ...],
    own_page: str,
) -> tuple[Step, ...]:
    if trained:
        training = Step("Formation", "done", url=own_page)
    else:
        detail = "" if enrolment else "choisissez un parcours"
        training = Step("Formation", "current" if enrolment else "todo", detail, own_page)
    acquired = sum(part.state == certification.PartState.ACQUIRED for part in status.parts)
    detail = f"{acquired} sur {len(status.parts)} acquis"
    started = status.state != certification.CertificationState.NOT_CANDIDATE
    state = "done" if status.certified else "current" if started or trained else "todo"
    certified = Step("Certification", state, detail, link("candidacies"))
    valid = any(credential["badge"] == "valid" for credential in credentials)
    state = "done" if valid else "current" if status.certified else "todo"
    return training, certified, Step("Attestation", state, url=link("my_credentials"))


def _credentials(lists: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    revoked = {row.credential_id for row in lists["revocations"]}
    return [
        {
            "code": row.code,
            "on": row.valid_on,
            "badge": "revoked" if row.pk in revoked else "valid",
            "verify_url": link("verify_code", row.code),
            "download_url": link("download_credential", row.public_id),
        }
        for row in reversed(lists["credentials"])
    ]
