"""« Où en suis-je ? » : the adviser’s home."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from certification import api as certification
from certification.models import Credential
from courses import api as courses
from courses.models import AttendanceMark, Enrolment, Evidence, SessionRegistration, TrainingSession, User
from courses.shared.clock import PARIS
from courses.shared.durations import spoken
from lms.reporting.links import CATALOGUE, link


@dataclass(frozen=True)
class Step:
    """One step of the stepper."""

    label: str
    state: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class ModuleLine:
    """One module of the path: hours proved, hours asked, and what stands in the way."""

    title: str
    state: str
    state_label: str
    proved_minutes: int
    required_minutes: int


@dataclass(frozen=True)
class Lack:
    """Something missing, the reason, and where it is mended."""

    reason: str
    detail: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class AdviserHome:
    """The whole page. Without an enrolment, the path part is empty and teaches."""

    enrolment: Enrolment | None
    steps: tuple[Step, ...]
    done_minutes: int
    total_minutes: int
    modules: tuple[ModuleLine, ...]
    missing: tuple[Lack, ...]
    missing_more: int
    resume_url: str
    resume_label: str
    next_session: TrainingSession | None
    to_sign: tuple[Lack, ...]
    credentials: tuple[dict[str, Any], ...]
    status: Any
    catalogue_url: str
    sessions_url: str
    certificates_url: str


_BADGES = {"todo": "todo", "in_progress": "in_progress", "done": "passed"}
_SHOWN = 4  # lacks shown at once: a phone’s screen


def adviser_home(user: User, now: datetime) -> AdviserHome:
    """The latest enrolment in progress, the certification, and what is missing in both."""
    adviser, today = user.adviser, now.astimezone(PARIS).date()
    status = certification.certification_status(adviser, as_of=today)
    enrolment, outcomes = _current_path(adviser.pk, status.certified)
    credentials = list(
        Credential.objects.known().filter(adviser=adviser).select_related("revocation").order_by("-known_at")
    )
    lacks = [Lack(item.text, title, item.url, item.action) for title, o in outcomes for item in o.missing]
    trained = bool(outcomes) and not lacks
    if not status.certified and (trained or not outcomes):
        lacks += [
            Lack(item.text, "Certification", item.url, "Voir mes candidatures") for item in status.missing
        ]
    resume = next((lack for lack in lacks if lack.url), None)
    own_page = link("enrolment", enrolment.registration) if enrolment else ""
    return AdviserHome(
        enrolment=enrolment,
        steps=_steps(enrolment, trained, status, credentials, own_page),
        done_minutes=sum(min(o.proved_minutes, o.required_minutes) for _, o in outcomes),
        total_minutes=sum(o.required_minutes for _, o in outcomes),
        modules=tuple(
            ModuleLine(
                title,
                _BADGES[o.state],
                str(courses.ModuleState(o.state).label),
                o.proved_minutes,
                o.required_minutes,
            )
            for title, o in outcomes
        ),
        missing=tuple(lacks[:_SHOWN]),
        missing_more=max(0, len(lacks) - _SHOWN),
        resume_url=(resume.url if resume and outcomes and not trained else "") or own_page,
        resume_label="Reprendre" if outcomes and not trained else "Revoir mon parcours",
        next_session=_next_session(adviser.pk, now),
        to_sign=_to_sign(adviser.pk, today),
        credentials=tuple(_credential(row) for row in credentials),
        status=status,
        catalogue_url=CATALOGUE,
        sessions_url=link("my_sessions"),
        certificates_url=link("my_certificates"),
    )


Outcomes = list[tuple[str, Any]]


def _current_path(adviser_id: int, certified: bool) -> tuple[Enrolment | None, Outcomes]:
    """The first path where something is missing, the initial one before others; else the first of all."""
    rows = (
        Enrolment.objects.known()
        .filter(adviser=adviser_id)
        .select_related("path__organisation", "path_version")
    )
    enrolments = sorted(rows, key=lambda row: (row.path.kind != courses.PathKind.INITIAL, -row.pk))
    proofs: dict[tuple[int, UUID], list[Evidence]] = defaultdict(list)
    known = Evidence.objects.known().filter(enrolment__in=enrolments)
    for row in known.select_related("activity", "module"):
        proofs[row.enrolment_id, row.module.public_id].append(row)
    paths = [(enrolment, _outcomes(enrolment, proofs)) for enrolment in enrolments]
    unfinished = [
        (enrolment, outcomes)
        for enrolment, outcomes in paths
        if not (certified and enrolment.path.kind == courses.PathKind.INITIAL)
        and any(outcome.missing for _, outcome in outcomes)
    ]
    return next(iter([*unfinished, *paths]), (None, []))


def _outcomes(enrolment: Enrolment, proofs: dict[tuple[int, UUID], list[Evidence]]) -> Outcomes:
    """Each module of the path with where its proofs stand, by the pure rule of pathways."""
    return [
        (
            module.title,
            courses.module_outcome_from(
                courses.evidence_values(proofs[enrolment.pk, module.public_id]),
                module,
                enrolment.registration,
            ),
        )
        for module in courses.structure_of(enrolment.path_version).modules
    ]


def _steps(
    enrolment: Enrolment | None, trained: bool, status: Any, credentials: list[Credential], own_page: str
) -> tuple[Step, ...]:
    valid = any(not hasattr(row, "revocation") for row in credentials)
    if trained:
        training = Step("Formation", "done", url=own_page)
    else:
        detail = enrolment.path.title if enrolment else "choisissez un parcours"
        training = Step("Formation", "current" if enrolment else "todo", detail, own_page)
    acquired = sum(part.state == certification.PartState.ACQUIRED for part in status.parts)
    detail = f"{acquired} sur {len(status.parts)} acquis"
    started = status.state != certification.CertificationState.NOT_CANDIDATE
    state = "done" if status.certified else "current" if started or trained else "todo"
    certified = Step("Certification", state, detail, link("candidacies"))
    state = "done" if valid else "current" if status.certified else "todo"
    return training, certified, Step("Attestation", state, url=link("my_credentials"))


def _next_session(adviser_id: int, now: datetime) -> TrainingSession | None:
    registration = (
        SessionRegistration.objects.known()
        .filter(enrolment__adviser=adviser_id, session__end__gte=now.astimezone(PARIS).date())
        .select_related("session")
        .order_by("session__start")
        .first()
    )
    return registration.session if registration else None


def _to_sign(adviser_id: int, today: Any) -> tuple[Lack, ...]:
    """Open sheets where the learner has not signed yet."""
    marks = (
        AttendanceMark.objects.filter(
            adviser=adviser_id, sheet__state="open", presence="expected", day__lte=today
        )
        .filter(signatures=None)
        .select_related("sheet__session")
        .order_by("day")
    )
    return tuple(
        Lack(
            f"Émargement à signer : {mark.sheet.session.title}",
            f"{mark.day:%d/%m/%Y}, {mark.get_half_day_display()}, {spoken(mark.sheet.minutes)}",
            link("sign_sheet", mark.sheet.public_id),
            "Signer",
        )
        for mark in marks
    )


def _credential(row: Credential) -> dict[str, Any]:
    revoked = hasattr(row, "revocation")
    return {
        "code": row.code,
        "on": row.valid_on,
        "badge": "revoked" if revoked else "valid",
        "verify_url": link("verify_code", row.code),
        "download_url": link("download_credential", row.public_id),
    }
